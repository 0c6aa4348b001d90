/** The embedded authorization server: oidc-provider, with each policy in its own file under policy/. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Configuration, Provider } from 'oidc-provider';
import type { Logger } from 'pino';
import { routes } from '../../../contracts/routes.ts';
import type { Audit } from '../audit/port.ts';
import type { Config } from '../config.ts';
import { type Origin, originOfMessage } from '../origin.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Tables } from '../ports/tables.ts';
import { createArtifacts } from './artifacts.ts';
import type { Grants } from './grants.ts';
import type { KeySet, SigningKeys } from './keys.ts';
import type { People } from './people.ts';
import { advertiseScopes } from './policy/advertise-scopes.ts';
import { authorizationRequest } from './policy/authorization-request.ts';
import { type DocumentProblem, documentProblem } from './policy/client-documents.ts';
import { clientAuthMethods, clientDefaults, extraClientMetadata } from './policy/clients.ts';
import { answerFaults } from './policy/faults.ts';
import { features } from './policy/features.ts';
import { guardedFetch } from './policy/guarded-fetch.ts';
import { interactions } from './policy/interaction.ts';
import { mendedFetch } from './policy/mended-documents.ts';
import { recordTokens } from './policy/record-tokens.ts';
import { deriveSuccessors, issueRefreshToken, rotateRefreshToken } from './policy/refresh.ts';
import { revokeAccessToken } from './policy/revoke-access-token.ts';
import { accessTokenSeconds } from './policy/scopes.ts';
import { watch } from './policy/watch.ts';
import type { Revoke } from './revocation.ts';
import type { Secrets } from './secrets.ts';
import type { StepUps } from './step-ups.ts';

/** What the page for an authorization that cannot go on says. */
export interface AuthorizationProblem {
  readonly status: number;
  /** OAuth error code. */
  readonly error: string;
  readonly description: string;
  /** Set when it is the client's metadata document that could not be had. */
  readonly document?: DocumentProblem;
}

export interface AuthorizationServerParts {
  readonly config: Config;
  readonly tables: Tables;
  readonly audit: Audit;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly now: () => Date;
  readonly secrets: Secrets;
  readonly keys: SigningKeys;
  readonly people: People;
  readonly grants: Grants;
  readonly revoke: Revoke;
  readonly stepUps: StepUps;
  /** Keeps a registered client that got a token. */
  readonly used: (clientId: string) => Promise<void>;
  /** The page in place of a redirect that would not be safe, and what it is sent with. */
  readonly errorPage: (
    problem: AuthorizationProblem,
    requestId: string,
  ) => { readonly html: string; readonly headers: Readonly<Record<string, string>> };
  /** How client id metadata documents are fetched. Default: guardedFetch. */
  readonly fetch?: typeof fetch;
}

export interface AuthorizationServer {
  /** Answers a request to one of its endpoints. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** For interactions: who asks for what. */
  provider(): Promise<Provider>;
}

const oauth = routes.oauth.path.replace('/*', '');
const paths = {
  authorization: `${oauth}/auth`,
  end_session: `${oauth}/end-session`,
  jwks: `${oauth}/jwks`,
  registration: `${oauth}/register`,
  revocation: `${oauth}/revoke`,
  token: `${oauth}/token`,
};
/** How endpoints are asked, besides OPTIONS. The library answers 404 to another method. */
export const endpointMethods: ReadonlyMap<string, readonly string[]> = new Map([
  [paths.authorization, ['GET', 'HEAD', 'POST']],
  [paths.jwks, ['GET', 'HEAD']],
  [paths.registration, ['POST']],
  [paths.revocation, ['POST']],
  [paths.token, ['POST']],
  [routes.authorizationServerMetadata.path, ['GET', 'HEAD']],
  [routes.openidMetadata.path, ['GET', 'HEAD']],
]);
/** Where clients register. */
export const registrationPath = paths.registration;

const day = 86_400;

/** The library's adapter is not told which request it serves. A grant ends also where nobody knows who asked for it. */
const originNow = (grantId: string): Origin => {
  const { ctx } = Provider;
  return ctx ? originOfMessage(ctx.req) : { kind: 'upkeep', correlationId: grantId };
};

