/**
 * The post office of the letters pack, on loopback: an authorization server with PKCE, rotation, reuse detection, revocation and
 * expiry, and an API that takes its tokens. It notes in whose name each call came.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

interface Grant {
  readonly account: string;
  ended: boolean;
}
interface Code {
  readonly grant: Grant;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string | null;
}

export const officeClient = { LETTERS_CLIENT_ID: 'countersign', LETTERS_CLIENT_SECRET: 'a secret between both' };

export interface Office {
  readonly url: string;
  /** Letters by receiver, and the account that wrote each. */
  readonly letters: Map<string, { readonly text: string; readonly by: string }>;
  /** Every call of the API, with the account in whose name it came; refused ones are nobody's. */
  readonly calls: { readonly what: string; readonly by: string | undefined }[];
  /** How often a refresh token was taken. */
  refreshes: number;
  /** Every token it gave, so that a test can look for them where they must not be. */
  readonly tokens: Set<string>;
  /** What it does otherwise than usual, until it is set back. */
  readonly faults: {
    lostAnswers: number;
    tokenStatus?: number;
    revocationDown?: boolean;
    noRefreshToken?: boolean;
    /** The next call of the API with this method is the last that any access token of before it is good for. */
    lastCall?: 'GET' | 'PUT' | undefined;
    /** Takes access tokens that begin so, though it gave none of them and keeps none. */
    alsoTakes?: string;
  };
  /** Seconds an access token lasts. */
  accessSeconds: number;
  /** An access token without any ceremony, as a person has one from elsewhere. */
  tokenOf(account: string): string;
  /** Somebody with this account allows what an authorization URL asks. @returns where their browser is sent back to */
  allow(authorizationUrl: string, account: string, answer?: 'allow' | 'deny'): string;
  /** Ends every access token that was given. */
  expireAccess(): void;
  /** As an account's owner does on the office's own pages. */
  endGrants(account: string): void;
  /** Grants of an account that stand. */
  standing(account: string): number;
  stop(): Promise<void>;
}

const random = () => randomBytes(24).toString('base64url');
const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

