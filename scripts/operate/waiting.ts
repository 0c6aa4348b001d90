/** Waits for what AWS does in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Waiting {
  readonly everyMs: number;
  readonly patienceMs: number;
}

/** Looks until it is so. False when the patience is at its end. */
export const untilTrue = async (isSo: () => Promise<boolean>, { everyMs, patienceMs }: Waiting): Promise<boolean> => {
  for (const end = Date.now() + patienceMs; ; await sleep(everyMs)) {
    if (await isSo()) return true;
    if (Date.now() + everyMs > end) return false;
  }
};
