/** A client of one API: tries, each in its turn, until one is answered or there is no time for another. */
import type { Upstream, UpstreamOptions, UpstreamRetries } from '../ports/upstream.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { type Prepared, reading, secretsIn, tryOnce } from './attempt.ts';
import { faultOf, UpstreamFault } from './fault.ts';
import { gateOf } from './gate.ts';
import type { ClientParts } from './parts.ts';
import { withRetries } from './retries.ts';
import { targetOf } from './target.ts';
import { toldAs } from './told.ts';
import { withCredential } from './with-credential.ts';

export const createClient = (parts: ClientParts): Upstream => withCredential(createPlainClient(parts));

const never: UpstreamRetries = { throttled: 0, failed: 0 };

const retriesIn = ({ retries = 2 }: UpstreamOptions): UpstreamRetries =>
  typeof retries === 'number' ? { throttled: retries, failed: retries } : retries;

const createPlainClient = (parts: ClientParts): Upstream => {
  const { service, base, options, clock: time } = parts;
  const gate = gateOf(parts);
  const retries = retriesIn(options);
  const mostMs = options.timeouts?.call ?? 30_000;
  return {
    call: async (call) => {
      const url = targetOf(base, call);
      const withinMs = Math.min(call.withinMs ?? mostMs, mostMs);
      const clock = AbortSignal.timeout(withinMs);
      const signal = AbortSignal.any([call.signal, clock]);
      const prepared: Prepared = { url, call, secrets: secretsIn(call), clock };
      let tried = false;
      const attempt = (nth: number) =>
        gate(() => {
          tried = true;
          return tryOnce(prepared, nth, parts);
        }, signal);
      const retrying = {
        ...time,
        retries: reading(call) ? retries : never,
        deadline: time.now() + withinMs,
        signal,
      };
      try {
        return await unlessAborted(withRetries(attempt, retrying), signal);
      } catch (error) {
        const fault = faultOf(error, { caller: call.signal, clock });
        // What ended while it waited for its first turn was not sent.
        throw toldAs(service, tried ? fault : new UpstreamFault({ ...fault.parts, sent: 'no' }));
      }
    },
  };
};
