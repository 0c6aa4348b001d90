/** A company's OpenID Connect provider with its own sign-in: a second oidc-provider on its own port. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { createArtifacts } from '../../src/auth/artifacts.ts';
import { createSealer } from '../../src/auth/sealed.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

export interface Employee {
  readonly name: string;
  /** Some people have none. */
  readonly email?: string;
  readonly groups: readonly string[];
  /** Other claims of the ID token, of those that the provider knows. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface Company {
  readonly issuer: string;
  /** Origin it listens on. */
  readonly origin: string;
  /** By their login; change them and they change at the next sign-in. */
  readonly employees: Map<string, Employee>;
  /** How often somebody had to type who they are. */
  readonly logins: () => number;
  /** Logins from now on count as made this much earlier. */
  backdate(seconds: number): void;
  stop(): Promise<void>;
}

export const ssoClient = { SSO_CLIENT_ID: 'countersign', SSO_CLIENT_SECRET: 'a secret between the two' };

export interface CompanyOptions {
  /** The ID token has no name and no email; the userinfo endpoint has. Default false. */
  readonly thinTokens?: boolean;
  /** Every ID token has auth_time, not only those asked for with max_age. Default true. */
  readonly authTime?: boolean;
  /** Countersign is registered as a public client: it has no secret and must use PKCE. Default false. */
  readonly publicClient?: boolean;
  /** Where people and services find it, maybe with a path, when something with a certificate stands before it. */
  readonly issuer?: string;
  /** Default: those of ssoClient. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Claim of the ID token that has a person's groups. Default groups. */
  readonly groupsClaim?: string;
  /** Names of other claims of the ID token. Default: none. */
  readonly facts?: readonly string[];
}

/** @param redirectUri where countersign is called back, or several such places */
export const startCompany = async (
  redirectUri: string | readonly string[],
  options: CompanyOptions = {},
): Promise<Company> => {
  const {
    thinTokens = false,
    authTime = true,
    publicClient = false,
    groupsClaim = 'groups',
    facts: factNames = [],
  } = options;
  const { clientId = ssoClient.SSO_CLIENT_ID, clientSecret = ssoClient.SSO_CLIENT_SECRET } = options;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://localhost:${address.port}`;
  const { issuer = origin } = options;
  const base = new URL(issuer).pathname.replace(/\/$/, '');
  const employees = new Map<string, Employee>();
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  let logins = 0;
  let older = 0;
  const provider = new Provider(issuer, {
    adapter: createArtifacts({
      tables: openMemoryTables(),
      sealer: createSealer(randomBytes(32)),
      revoke: async () => {},
      successorOf: (token) => `${token}+`,
      config: { REFRESH_GRACE_SECONDS: 0 },
      now: () => new Date(),
    }),
    claims: { openid: ['sub', groupsClaim, ...factNames], profile: ['name'], email: ['email'] },
    clients: [
      {
        client_id: clientId,
        ...(publicClient ? { token_endpoint_auth_method: 'none' as const } : { client_secret: clientSecret }),
        redirect_uris: [redirectUri].flat(),
        require_auth_time: authTime,
      },
    ],
    conformIdTokenClaims: thinTokens,
    cookies: { keys: ['company'] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    findAccount: async (_ctx, accountId) => ({
      accountId,
      claims: async () => {
        const { groups, facts = {}, ...contact } = employees.get(accountId) ?? { groups: [] };
        return { sub: accountId, ...contact, ...facts, [groupsClaim]: [...groups] };
      },
    }),
    ttl: { AccessToken: 60, Grant: 600, IdToken: 60, Interaction: 600, Session: 86_400 },
    interactions: { url: (_ctx, { uid }) => `${base}/login/${uid}` },
    jwks: { keys: [await exportJWK(privateKey)] },
    // The company's own apps ask for no consent.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session?.accountId ?? '',
        clientId: ctx.oidc.client?.clientId ?? '',
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  // What stands before it says for which scheme and host it was asked.
  provider.proxy = issuer !== origin;
  const callback = provider.callback();
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', origin);
    if (!url.pathname.startsWith(`${base}/login/`)) {
      // As a framework does that mounts it below a path.
      const mounted = { originalUrl: request.url, url: (request.url ?? '/').slice(base.length) || '/' };
      return void callback(Object.assign(request, mounted), response);
    }
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html');
      return void response.end(`<form method="post" action="${url.pathname}"><input name="login"/></form>`);
    }
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      logins++;
      const accountId = new URLSearchParams(body).get('login') ?? '';
      const result = employees.has(accountId)
        ? { login: { accountId, ts: Math.floor(Date.now() / 1000) - older } }
        : { error: 'access_denied' };
      void provider.interactionFinished(request, response, result);
    });
  });
  return {
    issuer,
    origin,
    employees,
    logins: () => logins,
    backdate: (seconds) => {
      older = seconds;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
