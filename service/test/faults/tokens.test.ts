/** Tokens that are not good: each is answered with 401 and the challenge, on every way in, and nothing is done. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Browser } from '../rigs/browser.ts';
import { type Mint, openMint } from './mint.ts';
import { type Connected, deedsOf, startWatched, type Watched } from './watched.ts';
import { type Answer, at, Caller, send } from './wire.ts';

let watched: Watched;
let mint: Mint;
let ana: Connected;
let good: JWTPayload;

const change = {
  name: 'bulk_tag_resources',
  arguments: {
    resource_arns: ['arn:aws:ec2:us-east-1:123456789012:instance/i-0bad000000000010'],
    tags: { Owner: 'platform@example.com' },
  },
};

beforeAll(async () => {
  watched = await startWatched();
  mint = await openMint(watched.service.config, watched.tables);
  ana = await watched.connect('ana', 'tag:write');
  good = decodeJwt(ana.tokens.access_token);
});
afterAll(() => watched?.service.stop());

const bearer = (scheme: string) => ({
  authorization: scheme,
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
});

/** A change over each way in, with this Authorization header. */
const everywhere = (authorization: string | undefined, query = ''): Promise<Answer[]> => {
  const headers = authorization === undefined ? bearer('') : bearer(authorization);
  const rpc = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: change };
  const { name: tool, arguments: params } = change;
  return Promise.all([
    send(watched.service.url, `/mcp${query}`, { headers, body: rpc }),
    send(watched.service.url, `/mcp${query}`, { method: 'GET', headers }),
    send(watched.service.url, `/mcp/execute-tool${query}`, { headers, body: { tool, params } }),
    send(watched.service.url, `/mcp/confirm-operation${query}`, { headers, body: { operation_id: 'op_' } }),
    send(watched.service.url, `/mcp/tools/list${query}`, { method: 'GET', headers }),
    send(watched.service.url, `/mcp/audit-logs${query}`, { method: 'GET', headers }),
  ]);
};

/** Each answer is 401 with the challenge, and repeats nothing of the token. */
const refused = (answers: readonly Answer[], reason: string | undefined, token = ''): void => {
  const { url } = watched.service;
  const metadata = `resource_metadata="${url}/.well-known/oauth-protected-resource/mcp"`;
  for (const { status, headers, json, text } of answers) {
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer /);
    expect(headers['www-authenticate']).toContain(metadata);
    expect(headers['www-authenticate']).toContain('scope="tag:read"');
    expect(headers['cache-control']).toBe('no-store');
    if (reason === undefined) expect(headers['www-authenticate']).not.toContain('error');
    else {
      expect(headers['www-authenticate']).toContain('error="invalid_token"');
      expect(headers['www-authenticate']).toContain(reason);
      expect(at(json, 'message')).toContain(reason);
    }
    expect(at(json, 'error')).toBe('invalid_token');
    if (token.length > 20) expect(JSON.stringify(headers) + text).not.toContain(token.slice(0, 60));
  }
};

const seconds = () => Math.floor(Date.now() / 1000);
const without = ({ ...claims }: JWTPayload, name: string): JWTPayload => {
  delete claims[name];
  return claims;
};

/** The token with one character of its middle part another. */
const tampered = (token: string): string => {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'ada', scope: 'admin' })).toString('base64url');
  return [head, forged, signature].join('.');
};

const foreign = async (alg: string, header: Record<string, unknown> = {}): Promise<string> => {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return new SignJWT(good).setProtectedHeader({ alg, typ: 'at+jwt', kid: mint.key.keyId, ...header }).sign(privateKey);
};

/** Signs with the public key as if it were a shared secret, for a verifier that lets the token choose how. */
const confused = (alg: 'HS256' | 'HS512'): Promise<string> =>
  new SignJWT(good)
    .setProtectedHeader({ alg, typ: 'at+jwt', kid: mint.key.keyId })
    .sign(new TextEncoder().encode(JSON.stringify(mint.key.publicJwk)));