const configuration = (parts: AuthorizationServerParts, keys: KeySet): Configuration => {
  const { config, people, secrets, now, stepUps } = parts;
  const refreshSeconds = config.REFRESH_TOKEN_DAYS * day;
  return {
    adapter: createArtifacts({
      ...parts,
      ...secrets,
      revoke: (grantId) => parts.revoke(grantId, originNow(grantId)),
    }),
    claims: { openid: ['sub'] },
    clientBasedCORS: (_ctx, origin) => config.ALLOWED_ORIGINS.includes(origin),
    clientAuthMethods: [...clientAuthMethods],
    clientDefaults,
    cookies: { keys: secrets.cookieKeys },
    expiresWithSession: async () => false,
    extraClientMetadata,
    async extraTokenClaims(ctx, token) {
      if (!('grantId' in token) || !token.accountId) return undefined;
      const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
      const person = await people.find(token.accountId);
      return { ...person?.claims, gid: token.grantId, auth_time: source?.authTime, roles: person?.roles ?? [] };
    },
    features: features(config, now),
    fetch: mendedFetch(parts.fetch ?? guardedFetch),
    findAccount: async (_ctx, accountId) =>
      (await people.find(accountId)) && { accountId, claims: async () => ({ sub: accountId }) },
    interactions: {
      policy: interactions(),
      url: (_ctx, { uid }) => routes.interaction.path.replace(':uid', uid),
    },
    issueRefreshToken,
    jwks: { keys: [...keys.signing] },
    // A fresh grant for each authorization: an earlier one neither lends its scopes nor its refusals.
    async loadExistingGrant(ctx) {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    pkce: { required: () => true },
    async renderError(ctx, out) {
      const description = out.error_description ?? '';
      const document = documentProblem(ctx.query.client_id, description, config);
      const problem = { status: ctx.status, error: out.error, description, ...(document && { document }) };
      const { html, headers } = parts.errorPage(problem, ctx.response.get('x-request-id'));
      ctx.set(headers);
      ctx.type = 'html';
      ctx.body = html;
    },
    responseTypes: ['code'],
    rotateRefreshToken: rotateRefreshToken(stepUps, config.TOOL_PACKS),
    routes: paths,
    scopes: ['openid', 'offline_access'],
    ttl: {
      AccessToken: accessTokenSeconds(config, now),
      AuthorizationCode: 60,
      Grant: refreshSeconds,
      IdToken: config.READ_TOKEN_SECONDS,
      Interaction: 900,
      RefreshToken: refreshSeconds,
      Session: 8 * 3600,
    },
  };
};

const start = (parts: AuthorizationServerParts, keys: KeySet): Provider => {
  const provider = new Provider(parts.config.ISSUER, configuration(parts, keys));
  // The mount overwrites what a proxy could say of host and scheme, so trusting these headers is trusting the mount.
  provider.proxy = true;
  provider.use(answerFaults(parts.log));
  provider.use(recordTokens(parts));
  provider.use(revokeAccessToken(parts));
  provider.use(authorizationRequest(paths.authorization, parts.config.TOOL_PACKS));
  provider.use(advertiseScopes(parts.config.TOOL_PACKS));
  deriveSuccessors(provider, parts.secrets);
  watch(provider, parts);
  return provider;
};

/** Signing keys rotate while it runs: it is made anew with them, and keeps nothing else in memory that matters. */
export const createAuthorizationServer = (parts: AuthorizationServerParts): AuthorizationServer => {
  let running: { version: string; provider: Provider; callback: ReturnType<Provider['callback']> } | undefined;
  const latest = async () => {
    const keys = await parts.keys.current();
    if (running?.version !== keys.version) {
      const provider = start(parts, keys);
      running = { version: keys.version, provider, callback: provider.callback() };
    }
    return running;
  };
  return {
    handle: async (request, response) => (await latest()).callback(request, response),
    provider: async () => (await latest()).provider,
  };
};
