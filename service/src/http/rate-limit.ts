/** How often one person through one client may call, counted where all tasks see it. */
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import { CountersignError } from '../errors.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';

const windowSeconds = 60;

export interface RateLimitParts {
  readonly ephemeral: Ephemeral;
  /** Requests per minute of one person through one client. */
  readonly perMinute: number;
}

/** Counts one request and tells the client where it stands. @throws CountersignError rate_limited */
export type RateLimit = (caller: Pick<Caller, 'personId' | 'clientId'>, reply: FastifyReply) => Promise<void>;

/** Call it once a request, as soon as its caller is known. */
export const openRateLimit = ({ ephemeral, perMinute }: RateLimitParts): RateLimit => {
  // draft-ietf-httpapi-ratelimit-headers-10: q quota, w window; r remaining, t seconds until it resets.
  const policy = `"caller";q=${perMinute};w=${windowSeconds}`;
  return async ({ personId, clientId }, reply) => {
    const key = `rate:${JSON.stringify([personId, clientId])}`;
    const { count, resetSeconds } = await ephemeral.count(key, windowSeconds);
    const seconds = Math.max(1, Math.ceil(resetSeconds));
    reply.header('ratelimit-policy', policy);
    reply.header('ratelimit', `"caller";r=${Math.max(0, perMinute - count)};t=${seconds}`);
    if (count <= perMinute) return;
    reply.header('retry-after', seconds);
    throw new CountersignError('rate_limited', `Over ${perMinute} requests a minute: wait ${seconds} s.`, {
      details: { limit: perMinute, window_seconds: windowSeconds, retry_after_seconds: seconds },
    });
  };
};
