/** When people are asked: at every authorization, for the sign-in and the consent are this service's own to judge. */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { isFor, type WebSession } from '../web-sessions.ts';
import { isElevated } from './scopes.ts';

const { Check, base } = interactionPolicy;

/** The browser's own session says who is there, so the authorization server's session alone never does. */
export const signedInHere = new Check(
  'signed_in_here',
  'the person is asked at each authorization',
  'login_required',
  (ctx: KoaContextWithOIDC) => !ctx.oidc.result?.login,
);

/** RFC 9700 and MCP's confused deputy: consent per client and authorization, never remembered. */
export const consentedHere = new Check(
  'consented_here',
  'the person consents at each authorization',
  'consent_required',
  (ctx: KoaContextWithOIDC) => !ctx.oidc.result?.consent,
);

export const interactions = () => {
  const policy = base();
  policy.get('login')?.checks.add(signedInHere);
  policy.get('consent')?.checks.add(consentedHere);
  return policy;
};

interface Authorization {
  readonly params: { readonly [name: string]: unknown };
  /** The path of its interaction: what a person signs in for. */
  readonly path: string;
}

/**
 * Whether a sign-in may answer an authorization. Elevated scopes, and clients that say so, need one made for this very
 * request, however short ago the last one was; `max_age` limits the age for the others.
 */
export const answers = (
  session: Pick<WebSession, 'authenticatedAt' | 'purposeHash'>,
  { params, path }: Authorization,
  now: Date,
): boolean => {
  const prompts = typeof params.prompt === 'string' ? params.prompt.split(' ') : [];
  if (isElevated(params.scope) || prompts.includes('login')) return isFor(session, path);
  const maxAge = params.max_age === undefined ? Number.POSITIVE_INFINITY : Number(params.max_age);
  return now.getTime() / 1000 - session.authenticatedAt <= maxAge;
};
