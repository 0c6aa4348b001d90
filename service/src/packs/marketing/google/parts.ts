/** What a client of one of Google's APIs is made of. */

import { googleHosts } from '../../../../../contracts/packs/marketing.ts';
import type { CallContext } from '../../../call.ts';
import type { UpstreamCredential } from '../../../ports/credentials.ts';
import type { Upstream, UpstreamOptions, Upstreams } from '../../../ports/upstream.ts';
import { judgeGoogle } from './refusal.ts';

/** What a call of a tool brings: its end, and whose credential it may use. */
export type GoogleContext = Pick<CallContext, 'authority' | 'signal'>;

export interface GoogleParts {
  /** The client of one API, on its own host or where GOOGLE_URL or the sandbox is. */
  open(api: keyof typeof googleHosts, options?: Omit<UpstreamOptions, 'name' | 'base'>): Upstream;
  /** Of the person for whom the call runs. Undefined in the sandbox, which asks for none. */
  credential(context: GoogleContext): Promise<UpstreamCredential | undefined>;
}

/**
 * @param sandbox where the stand-in of this process listens
 * @param credential as GoogleParts
 */
export const googleParts = (
  upstream: Upstreams,
  sandbox: string | undefined,
  credential: GoogleParts['credential'],
): GoogleParts => ({
  credential,
  open: (api, options = {}) =>
    upstream.open({
      judge: judgeGoogle,
      retries: 3,
      // Google's limits are per person and property: calls of one that is throttled must not stop the others so soon.
      breaker: { failures: 20, openMs: 30_000 },
      ...options,
      name: api,
      base: { variable: 'GOOGLE_URL', otherwise: sandbox ?? `https://${googleHosts[api]}` },
    }),
});