describe('A token is refused that', () => {
  const bad = {
    expired: 'has expired',
    audience: 'for another resource',
    issuer: 'from another issuer',
    signature: 'not signed by a known key',
    algorithm: 'not accepted',
    revoked: 'was revoked',
    malformed: 'is not valid',
  };
  const sign = (more: JWTPayload, header?: Record<string, unknown>) => () => mint.sign({ ...good, ...more }, header);

  it.each<[string, () => Promise<string> | string, string]>([
    ['expired a second ago', () => mint.sign({ ...good, exp: seconds() - 1 }), bad.expired],
    ['never expires', () => mint.sign(without(good, 'exp')), bad.malformed],
    ['is not valid yet', () => mint.sign({ ...good, nbf: seconds() + 600 }), bad.malformed],
    ['is for another resource', sign({ aud: 'https://mcp.example.com/mcp' }), bad.audience],
    ['is for the origin and not for /mcp', () => mint.sign({ ...good, aud: watched.service.url }), bad.audience],
    [
      'is for several resources',
      () => mint.sign({ ...good, aud: [String(good.aud), 'https://b.example'] }),
      bad.audience,
    ],
    ['is for nobody', () => mint.sign(without(good, 'aud')), bad.audience],
    ['is from another issuer', sign({ iss: 'https://login.example.com' }), bad.issuer],
    ['is from nobody', () => mint.sign(without(good, 'iss')), bad.issuer],
    ['is an ID token by its type', sign({}, { typ: 'JWT' }), bad.malformed],
    ['has no type', sign({}, { typ: undefined }), bad.malformed],
    ['needs an extension we do not know', sign({}, { crit: ['extension'], extension: true }), ''],
    ['is not signed', () => new UnsecuredJWT(good).encode(), bad.algorithm],
    ['has no signature', () => ana.tokens.access_token.replace(/[^.]*$/, ''), ''],
    ['is signed with our public key as a secret', () => confused('HS256'), bad.algorithm],
    ['is signed so with a longer hash', () => confused('HS512'), bad.algorithm],
    ['is signed by another key of the same name', () => foreign('ES256'), bad.signature],
    ['is signed by a key nobody has', () => foreign('ES256', { kid: '../../dev/null' }), bad.signature],
    ['is signed in another way', () => foreign('RS256'), bad.algorithm],
    ['was changed after it was signed', () => tampered(ana.tokens.access_token), bad.signature],
    ['is of a grant there never was', sign({ gid: 'made-up' }), bad.revoked],
    ['is of another person’s grant', sign({ sub: 'ben' }), bad.revoked],
    ['is of nobody we know', sign({ sub: 'mallory' }), bad.revoked],
    ['does not say of which grant', () => mint.sign(without(good, 'gid')), bad.malformed],
    ['does not say for what', () => mint.sign(without(good, 'scope')), bad.malformed],
    ['has a list where a text belongs', sign({ gid: ['a'] }), bad.malformed],
    ['is a refresh token', () => String(ana.tokens.refresh_token), bad.malformed],
    ['is no token', () => 'hello', bad.malformed],
    ['is endless', () => `${ana.tokens.access_token}${'A'.repeat(8000)}`, ''],
  ])('%s', async (_name, make, reason) => {
    const token = await make();
    refused(await everywhere(`Bearer ${token}`), reason, token);
  });

  it('is an ID token of this very sign-in', async () => {
    const { oauth } = await watched.connect('ana');
    const code = await oauth.code(new Browser(), 'ana', 'openid tag:read', ['tag:read']);
    const { json } = await oauth.redeem(code);
    expect(typeof json.id_token).toBe('string');
    refused(await everywhere(`Bearer ${json.id_token}`), '', String(json.id_token));
  });

  it('is an authorization code', async () => {
    const code = await ana.oauth.code(new Browser(), 'ana');
    refused(await everywhere(`Bearer ${code}`), bad.malformed, code);
  });

  it('brings its own key along, and nobody fetches it', async () => {
    let fetched = 0;
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'mine', alg: 'ES256' };
    const server = createServer((_request, response) => {
      fetched++;
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const jku = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    for (const header of [
      { kid: 'mine', jku },
      { kid: 'mine', x5u: jku },
      { kid: 'mine', jwk },
    ]) {
      const token = await new SignJWT(good)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
        .sign(privateKey);
      refused(await everywhere(`Bearer ${token}`), bad.signature, token);
    }
    server.close();
    expect(fetched).toBe(0);
  });
});

describe('A good token is refused', () => {
  it('where there is none', async () => {
    const answers = await everywhere(undefined);
    refused(answers, undefined);
  });

  it.each(['Basic', 'DPoP', 'Token', ''])('under the scheme "%s"', async (scheme) => {
    refused(await everywhere(`${scheme} ${ana.tokens.access_token}`), 'is not valid', ana.tokens.access_token);
  });

  it('in the query string, and is not logged there', async () => {
    const { access_token: token } = ana.tokens;
    refused(await everywhere(undefined, `?access_token=${token}`), undefined, token);
    expect(watched.service.log.join('')).not.toContain(token);
  });

  it('in a form body', async () => {
    const answer = await send(watched.service.url, '/mcp', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `access_token=${ana.tokens.access_token}`,
    });
    expect(answer.status).toBe(401);
  });

  it('in a cookie', async () => {
    const headers = { cookie: `access_token=${ana.tokens.access_token}; countersign=${ana.tokens.access_token}` };
    expect((await send(watched.service.url, '/mcp/tools/list', { method: 'GET', headers })).status).toBe(401);
  });

  it('after it was used and its hour is over', async () => {
    const vera = await watched.connect('vera');
    expect((await vera.caller.rest('GET', '/mcp/tools/list')).status).toBe(200);
    watched.service.advance(3601);
    try {
      refused(await everywhere(`Bearer ${vera.tokens.access_token}`), 'has expired', vera.tokens.access_token);
    } finally {
      watched.service.advance(-3601);
    }
  });

  it.each(['access_token', 'refresh_token'] as const)('once its client revoked the %s', async (kind) => {
    const max = await watched.connect('max');
    expect((await max.caller.rest('GET', '/mcp/tools/list')).status).toBe(200);
    expect((await max.oauth.revoke(String(max.tokens[kind]))).status).toBe(200);
    // A task remembers a verified token's standing for five seconds.
    watched.service.advance(6);
    refused(await everywhere(`Bearer ${max.tokens.access_token}`), 'was revoked', max.tokens.access_token);
    watched.service.advance(-6);
    expect((await max.oauth.refresh(max.tokens.refresh_token)).status).toBe(400);
  });

  it('once its refresh token was used by a thief and by its owner', async () => {
    const max = await watched.connect('max');
    const first = await max.oauth.refresh(max.tokens.refresh_token);
    watched.service.advance(30);
    const second = await max.oauth.refresh(max.tokens.refresh_token);
    expect([first.status, second.status]).toEqual([200, 400]);
    refused(await everywhere(`Bearer ${first.json.access_token}`), 'was revoked', String(first.json.access_token));
    watched.service.advance(-30);
  });
});

it('told all of them apart from the real thing, and did nothing for any', async () => {
  const done = await deedsOf(watched.tables);
  expect(done.records).toEqual([]);
  const real = new Caller(watched.service.url, await mint.sign(good));
  expect((await real.tool(change.name, change.arguments)).status).toBe(200);
  expect((await deedsOf(watched.tables)).records).toEqual(['ana bulk_tag_resources plan success']);
});