export const startOffice = async (): Promise<Office> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  const codes = new Map<string, Code>();
  const access = new Map<string, Grant>();
  const refresh = new Map<string, { readonly grant: Grant; used: boolean }>();
  const grants: Grant[] = [];
  const server = createServer();
  const given = (token: string): string => {
    office.tokens.add(token);
    return token;
  };
  const newGrant = (account: string): Grant => {
    const grant = { account, ended: false };
    grants.push(grant);
    return grant;
  };
  const tokens = (grant: Grant) => {
    const answer = { access_token: given(random()), refresh_token: given(random()) };
    access.set(answer.access_token, grant);
    refresh.set(answer.refresh_token, { grant, used: false });
    return { token_type: 'Bearer', expires_in: office.accessSeconds, scope: 'openid email letters', ...answer };
  };
  const idToken = ({ grant, nonce }: Code) =>
    new SignJWT({ email: grant.account, ...(nonce !== null && { nonce }) })
      .setProtectedHeader({ alg: 'RS256', kid: jwk.kid ?? 'k' })
      .setIssuer(office.url)
      .setAudience(officeClient.LETTERS_CLIENT_ID)
      .setSubject(`sub-${grant.account}`)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);

  type Answer = readonly [status: number, body: object, lost?: boolean];
  const refused: Answer = [400, { error: 'invalid_grant' }];
  const redeem = async (form: URLSearchParams): Promise<Answer> => {
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (!code || s256(form.get('code_verifier') ?? '') !== code.challenge) return refused;
    if (form.get('redirect_uri') !== code.redirectUri) return refused;
    const { refresh_token, ...short } = tokens(code.grant);
    const lasting = office.faults.noRefreshToken ? {} : { refresh_token };
    return [200, { ...short, ...lasting, id_token: await idToken(code) }];
  };
  const rotate = (form: URLSearchParams): Answer => {
    const found = refresh.get(form.get('refresh_token') ?? '');
    if (!found || found.grant.ended) return refused;
    if (found.used) {
      // RFC 9700 4.14.2: a second use is taken for theft, and ends the grant.
      found.grant.ended = true;
      return refused;
    }
    office.refreshes += 1;
    const lost = office.faults.lostAnswers > 0;
    if (lost) office.faults.lostAnswers -= 1;
    else found.used = true;
    return [200, tokens(found.grant), lost];
  };
  const tokenEndpoint = async (form: URLSearchParams): Promise<Answer> => {
    if (office.faults.tokenStatus !== undefined) return [office.faults.tokenStatus, { error: 'server_error' }];
    const known =
      form.get('client_id') === officeClient.LETTERS_CLIENT_ID &&
      form.get('client_secret') === officeClient.LETTERS_CLIENT_SECRET;
    if (!known) return [401, { error: 'invalid_client' }];
    return form.get('grant_type') === 'authorization_code' ? redeem(form) : rotate(form);
  };
  const revoke = (form: URLSearchParams): Answer => {
    if (office.faults.revocationDown) return [503, {}];
    const token = form.get('token') ?? '';
    const grant = refresh.get(token)?.grant ?? access.get(token);
    if (grant) grant.ended = true;
    return [200, {}];
  };
  const holderOf = (token: string): string | undefined => {
    const grant = access.get(token);
    if (grant !== undefined && !grant.ended) return grant.account;
    const { alsoTakes } = office.faults;
    return alsoTakes !== undefined && token.startsWith(alsoTakes) ? 'somebody' : undefined;
  };
  const api = async (request: IncomingMessage, url: URL): Promise<Answer> => {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const by = holderOf(token);
    office.calls.push({ what: `${request.method} ${url.pathname}`, by });
    // A careless API: it tells the token to whoever reads its errors.
    if (by === undefined) return [401, { error: { message: `no such token: ${token}` } }];
    if (office.faults.lastCall === request.method) {
      office.faults.lastCall = undefined;
      access.clear();
    }
    const [, to] = /\/letters\/([^/]+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    if (to === undefined) return [200, { letters: [...office.letters].map(([name, { text }]) => [name, text]) }];
    if (request.method === 'GET') return [200, { text: office.letters.get(to)?.text ?? null }];
    const { text } = JSON.parse(await bodyOf(request)) as { text: string | null };
    if (text === null) office.letters.delete(to);
    else office.letters.set(to, { text, by });
    return [200, { number: office.calls.length }];
  };
  const route = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', office.url);
    if (url.pathname === '/token') return tokenEndpoint(new URLSearchParams(await bodyOf(request)));
    if (url.pathname === '/revoke') return revoke(new URLSearchParams(await bodyOf(request)));
    return url.pathname.startsWith('/v1/') ? api(request, url) : [404, {}];
  };
  server.on('request', (request, response) => {
    void route(request).then(([status, body, lost]) => {
      if (lost) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const office: Office = {
    url: `http://localhost:${address.port}`,
    letters: new Map(),
    calls: [],
    refreshes: 0,
    tokens: new Set(),
    faults: { lostAnswers: 0 },
    accessSeconds: 3600,
    tokenOf: (account) => tokens(newGrant(account)).access_token,
    allow: (authorizationUrl, account, answer = 'allow') => {
      const asked = new URL(authorizationUrl).searchParams;
      if (asked.get('code_challenge_method') !== 'S256') throw new Error('no PKCE');
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('state', asked.get('state') ?? '');
      if (answer === 'deny') {
        back.searchParams.set('error', 'access_denied');
        return back.href;
      }
      const code = given(random());
      codes.set(code, {
        grant: newGrant(account),
        challenge: asked.get('code_challenge') ?? '',
        redirectUri: asked.get('redirect_uri') ?? '',
        nonce: asked.get('nonce'),
      });
      back.searchParams.set('code', code);
      return back.href;
    },
    expireAccess: () => access.clear(),
    endGrants: (account) => {
      for (const grant of grants) if (grant.account === account) grant.ended = true;
    },
    standing: (account) => grants.filter((grant) => grant.account === account && !grant.ended).length,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return office;
};
