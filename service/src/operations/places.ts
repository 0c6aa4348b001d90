/** Places among what waits for an answer, which are counted by person. */
import type { Logger } from 'pino';
import { isWaiting, type Operation } from './operation.ts';
import type { OperationStore } from './store.ts';

/** One reservation of a person after another in this task. */
export type Turns = Map<string, Promise<unknown>>;

interface Parts {
  readonly store: OperationStore;
  readonly log: Logger;
}

/** Gives the place back, or takes it again. A failure is logged only: places end with their operation's time. */
export const followWaiting = async ({ store, log }: Parts, from: Operation, to: Operation): Promise<void> => {
  if (isWaiting(from.status) === isWaiting(to.status)) return;
  try {
    await (isWaiting(to.status) ? store.placeWaiting(to) : store.dropWaiting(to));
  } catch (error) {
    log.warn({ err: error, operationId: to.operationId }, 'place among waiting operations not updated');
  }
};
