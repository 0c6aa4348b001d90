/** How long tokens last, how they are renewed, and which are refused. */
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser } from '../rigs/browser.ts';
import { type Answer, OAuthClient, Tokens, whoami } from '../rigs/oauth-client.ts';

let rig: AuthRig;
let issuer: string;
beforeEach(async () => {
  rig = await startAuth();
  issuer = rig.config.PUBLIC_URL;
});
afterEach(() => rig.stop());

const connect = async (person = 'ana', scope = 'tag:read') => {
  const client = await OAuthClient.registered(issuer);
  return { client, tokens: await client.connect(new Browser(), person, scope) };
};
const parse = ({ json }: Answer): Tokens => Tokens.parse(json);

describe('an access token', () => {
  it('lives an hour for reading, and a quarter with anything more', async () => {
    const reading = decodeJwt((await connect()).tokens.access_token);
    expect((reading.exp ?? 0) - (reading.iat ?? 0)).toBe(3600);
    const writing = decodeJwt((await connect('ana', 'tag:read tag:write')).tokens.access_token);
    expect((writing.exp ?? 0) - (writing.iat ?? 0)).toBe(900);
  });

  it('is refused once it has expired, also when it was seen before', async () => {
    const { tokens } = await connect();
    expect((await whoami(issuer, tokens.access_token)).status).toBe(200);
    rig.advance(3601);
    const { status, headers } = await whoami(issuer, tokens.access_token);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="The access token has expired", scope="tag:read", resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  it('is asked for without an error when there is none', async () => {
    const { status, headers } = await whoami(issuer, undefined);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer scope="tag:read", resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
    );
  });

  it('is not accepted in the query, in another scheme, or twice', async () => {
    const { tokens } = await connect();
    const ask = (url: string, authorization?: string) =>
      fetch(url, { headers: authorization === undefined ? {} : { authorization } });
    expect((await ask(`${issuer}/whoami?access_token=${tokens.access_token}`)).status).toBe(401);
    expect((await ask(`${issuer}/whoami`, `Basic ${tokens.access_token}`)).status).toBe(401);
    expect((await ask(`${issuer}/whoami`, `Bearer ${tokens.access_token}, Bearer x`)).status).toBe(401);
  });
});

describe('a forged token', () => {
  const claimsOf = async (): Promise<JWTPayload> => decodeJwt((await connect()).tokens.access_token);
  const reasonOf = async (token: string): Promise<unknown> => {
    const { status, json } = await whoami(issuer, token);
    expect(status).toBe(401);
    return json.message;
  };
  const ownKey = async () => {
    const { items } = await rig.tables.query('signing-keys', { index: 'keySet-createdAt-index', partition: 'current' });
    const row = items[0];
    const text = row && rig.auth.secrets.sealer.open(row.encryptedPrivateJwk, `signing-key/${row.keyId}`);
    return JSON.parse(text ?? '{}');
  };
  const signed = async (claims: JWTPayload, header: Record<string, string> = {}) => {
    const key = await ownKey();
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header }).sign(key);
  };

  it('is accepted only when nothing was changed (the tests below differ from this one in one thing each)', async () => {
    expect((await whoami(issuer, await signed(await claimsOf()))).status).toBe(200);
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example' }, /another issuer/],
    ['for another resource', { aud: 'https://elsewhere.example/mcp' }, /another resource/],
    ['for this resource among others', { aud: ['https://elsewhere.example/mcp', 'MINE'] }, /another resource/],
    ['that has expired', { exp: 1 }, /expired/],
    ['of an unknown grant', { gid: 'made-up' }, /revoked/],
    ['of an unknown person', { sub: 'mallory' }, /revoked/],
    ['of a person who is not the grant’s', { sub: 'ben' }, /revoked/],
    ['without a grant', { gid: undefined }, /not valid/],
    ['without an expiry', { exp: undefined }, /not valid/],
  ])('%s is refused', async (_what, change: JWTPayload, reason) => {
    const aud = Array.isArray(change.aud)
      ? change.aud.map((one) => (one === 'MINE' ? `${issuer}/mcp` : one))
      : undefined;
    const token = await signed({ ...(await claimsOf()), ...change, ...(aud && { aud }) });
    expect(await reasonOf(token)).toMatch(reason);
  });

  it('of the type of an ID token is refused', async () => {
    expect(await reasonOf(await signed(await claimsOf(), { typ: 'JWT' }))).toMatch(/not valid/);
  });

  it('without a signature is refused', async () => {
    const bare = new UnsecuredJWT(await claimsOf()).encode();
    expect(await reasonOf(bare)).toMatch(/not valid|not accepted/);
    const [, payload] = bare.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    expect(await reasonOf(`${header}.${payload}.`)).toMatch(/not accepted/);
  });

  it('of another algorithm is refused, even when keyed with our public key', async () => {
    const { d: _d, ...publicJwk } = await ownKey();
    const hmac = await new SignJWT(await claimsOf())
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: publicJwk.kid })
      .sign(new TextEncoder().encode(JSON.stringify(publicJwk)));
    expect(await reasonOf(hmac)).toMatch(/not accepted/);
    const rsa = await generateKeyPair('RS256', { extractable: true });
    const other = await new SignJWT(await claimsOf())
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: publicJwk.kid })
      .sign(rsa.privateKey);
    expect(await reasonOf(other)).toMatch(/not accepted/);
  });

  it('of another key is refused, whether or not it borrows our key id or brings its own key', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const { kid } = await ownKey();
    for (const header of [{ kid }, { kid: 'unknown' }, { jwk: await exportJWK(pair.publicKey) }]) {
      const token = await new SignJWT(await claimsOf())
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...header })
        .sign(pair.privateKey);
      expect(await reasonOf(token)).toMatch(/not signed by a known key/);
    }
  });

  it.each(['x', 'a.b', 'a.b.c', 'ä.b.c', `${'a'.repeat(50)}.b.c`])('such as %s is refused', async (token) => {
    expect(await reasonOf(token)).toMatch(/not valid|not signed/);
  });
});

