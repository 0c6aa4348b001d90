/** Sign-in through the company's OpenID Connect provider: code flow with PKCE, state and nonce. */
import * as client from 'openid-client';
import type { Logger } from 'pino';
import { z } from 'zod';
import { clockToleranceSeconds } from '../../../contracts/access-token.ts';
import { routes } from '../../../contracts/routes.ts';
import type { Config } from '../config.ts';
import type { Person } from './caller.ts';
import type { CookieJar } from './cookies.ts';
import { secretDigest } from './digest.ts';
import { copiedClaims, ownerOfClaims, rolesOfClaims, teamOfClaims } from './roles.ts';
import type { Sealer } from './sealed.ts';

/** Why nobody is signed in. */
export type SignInFailure =
  /** The provider, or the person there, said no. */
  | 'refused'
  /** Another browser began it, it took too long, or it was answered already. */
  | 'unknown'
  /** The provider's answer does not hold. */
  | 'invalid'
  /** A fresh sign-in was asked for, and the ID token does not say when it was. */
  | 'no_auth_time'
  /** The provider does not answer. */
  | 'unreachable';

const inWords: Partial<Record<SignInFailure, string>> = {
  no_auth_time: ": the provider's ID token lacks auth_time: operator: add the optional claim",
};

export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly reason: SignInFailure;

  constructor(reason: SignInFailure, options?: { cause?: unknown }) {
    super(`sign-in ${reason}${inWords[reason] ?? ''}`, options);
    this.reason = reason;
  }
}

export interface SignedIn {
  readonly person: Person;
  /** Epoch seconds at which the provider says the person signed in; 0 where they were not asked to for this. */
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
  | 'OWNER_CLAIM'
  | 'TEAM_CLAIM'
  | 'TOKEN_CLAIMS'
  | 'ROLE_MAP'
>;

interface Parts {
  readonly config: SsoConfig;
  readonly sealer: Sealer;
  readonly jar: CookieJar;
  readonly log: Logger;
  readonly now: () => Date;
}

const attemptSeconds = 600;

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
const cookieOf = (state: string) => `countersign-sign-in-${secretDigest(state).slice(0, 10)}`;
const context = 'sign-in';

const secondsOf = (now: () => Date): number => Math.floor(now().getTime() / 1000);

const discoverer = ({ SSO_ISSUER, SSO_CLIENT_ID, SSO_CLIENT_SECRET, ENVIRONMENT }: SsoConfig) => {
  let found: Promise<client.Configuration> | undefined;
  const insecure = ENVIRONMENT === 'local' && SSO_ISSUER?.startsWith('http:');
  return async (): Promise<client.Configuration> => {
    if (!SSO_ISSUER || !SSO_CLIENT_ID) throw new Error('SSO_ISSUER and SSO_CLIENT_ID are not set');
    // Without a secret the client is a public one: it sends none, and PKCE binds the code to the browser's attempt.
    const authentication = SSO_CLIENT_SECRET === undefined ? client.None() : client.ClientSecretPost(SSO_CLIENT_SECRET);
    found ??= client.discovery(new URL(SSO_ISSUER), SSO_CLIENT_ID, undefined, authentication, {
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

/** Groups count from the ID token only, for that is what was signed. */
const personOf = (claims: client.IDToken, { name, email }: Contact, config: SsoConfig): Person => ({
  personId: claims.sub,
  name: text(claims.name) ?? text(name) ?? text(claims.preferred_username) ?? text(email) ?? claims.sub,
  email: text(email) ?? '',
  issuer: config.SSO_ISSUER,
  ...ownerOfClaims(claims, config),
  ...teamOfClaims(claims, config),
  ...copiedClaims(claims, config),
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

/** Claims as they came. */
interface Contact {
  readonly name?: unknown;
  readonly email?: unknown;
}

interface Redeemed {
  readonly claims: client.IDToken;
  readonly accessToken: string;
}

/**
 * How to name and reach the person: as the ID token says, or else the userinfo endpoint. Nobody is kept out for want of
 * an address, so an endpoint that fails is only logged.
 */
const contactOf = async (
  provider: client.Configuration,
  { claims, accessToken }: Redeemed,
  log: Logger,
): Promise<Contact> => {
  if (text(claims.email) !== undefined || provider.serverMetadata().userinfo_endpoint === undefined)
    return { name: claims.name, email: claims.email };
  try {
    return await client.fetchUserInfo(provider, accessToken, claims.sub);
  } catch (err) {
    log.warn({ err }, 'the userinfo endpoint gave nothing; the person is signed in without an email address');
    return {};
  }
};

/**
 * When the person signed in, as the ID token proves it: by auth_time, and for an attempt that asked for it. Providers may
 * ignore max_age and prompt, so only both together prove anything (OpenID Connect Core 3.1.2.1). A claim from after now
 * proves nothing either; that is what milliseconds look like.
 * @throws SignInError
 */
const provenAt = ({ auth_time }: client.IDToken, { again, startedAt }: Attempt, now: number): number => {
  if (!again) return 0;
  if (auth_time === undefined) throw new SignInError('no_auth_time');
  // Younger than the attempt, not younger than this moment: people take their time.
  if (auth_time < startedAt - clockToleranceSeconds)
    throw new SignInError('invalid', { cause: 'auth_time is too old' });
  if (auth_time > now + clockToleranceSeconds)
    throw new SignInError('invalid', { cause: 'auth_time is in the future' });
  return Math.min(auth_time, now);
};

/** The ID token's claims, its signature, issuer, audience and nonce checked. @throws SignInError */
const redeem = async (
  config: SsoConfig,
  provider: client.Configuration,
  query: string,
  attempt: Attempt,
): Promise<Redeemed> => {
  try {
    const tokens = await client.authorizationCodeGrant(provider, new URL(`${redirectUri(config)}?${query}`), {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims) return { claims, accessToken: tokens.access_token };
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
  const { config, sealer, jar, log, now } = parts;
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
      const provider = await discover();
      const redeemed = await redeem(config, provider, query, attempt);
      const { claims } = redeemed;
      const authenticatedAt = provenAt(claims, attempt, secondsOf(now));
      return {
        person: personOf(claims, await contactOf(provider, redeemed, log), config),
        authenticatedAt,
        returnTo: attempt.returnTo,
        cookie: jar.remove(cookieOf(attempt.state)),
      };
    },
  };
};
