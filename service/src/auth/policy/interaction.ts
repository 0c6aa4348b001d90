/** When people are asked: at every authorization, for the sign-in and the consent are this service's own to judge. */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { isFreshFor, type WebSession } from '../web-sessions.ts';
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

/** Whether an authorization needs a sign-in made for it alone: for elevated scopes, and for clients that say so. */
export const needsItsOwn = ({ scope, prompt }: Authorization['params']): boolean =>
  isElevated(scope) || (typeof prompt === 'string' && prompt.split(' ').includes('login'));

/**
 * Whether a sign-in may answer an authorization: one made for it always; where it needs none of its own, also another
 * within `max_age`. A sign-in that does not prove when it was is as old as can be.
 */
export const answers = (
  session: Pick<WebSession, 'authenticatedAt' | 'purposeHash'>,
  { params, path }: Authorization,
  now: Date,
): boolean => {
  const made = isFreshFor(session, path, now);
  if (made || needsItsOwn(params)) return made;
  const maxAge = params.max_age === undefined ? Number.POSITIVE_INFINITY : Number(params.max_age);
  return now.getTime() / 1000 - session.authenticatedAt <= maxAge;
};
