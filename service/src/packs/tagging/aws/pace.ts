/** Starts writes no faster than the tagging API takes them from one account in one region. */
import type { Place } from './place.ts';
import { wait } from './wait.ts';

/** Calls of TagResources and UntagResources a second. More are answered with ThrottlingException. */
const PER_SECOND = 5;
/** Calls that may begin at once after a pause. */
const BURST = 5;

/** Resolves when the next write of this place may begin, or its call is cancelled. */
export type Pace = (place: Pick<Place, 'accountId' | 'region' | 'signal'>) => Promise<void>;

export const createPace = (now: () => number = Date.now, sleep: typeof wait = wait): Pace => {
  const spacing = 1000 / PER_SECOND;
  /** When the last write that was let begin would have begun, had there been no bursts. Epoch milliseconds. */
  const last = new Map<string, number>();
  return async ({ accountId, region, signal }) => {
    const key = `${accountId} ${region}`;
    const at = Math.max(now() - BURST * spacing, last.get(key) ?? Number.NEGATIVE_INFINITY) + spacing;
    last.set(key, at);
    const milliseconds = at - now();
    if (milliseconds > 0) await sleep(milliseconds, signal);
  };
};
