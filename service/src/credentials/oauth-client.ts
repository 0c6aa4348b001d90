/** OAuth 2.0 with a provider, by openid-client: the code flow with PKCE, refresh and revocation. */
import * as client from 'openid-client';
import { z } from 'zod';
import type { Provider } from './providers.ts';

/**
 * refused: the provider answered that this grant is no good. misconfigured: it does not know us, or its answer does not hold.
 * unreachable: no answer, and so it is not known what it did.
 */
export type ProviderFault = 'refused' | 'misconfigured' | 'unreachable';

/** Says what happened and no more: answers of a provider, which may hold tokens, are not kept as its cause. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly fault: ProviderFault;

  constructor(fault: ProviderFault, what: string) {
    super(`the provider of credentials: ${what}`);
    this.fault = fault;
  }
}

export interface ProviderTokens {
  readonly access: string;
  /** Seconds it lasts from now on. */
  readonly seconds: number;
  readonly refresh?: string;
  /** What was granted, where the provider says. */
  readonly scopes?: readonly string[];
  /** Of the ID token: how people know the account, and its subject. */
  readonly account?: string;
  readonly subject?: string;
}

/** One attempt to connect, as it is checked when the person comes back. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OauthClient {
  newAttempt(): Attempt;
  authorizationUrl(attempt: Attempt, redirectUri: string, scopes: readonly string[]): Promise<string>;
  /** @param answer the whole address that the person came back to @throws ProviderError */
  redeem(answer: URL, attempt: Attempt): Promise<ProviderTokens>;
  /** @throws ProviderError */
  refresh(refreshToken: string): Promise<ProviderTokens>;
  /** Ends the grant of a token. @throws ProviderError */
  revoke(token: string): Promise<void>;
}

const TIMEOUT_SECONDS = 10;
/** Where the provider does not say how long a token lasts. */
const DEFAULT_SECONDS = 300;

const Code = z.object({ code: z.string() });
const codeOf = (error: unknown): string => Code.safeParse(error).data?.code ?? 'no code';

/** Whether an answer did not come, or broke off: nobody knows what the provider did. */
const isLost = ({ code }: client.ClientError): boolean =>
  code === undefined || ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_PARSE_ERROR'].includes(code);

/** @throws ProviderError */
const translated = (error: unknown): never => {
  if (error instanceof client.AuthorizationResponseError)
    throw new ProviderError(error.error === 'access_denied' ? 'refused' : 'misconfigured', error.error);
  if (error instanceof client.ResponseBodyError) {
    if (error.error === 'invalid_grant') throw new ProviderError('refused', error.error);
    const passing = error.status >= 500 || error.status === 429;
    throw new ProviderError(passing ? 'unreachable' : 'misconfigured', `${error.status} ${error.error}`);
  }
  if (error instanceof client.ClientError && !isLost(error)) {
    // Among these is an answer that is no JSON, as a gateway's page about an outage is.
    const status = error.cause instanceof Response ? error.cause.status : 0;
    throw new ProviderError(status >= 500 || status === 429 ? 'unreachable' : 'misconfigured', codeOf(error));
  }
  throw new ProviderError('unreachable', codeOf(error));
};

type Answer = Awaited<ReturnType<typeof client.refreshTokenGrant>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const tokensOf = (answer: Answer): ProviderTokens => {
  const claims = answer.claims();
  const account = text(claims?.email) ?? text(claims?.preferred_username) ?? text(claims?.name) ?? text(claims?.sub);
  const refresh = text(answer.refresh_token);
  const scopes = text(answer.scope)?.split(' ');
  return {
    access: answer.access_token,
    seconds: answer.expiresIn() ?? DEFAULT_SECONDS,
    ...(refresh !== undefined && { refresh }),
    ...(scopes !== undefined && { scopes }),
    ...(account !== undefined && { account }),
    ...(claims !== undefined && { subject: claims.sub }),
  };
};

const configurationOf = (provider: Provider): client.Configuration => {
  const configuration = new client.Configuration(
    {
      issuer: provider.issuer,
      authorization_endpoint: provider.authorization,
      token_endpoint: provider.token,
      ...(provider.revocation !== undefined && { revocation_endpoint: provider.revocation }),
    },
    provider.clientId,
    undefined,
    client.ClientSecretPost(provider.clientSecret),
  );
  configuration.timeout = TIMEOUT_SECONDS;
  // The rules of the environment let this be only on a machine of one's own.
  if (provider.token.startsWith('http:')) client.allowInsecureRequests(configuration);
  return configuration;
};

export const createOauthClient = (provider: Provider): OauthClient => {
  const configuration = configurationOf(provider);
  const openid = provider.scopes.includes('openid');
  return {
    newAttempt: () => ({
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    }),
    authorizationUrl: async ({ state, nonce, verifier }, redirectUri, scopes) =>
      client.buildAuthorizationUrl(configuration, {
        ...provider.parameters,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopes.join(' '),
        state,
        ...(openid && { nonce }),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).href,
    redeem: (answer, { state, nonce, verifier }) =>
      client
        .authorizationCodeGrant(configuration, answer, {
          expectedState: state,
          pkceCodeVerifier: verifier,
          ...(openid && { expectedNonce: nonce, idTokenExpected: true }),
        })
        .then(tokensOf, translated),
    refresh: (refreshToken) => client.refreshTokenGrant(configuration, refreshToken).then(tokensOf, translated),
    revoke: async (token) => {
      if (provider.revocation === undefined) return;
      await client.tokenRevocation(configuration, token).catch(translated);
    },
  };
};
