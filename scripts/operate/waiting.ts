/** Waits for what AWS does in its own time. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Waiting {
  readonly everyMs: number;
  readonly patienceMs: number;
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Looks until it is so. False when the patience is at its end. @throws the signal's reason */
export const untilTrue = async (
  isSo: () => Promise<boolean>,
  { everyMs, patienceMs, signal }: Waiting,
): Promise<boolean> => {
  const pause = async (): Promise<void> => {
    await sleep(everyMs, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted());
  };
  for (const end = Date.now() + patienceMs; ; await pause()) {
    signal?.throwIfAborted();
    if (await isSo()) return true;
    if (Date.now() + everyMs > end) return false;
  }
};
