/** The way out of the pipeline: what people are told of a move is written in its own transaction. */
import type { Together } from '../audit/port.ts';
import type { Operation, Status } from './operation.ts';

export interface Outbox {
  /**
   * The writes that have people told, for the transaction of the move: there if and only if it is.
   * @param from status before; undefined for an operation that was just asked for
   */
  of(from: Status | undefined, operation: Operation): Together;
  /** Has them told soon. Called when the transaction holds. */
  wake(): void;
}
