/** Starts calls no faster than an API takes them from one account in one region. */
import type { Place } from './place.ts';
import { wait } from './wait.ts';

/** How often an API may be called. */
export interface Rate {
  readonly perSecond: number;
  /** Calls that may begin at once after a pause. */
  readonly burst: number;
}

/** TagResources and UntagResources. More are answered with ThrottlingException. */
const tagWrites: Rate = { perSecond: 5, burst: 5 };

/** Resolves when the next call of this place may begin, or its call is cancelled. */
export type Pace = (place: Pick<Place, 'accountId' | 'region' | 'signal'>) => Promise<void>;

export const createPace = (
  now: () => number = Date.now,
  sleep: typeof wait = wait,
  { perSecond, burst }: Rate = tagWrites,
): Pace => {
  const spacing = 1000 / perSecond;
  /** When the last call that was let begin would have begun, had there been no bursts. Epoch milliseconds. */
  const last = new Map<string, number>();
  return async ({ accountId, region, signal }) => {
    const key = `${accountId} ${region}`;
    const at = Math.max(now() - burst * spacing, last.get(key) ?? Number.NEGATIVE_INFINITY) + spacing;
    last.set(key, at);
    const milliseconds = at - now();
    if (milliseconds > 0) await sleep(milliseconds, signal);
  };
};
