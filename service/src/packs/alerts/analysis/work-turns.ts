/** Work that takes a processor for seconds lets others have their turn, and ends soon after its call did. */
import { setImmediate } from 'node:timers/promises';

/** Rows that are worked on between two turns of others. */
export const ROWS_PER_TURN = 50_000;

/**
 * @example
 * for (let row = 0; row < size; row += 1) {
 *   if (turns.due()) await turns.pass();
 *   count(row);
 * }
 */
export class WorkTurns {
  #left = ROWS_PER_TURN;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether, with so many rows more, it is time to pass. */
  due(rows = 1): boolean {
    this.#left -= rows;
    return this.#left <= 0;
  }

  /** @throws the signal's reason, once the call has ended */
  async pass(): Promise<void> {
    this.#left = ROWS_PER_TURN;
    await setImmediate();
    this.#signal.throwIfAborted();
  }
}
