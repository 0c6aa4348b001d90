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
const seconds = () => Math.floor(Date.now() / 1000);
const token = (claims: JWTPayload = {}, header: Record<string, string | undefined> = {}) =>
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
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: keys.publicJwk.kid ?? '', ...header })
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
      await token({ scope: undefined, scp: scopes, client_id: undefined, azp: 'app', auth_time: seconds() }),
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
    ['that is not valid yet', { nbf: seconds() + 600 }, 'not valid yet'],
    ['whose nbf is no time', { nbf: 'soon' as never }, 'not valid'],
    ['that is an ID token by its claims', { at_hash: 'x' }, 'not valid: its type'],
    ['without a client', { client_id: undefined }, 'not valid'],
  ])('%s is refused', async (_what, change: JWTPayload, reason) => {
    const aud = Array.isArray(change.aud) ? [`${issuer}/mcp`, 'agent'] : undefined;
    const { status, json } = await whoami(issuer, await token({ ...change, ...(aud && { aud }) }));
    expect([status, json.message]).toEqual([401, expect.stringContaining(reason)]);
  });

  it('may be for us in a list, and for its own issuer besides', async () => {
    const us = `${issuer}/mcp`;
    for (const aud of [[us], [us, `${outside}/userinfo`], [outside, us]])
      expect((await whoami(issuer, await token({ aud }))).status).toBe(200);
    expect((await whoami(issuer, await token({ aud: [us, `${outside}.evil.example/`] }))).status).toBe(401);
  });

  it('may be of a clock that is half a minute ahead', async () => {
    expect((await whoami(issuer, await token({ nbf: seconds() + 25, iat: seconds() + 25 }))).status).toBe(200);
  });

  it.each(['JWT', 'logout+jwt', undefined])('of type %s is refused', async (typ) => {
    const { status, json } = await whoami(issuer, await token({}, { typ }));
    expect([status, json.message]).toEqual([401, expect.stringContaining('its type (typ) is not at+jwt')]);
  });

  it.each(['application/at+jwt', 'AT+JWT'])('may spell its type %s', async (typ) => {
    expect((await whoami(issuer, await token({}, { typ }))).status).toBe(200);
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

describe('an elevated scope in a token of AUTH_ISSUER', () => {
  const scope = 'tag:read tag:write';
  const scopesWith = async (auth_time: unknown) => {
    const { status, json } = await whoami(issuer, await token({ scope, auth_time }));
    return [status, json.scopes];
  };

  it('counts for 15 minutes after the sign-in that auth_time proves', async () => {
    expect(await scopesWith(seconds())).toEqual([200, ['tag:read', 'tag:write']]);
    expect(await scopesWith(seconds() - 880)).toEqual([200, ['tag:read', 'tag:write']]);
    const signedIn = await token({ scope, auth_time: seconds(), exp: seconds() + 3600 });
    expect((await whoami(issuer, signedIn, 'tag:write')).status).toBe(200);
    rig.advance(901);
    const late = await whoami(issuer, signedIn, 'tag:write');
    expect([late.status, late.json.message]).toEqual([403, expect.stringContaining('after a new sign-in')]);
  });

  it.each([
    ['is absent', () => undefined],
    ['is old', () => seconds() - 10_800],
    ['is 0', () => 0],
    ['is a text', () => String(seconds())],
    ['is in milliseconds', () => Date.now()],
    ['is in the future', () => seconds() + 600],
  ])('does not count where auth_time %s', async (_what, auth_time) => {
    expect(await scopesWith(auth_time())).toEqual([200, ['tag:read']]);
  });
});

describe('with AUTH_TOKEN_TYPE=JWT', () => {
  it('an access token may be of type JWT or none, and an ID token is refused by its claims', async () => {
    const other = await startAuth({
      environment: { AUTH_ISSUER: outside, AUTH_TOKEN_TYPE: 'JWT', ROLE_MAP: '{"finops":["analyst"]}' },
    });
    const at = other.config.PUBLIC_URL;
    const ask = async (claims: JWTPayload, typ: string | undefined) =>
      (await whoami(at, await token({ aud: `${at}/mcp`, ...claims }, { typ }))).status;
    try {
      for (const typ of ['JWT', undefined, 'at+jwt']) expect(await ask({}, typ)).toBe(200);
      for (const mark of [{ at_hash: 'x' }, { token_use: 'id' }, { typ: 'ID' }])
        expect(await ask(mark, 'JWT')).toBe(401);
      expect(await ask({}, 'logout+jwt')).toBe(401);
    } finally {
      await other.stop();
    }
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
