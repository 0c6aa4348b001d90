/** With AUTH_ISSUER the service issues nothing and checks what another issuer's tokens say. */
import { createServer, type Server } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { whoami } from '../rigs/oauth-client.ts';
import { freePort } from '../servers/server.ts';

let server: Server;
let outside: string;
let keys: { publicJwk: JWK; privateKey: CryptoKey };
let asked: string[];
let broken: boolean;
let rig: AuthRig;
let issuer: string;

const newKey = async (kid: string) => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  return { publicJwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256' }, privateKey: pair.privateKey };
};
const token = (claims: JWTPayload = {}, header: Record<string, string> = {}) =>
  new SignJWT({
    iss: outside,
    aud: `${issuer}/mcp`,
    sub: 'idp|1',
    client_id: 'agent',
    scope: 'openid tag:read',
    groups: ['finops'],
    name: 'Rosa',
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 300,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: keys.publicJwk.kid ?? '', ...header })
    .sign(keys.privateKey);

beforeEach(async () => {
  asked = [];
  broken = false;
  keys = await newKey('one');
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration')
      return void response.end(JSON.stringify({ issuer: outside, jwks_uri: `${outside}/keys` }));
    if (request.url === '/keys' && !broken) return void response.end(JSON.stringify({ keys: [keys.publicJwk] }));
    response.statusCode = 404;
    return void response.end('{}');
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  outside = `http://localhost:${port}`;
  rig = await startAuth({
    environment: { AUTH_ISSUER: outside, ROLE_MAP: '{"finops":["analyst"]}' },
  });
  issuer = rig.config.PUBLIC_URL;
});
afterEach(async () => {
  await rig.stop();
  await new Promise((resolve) => server.close(resolve));
});

describe('a token of AUTH_ISSUER', () => {
  it('makes a caller with the roles of its groups, its keys read once', async () => {
    for (let i = 0; i < 3; i++)
      expect((await whoami(issuer, await token({ jti: String(i) }))).json).toMatchObject({
        personId: 'idp|1',
        name: 'Rosa',
        clientId: 'agent',
        roles: ['analyst'],
        scopes: ['tag:read'],
      });
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('may name things as other providers do', async () => {
    const scopes = [`${issuer}/mcp/tag:read`, `${issuer}/mcp/tag:write`];
    const { json } = await whoami(
      issuer,
      await token({ scope: undefined, scp: scopes, client_id: undefined, azp: 'app' }),
    );
    expect(json).toMatchObject({ clientId: 'app', scopes: ['tag:read', 'tag:write'] });
  });

  it('gets no scope its person’s roles do not allow', async () => {
    const { json } = await whoami(issuer, await token({ scope: 'tag:read tag:write admin', groups: [] }));
    expect(json.scopes).toEqual([]);
  });

  it.each([
    ['for another audience, such as an ID token', { aud: 'agent' }, 'another resource'],
    ['for several audiences', { aud: ['agent', 'MINE'] }, 'another resource'],
    ['of another issuer', { iss: 'https://evil.example' }, 'another issuer'],
    ['that has expired', { exp: 1 }, 'expired'],
    ['without a client', { client_id: undefined }, 'not valid'],
  ])('%s is refused', async (_what, change: JWTPayload, reason) => {
    const aud = Array.isArray(change.aud) ? [`${issuer}/mcp`, 'agent'] : undefined;
    const { status, json } = await whoami(issuer, await token({ ...change, ...(aud && { aud }) }));
    expect([status, json.message]).toEqual([401, expect.stringContaining(reason)]);
  });

  it('of a key that is not published is refused', async () => {
    const good = await token();
    keys = { ...(await newKey('one')), publicJwk: keys.publicJwk };
    expect((await whoami(issuer, await token())).status).toBe(401);
    expect((await whoami(issuer, good)).status).toBe(200);
  });

  it('is answered 502, not 401, while its issuer does not answer', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect((await whoami(issuer, await token())).status).toBe(502);
  });

  it('is answered 502 while the keys do not come, and is looked at again when they do', async () => {
    broken = true;
    expect((await whoami(issuer, await token())).status).toBe(502);
    broken = false;
    expect((await whoami(issuer, await token())).status).toBe(200);
  });
});

describe('the service', () => {
  it('sends clients to AUTH_ISSUER and issues nothing itself', async () => {
    const metadata = await (await fetch(`${issuer}/.well-known/oauth-protected-resource`)).json();
    expect(metadata).toMatchObject({ resource: `${issuer}/mcp`, authorization_servers: [outside] });
    for (const path of ['/.well-known/oauth-authorization-server', '/oauth/jwks', '/oauth/auth'])
      expect((await fetch(issuer + path)).status).toBe(404);
  });
});
