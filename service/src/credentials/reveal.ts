/** From an opaque credential to what a request carries: for the upstream client, and nobody else. */
import type { UpstreamCredential } from '../ports/credentials.ts';

/** What stands behind a credential. */
export interface UpstreamTokenSource {
  /** @throws credentials_required, upstream_error, or an Error once the call is over that it was given to */
  token(): Promise<string>;
  /** The upstream refused this token. @throws credentials_required where there is no other */
  refused(token: string): Promise<void>;
}

const sources = new WeakMap<UpstreamCredential, UpstreamTokenSource>();

export const credentialOf = (shown: UpstreamCredential, source: UpstreamTokenSource): UpstreamCredential => {
  const credential = Object.freeze({ ...shown });
  sources.set(credential, source);
  return credential;
};

const sourceOf = (credential: UpstreamCredential): UpstreamTokenSource => {
  const source = sources.get(credential);
  if (source === undefined) throw new Error('this is not a credential that the service gave to the call');
  return source;
};

/** The value of the Authorization header for one request. @throws what UpstreamTokenSource.token throws */
export const authorizationOf = async (credential: UpstreamCredential): Promise<string> =>
  `Bearer ${await sourceOf(credential).token()}`;

/**
 * To be called when the upstream answered 401 to that header. Resolves where another try with a new `authorizationOf` makes sense.
 * @throws credentials_required where it does not: the token came with the request, or the connection has ended
 */
export const credentialRefused = (credential: UpstreamCredential, authorization: string): Promise<void> =>
  sourceOf(credential).refused(authorization.replace(/^Bearer /, ''));
