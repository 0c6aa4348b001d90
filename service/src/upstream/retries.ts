/**
 * Tries a read again while its API is not well. Not cockatiel's retry: its waits do not end with the call's signal. Not undici's:
 * it cannot judge a body, and goes on in the middle of one (Range). See docs/adr/0052-calls-of-upstreams.md.
 */
import { ExponentialBackoff } from 'cockatiel';
import type { UpstreamRetries } from '../ports/upstream.ts';
import { UpstreamFault } from './fault.ts';

/** Milliseconds; of an API that asks for a longer wait, the failure is told at once. */
const MOST_WAIT_MS = 60_000;

export interface RetryParts {
  readonly retries: UpstreamRetries;
  /** When the call has to be over, on the clock of `now`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Milliseconds on any clock. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Waits of about 1, 2 and 4 s, with jitter, where the API says none. */
const backoffs = new ExponentialBackoff({ initialDelay: 1000, maxDelay: 10_000 });

const kindOf = ({ parts }: UpstreamFault) => (parts.outcome === 'throttled' ? 'throttled' : 'failed');

export const withRetries = async <T>(
  attempt: (nth: number) => Promise<T>,
  { retries, deadline, signal, now, sleep }: RetryParts,
): Promise<T> => {
  let backoff = backoffs.next();
  const left = { ...retries };
  for (let nth = 0; ; nth += 1) {
    try {
      return await attempt(nth);
    } catch (error) {
      if (!(error instanceof UpstreamFault) || error.parts.unwell !== true) throw error;
      left[kindOf(error)] -= 1;
      if (left[kindOf(error)] < 0) throw error;
      const { retryAfterSeconds: asked } = error.parts;
      // Half a second of jitter, because others were told the same.
      const wait = asked === undefined ? backoff.duration : asked * 1000 + Math.random() * 500;
      if (wait > MOST_WAIT_MS || now() + wait >= deadline) throw error;
      backoff = backoff.next(undefined);
      await sleep(wait, signal);
    }
  }
};
