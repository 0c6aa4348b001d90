/**
 * The port to people's own credentials at an upstream. A tool gets nothing it could read, print or keep: it hands the
 * credential to the upstream client, which alone can turn it into a header (credentials/reveal.ts), while the call runs.
 */
import type { CallContext } from '../call.ts';

/** Stands for one person's credential at one provider, for as long as the call runs that it was given to. */
export interface UpstreamCredential {
  /** The provider's name in the pack's contract. */
  readonly provider: string;
  /** Stands for person and account in keys of caches: two people never have the same, and it tells nothing of either. */
  readonly holder: string;
}

/**
 * @example
 * const run = async (input, context) => {
 *   const credential = await credentials.of('google', context);
 *   const answer = await upstream.get('/v3/sites', { credential, signal: context.signal });
 *   return { sites: Sites.parse(answer.body) };
 * };
 */
export interface Credentials {
  /**
   * The credential of the person for whom this call runs: the caller of a query or a plan; of an apply the person who asked for
   * the change, whoever approved it. Only for a tool whose contract names the provider.
   * @param context of `run`, `plan`, `read` or `apply`
   * @throws credentials_required, whose message says what the person has to do: send the header, connect an account, or connect
   * it again
   */
  of(provider: string, context: Pick<CallContext, 'authority'>): Promise<UpstreamCredential>;
}
