/** Starts sends to one address no faster than its receiver takes them. */
import { LRUCache } from 'lru-cache';

/** How long one waits here; whoever would wait longer is sent again later. */
const MOST_WAIT_MS = 3_000;
const KEPT = 1_000;

/** Resolves when a send may begin; to the seconds after which to try again, where that is not soon. */
export type SendPace = (address: string, signal: AbortSignal) => Promise<number | undefined>;

export interface PaceClock {
  /** Milliseconds on any clock. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const everySecond = ({ now, sleep }: PaceClock): SendPace => {
  /** When the next send of an address may begin. */
  const free = new LRUCache<string, number>({ max: KEPT });
  return async (address, signal) => {
    const present = now();
    const at = Math.max(present, free.get(address) ?? 0);
    const wait = at - present;
    if (wait > MOST_WAIT_MS) return Math.ceil(wait / 1000);
    free.set(address, at + 1000);
    if (wait === 0) return undefined;
    return sleep(wait, signal).then(
      () => undefined,
      () => 1,
    );
  };
};
