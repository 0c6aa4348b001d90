/** Sign-in through the company's OpenID Connect provider: code flow with PKCE, state and nonce. */
import * as client from 'openid-client';
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import type { Config } from '../config.ts';
import type { Person } from './caller.ts';
import type { CookieJar } from './cookies.ts';
import { digest } from './digest.ts';
import { rolesOfClaims } from './roles.ts';
import type { Sealer } from './sealed.ts';

/** Why nobody is signed in. */
export type SignInFailure =
  /** The provider, or the person there, said no. */
  | 'refused'
  /** Another browser began it, it took too long, or it was answered already. */
  | 'unknown'
  /** The provider's answer does not hold. */
  | 'invalid'
  /** The provider does not answer. */
  | 'unreachable';

export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly reason: SignInFailure;

  constructor(reason: SignInFailure, options?: { cause?: unknown }) {
    super(`sign-in ${reason}`, options);
    this.reason = reason;
  }
}

export interface SignedIn {
  readonly person: Person;
  /** Epoch seconds of the sign-in at the provider. */
  readonly authenticatedAt: number;
  readonly returnTo: string;
  /** Set-Cookie header that removes what `begin` left in the browser. */
  readonly cookie: string;
}

export interface Sso {
  /** @param again the provider must ask who is there, whatever session it has */
  begin(returnTo: string, again: boolean): Promise<{ readonly url: string; readonly cookie: string }>;
  /** @throws SignInError */
  finish(query: string, cookies: string | undefined): Promise<SignedIn>;
}

type SsoConfig = Pick<
  Config,
  | 'PUBLIC_URL'
  | 'ENVIRONMENT'
  | 'SSO_ISSUER'
  | 'SSO_CLIENT_ID'
  | 'SSO_CLIENT_SECRET'
  | 'SSO_SCOPES'
  | 'ROLES_CLAIM'
  | 'ROLE_MAP'
>;

interface Parts {
  readonly config: SsoConfig;
  readonly sealer: Sealer;
  readonly jar: CookieJar;
  readonly now: () => Date;
}

const attemptSeconds = 600;
// The provider's clock may run behind ours by this much.
const skewSeconds = 30;

/** What the browser keeps, sealed, until the provider sends it back. */
const Attempt = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  again: z.boolean(),
  startedAt: z.number(),
});
type Attempt = z.infer<typeof Attempt>;

// One cookie an attempt, so that two windows can sign in at once.
const cookieOf = (state: string) => `countersign-sign-in-${digest(state).slice(0, 10)}`;
const context = 'sign-in';

const secondsOf = (now: () => Date): number => Math.floor(now().getTime() / 1000);

const discoverer = ({ SSO_ISSUER, SSO_CLIENT_ID, SSO_CLIENT_SECRET, ENVIRONMENT }: SsoConfig) => {
  let found: Promise<client.Configuration> | undefined;
  const insecure = ENVIRONMENT === 'local' && SSO_ISSUER?.startsWith('http:');
  return async (): Promise<client.Configuration> => {
    if (!SSO_ISSUER || !SSO_CLIENT_ID) throw new Error('SSO_ISSUER and SSO_CLIENT_ID are not set');
    found ??= client.discovery(new URL(SSO_ISSUER), SSO_CLIENT_ID, SSO_CLIENT_SECRET, undefined, {
      timeout: 10,
      ...(insecure && { execute: [client.allowInsecureRequests] }),
    });
    return found.catch((cause: unknown) => {
      found = undefined;
      throw new SignInError('unreachable', { cause });
    });
  };
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const personOf = (claims: client.IDToken, config: SsoConfig): Person => ({
  personId: claims.sub,
  name: text(claims.name) ?? text(claims.preferred_username) ?? text(claims.email) ?? claims.sub,
  email: text(claims.email) ?? '',
  roles: rolesOfClaims(claims, config),
});

const redirectUri = (config: SsoConfig): string => config.PUBLIC_URL + routes.signInCallback.path;

/** The attempt of the browser's cookie for this state. @throws SignInError */
const attemptOf = ({ sealer, jar, now }: Parts, state: string | null, cookies: string | undefined): Attempt => {
  const sealed = state === null ? undefined : jar.read(cookies, cookieOf(state));
  const opened = sealed === undefined ? undefined : sealer.open(sealed, context);
  if (opened === undefined) throw new SignInError('unknown');
  const attempt = Attempt.parse(JSON.parse(opened));
  if (attempt.state !== state || secondsOf(now) - attempt.startedAt > attemptSeconds) throw new SignInError('unknown');
  return attempt;
};

/** The ID token's claims, its signature, issuer, audience, nonce and age checked. @throws SignInError */
const redeem = async (
  { config, now }: Parts,
  provider: client.Configuration,
  query: string,
  attempt: Attempt,
): Promise<client.IDToken> => {
  try {
    const tokens = await client.authorizationCodeGrant(provider, new URL(`${redirectUri(config)}?${query}`), {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
      // The sign-in must be younger than the attempt, not younger than this moment.
      ...(attempt.again && { maxAge: secondsOf(now) - attempt.startedAt + skewSeconds }),
    });
    const claims = tokens.claims();
    if (claims) return claims;
  } catch (cause) {
    throw new SignInError(cause instanceof client.AuthorizationResponseError ? 'refused' : 'invalid', { cause });
  }
  throw new SignInError('invalid');
};

const authorizationUrl = async (provider: client.Configuration, attempt: Attempt, config: SsoConfig): Promise<URL> =>
  client.buildAuthorizationUrl(provider, {
    redirect_uri: redirectUri(config),
    response_type: 'code',
    scope: config.SSO_SCOPES.join(' '),
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
    ...(attempt.again && { prompt: 'login', max_age: '0' }),
  });

export const createSso = (parts: Parts): Sso => {
  const { config, sealer, jar, now } = parts;
  const discover = discoverer(config);
  return {
    async begin(returnTo, again) {
      const provider = await discover();
      const attempt: Attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        returnTo,
        again,
        startedAt: secondsOf(now),
      };
      const sealed = sealer.seal(JSON.stringify(attempt), context);
      return {
        url: (await authorizationUrl(provider, attempt, config)).href,
        cookie: jar.write(cookieOf(attempt.state), sealed, attemptSeconds),
      };
    },
    async finish(query, cookies) {
      const attempt = attemptOf(parts, new URLSearchParams(query).get('state'), cookies);
      const claims = await redeem(parts, await discover(), query, attempt);
      const at = secondsOf(now);
      return {
        person: personOf(claims, config),
        // A sign-in that was asked for again was just checked to be new; clocks that differ must not undo that.
        authenticatedAt: attempt.again ? at : Math.min(claims.auth_time ?? at, at),
        returnTo: attempt.returnTo,
        cookie: jar.remove(cookieOf(attempt.state)),
      };
    },
  };
};