describe('a refresh token', () => {
  it('is not in the store, nor is any code, session or secret', async () => {
    const { client, tokens } = await connect();
    const browser = new Browser();
    await client.code(browser, 'ben');
    // And one authorization that is still waiting for an answer.
    await client.toConsent(browser, 'ben');
    const rows = [];
    for (const table of ['oauth-artifacts', 'oauth-sessions', 'web-sessions'] as const)
      rows.push(...(await rig.tables.scan(table, { limit: 1000 })).items);
    const stored = JSON.stringify(rows);
    const secrets = [
      tokens.access_token,
      tokens.refresh_token,
      ...['countersign', '_session', '_interaction'].map((name) => browser.cookie(name)),
    ];
    for (const secret of secrets) {
      expect(secret).toEqual(expect.any(String));
      expect(stored).not.toContain(secret);
    }
  });

  it('gives no more than reading once the sign-in is a quarter of an hour old', async () => {
    const { client, tokens } = await connect('ana', 'tag:read tag:write');
    rig.advance(600);
    const early = parse(await client.refresh(tokens.refresh_token));
    expect(early.scope).toBe('tag:read tag:write');
    expect(early.expires_in).toBeGreaterThan(290);
    expect(early.expires_in).toBeLessThanOrEqual(300);
    rig.advance(301);
    const late = parse(await client.refresh(early.refresh_token));
    expect(late).toMatchObject({ scope: 'tag:read', expires_in: 3600 });
    expect(
      (await client.token({ grant_type: 'refresh_token', refresh_token: late.refresh_token ?? '', scope: 'tag:write' }))
        .json.scope,
    ).not.toBe('tag:write');
  });
});

describe('a grant of writing alone', () => {
  it('fades to the reading that it implies', async () => {
    const { client, tokens } = await connect('ana', 'tag:write');
    expect(tokens.scope).toBe('tag:read tag:write');
    rig.advance(901);
    const late = parse(await client.refresh(tokens.refresh_token));
    expect(late.scope).toBe('tag:read');
    expect((await whoami(issuer, late.access_token)).json.scopes).toEqual(['tag:read']);
  });

  it('fades so too where the client asks to refresh writing', async () => {
    const { client, tokens } = await connect('ana', 'tag:write');
    rig.advance(901);
    const refresh_token = tokens.refresh_token ?? '';
    const late = await client.token({ grant_type: 'refresh_token', refresh_token, scope: 'tag:write' });
    expect(late.json.scope).toBe('tag:read');
  });

  it('given without the box for reading is given with it', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana', 'tag:read tag:write', ['tag:write']);
    expect((await client.redeem(code)).json.scope).toBe('tag:read tag:write');
  });

  it('is not what a client gets that asks for no scope of this service', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana', 'openid offline_access claudeai', ['tag:read']);
    expect((await client.redeem(code)).json.scope).toBe('tag:read');
  });
});

describe('revocation', () => {
  it.each(['refresh_token', 'access_token'] as const)('of the %s ends both', async (which) => {
    const { client, tokens } = await connect();
    expect((await whoami(issuer, tokens.access_token)).status).toBe(200);
    expect((await client.revoke(tokens[which] ?? '')).status).toBe(200);
    rig.advance(5);
    const { status, json } = await whoami(issuer, tokens.access_token);
    expect([status, json.message]).toEqual([401, expect.stringContaining('was revoked')]);
    expect((await client.refresh(tokens.refresh_token)).json.error).toBe('invalid_grant');
  });

  it('is for the client’s own tokens, and silent about others', async () => {
    const { tokens } = await connect();
    const other = await OAuthClient.registered(issuer);
    for (const token of [tokens.access_token, tokens.refresh_token ?? '', 'nonsense', 'a.b.c'])
      expect((await other.revoke(token)).status).toBe(200);
    rig.advance(5);
    expect((await whoami(issuer, tokens.access_token)).status).toBe(200);
  });
});
