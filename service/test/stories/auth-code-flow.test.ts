/** A client registers, a person signs in and consents, and the client gets tokens for exactly that. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { OAuthClient, redirectUri, whoami } from '../rigs/oauth-client.ts';

let rig: AuthRig;
let issuer: string;
beforeAll(async () => {
  rig = await startAuth();
  issuer = rig.config.PUBLIC_URL;
});
afterAll(() => rig.stop());

describe('a first connection', () => {
  it('ends in an access token for the person, the client and this resource', async () => {
    const client = await OAuthClient.registered(issuer);
    const tokens = await client.connect(new Browser(), 'ana');
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'tag:read' });
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: issuer,
      aud: `${issuer}/mcp`,
      sub: 'ana',
      client_id: client.clientId,
      scope: 'tag:read',
      roles: ['analyst'],
      gid: expect.any(String),
      auth_time: expect.any(Number),
    });
    const { json } = await whoami(issuer, tokens.access_token);
    expect(json).toMatchObject({ personId: 'ana', name: 'Ana the analyst', scopes: ['tag:read'] });
  });

  it('tells the person at the sign-in which app asks, and before they allow it where the answer goes and for how long', async () => {
    const client = await OAuthClient.registered(issuer, { client_name: 'Tidy agent' });
    const browser = new Browser();
    const signIn = await browser.open(client.authorizeUrl({ scope: 'tag:read tag:write' }), redirectUri);
    expect(textOn(signIn)).toContain('an app on this computer asks for access. It calls itself “Tidy agent”');
    const consent = textOn(await browser.submit(signIn, { person: 'ana' }, redirectUri));
    expect(consent).toContain(redirectUri);
    expect(consent).toContain('for 30 days');
    expect(consent).toContain('For 15 minutes');
    expect(textOn(await new Browser().open(`${issuer}/sign-in?return_to=/interaction/made-up`))).not.toContain(
      'asks for access',
    );
  });

  it('is on record: sign-in, consent and token, with the grant and never a token', async () => {
    const client = await OAuthClient.registered(issuer);
    const tokens = await client.connect(new Browser(), 'vera');
    const records = await rig.audited('vera');
    expect(records.map(({ tool, result }) => `${tool} ${result}`)).toEqual([
      'sign-in success',
      'consent success',
      'token success',
    ]);
    const gid = String(decodeJwt(tokens.access_token).gid);
    expect(records.slice(1).map(({ correlationId }) => correlationId)).toEqual([gid, gid]);
    // The client that takes the token is not the browser that consented: each record names who called.
    expect(records).toEqual(
      records.map(() => expect.objectContaining({ ipAddress: expect.any(String), userAgent: expect.any(String) })),
    );
    const secrets = [tokens.access_token, tokens.refresh_token ?? 'none'];
    for (const secret of secrets) expect(JSON.stringify(records) + rig.log.join('')).not.toContain(secret);
  });

  it('returns the state and the issuer beside the code', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const consent = await client.toConsent(browser, 'ana');
    const { url } = await browser.submit(consent, { decision: 'allow', scope: 'tag:read' }, redirectUri);
    expect(Object.fromEntries(url.searchParams)).toEqual({ code: expect.any(String), state: 'xyz', iss: issuer });
  });

  it('grants reading when the client names no scope and no resource', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const consent = await client.toConsent(browser, 'ana', { scope: undefined, resource: undefined });
    const back = await browser.submit(consent, { decision: 'allow', scope: 'tag:read' }, redirectUri);
    const { json } = await client.redeem(back.url.searchParams.get('code') ?? '');
    expect(decodeJwt(String(json.access_token))).toMatchObject({ scope: 'tag:read', aud: `${issuer}/mcp` });
  });

  it('ignores a scope the client registered with: it may ask for more later', async () => {
    const client = await OAuthClient.registered(issuer, { scope: 'tag:read' });
    const { scope } = await client.connect(new Browser(), 'ana', 'tag:read tag:write');
    expect(scope).toBe('tag:read tag:write');
  });
});

describe('the consent page', () => {
  it('names the redirect host, offers what was asked for, and shows what the roles refuse', async () => {
    const client = await OAuthClient.registered(issuer, { client_name: 'Nice <b>agent</b>\u202e' });
    const consent = await client.toConsent(new Browser(), 'ana', { scope: 'tag:read tag:write tag:approve admin' });
    expect(consent.status).toBe(200);
    expect(textOn(consent)).toContain('an app on this computer');
    expect(textOn(consent)).toContain('“Nice bagentb”');
    expect(consent.body).toMatch(/value="tag:read" checked/);
    expect(consent.body).toMatch(/value="tag:write"(?! checked)/);
    expect(consent.body).not.toContain('value="tag:approve"');
    expect(textOn(consent)).toMatch(/not yours to give.*tag:approve.*admin/);
  });

  it('grants what was ticked and nothing else', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana', 'tag:read tag:write', ['tag:read']);
    expect((await client.redeem(code)).json).toMatchObject({ scope: 'tag:read', expires_in: 3600 });
  });

  it('grants nothing outside the roles, or not asked for, even when a form says so', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana', 'tag:read tag:approve', ['tag:read', 'tag:approve', 'admin']);
    const { json } = await client.redeem(code);
    expect(json.scope).toBe('tag:read');
    const caller = await whoami(issuer, String(json.access_token));
    expect(caller.json.scopes).toEqual(['tag:read']);
  });

  it.each([
    ['refused', { decision: 'deny' }],
    ['allowed with nothing ticked', { decision: 'allow', scope: [] }],
  ])('tells the client when it was %s', async (_what, answer) => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const { url } = await browser.submit(await client.toConsent(browser, 'ana'), answer, redirectUri);
    expect(url.searchParams.get('error')).toBe('access_denied');
    expect((await rig.audited('ana')).at(-1)).toMatchObject({ tool: 'consent', result: 'blocked' });
  });

  it('asks each time: an earlier consent answers no later request', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    await client.connect(browser, 'ana');
    const again = await browser.open(client.authorizeUrl(), redirectUri);
    expect(again.url.pathname).toMatch(/^\/interaction\//);
    expect(again.body).toContain('name="decision"');
  });

  it('refuses a form without this session’s token, and grants nothing', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const consent = await client.toConsent(browser, 'ana');
    const forged = await browser.submit(consent, { decision: 'allow', scope: 'tag:read', csrf: 'forged' }, redirectUri);
    expect(forged.status).toBe(403);
    const honest = await browser.submit(consent, { decision: 'allow', scope: 'tag:read' }, redirectUri);
    expect(honest.url.searchParams.get('code')).not.toBeNull();
  });

  it('is for the person who signed in for it: another session in the same browser is refused', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const consent = await client.toConsent(browser, 'ana');
    const signIn = await browser.open(`${issuer}/sign-in?again=1&return_to=/`);
    await browser.submit(signIn, { person: 'ben' });
    expect((await browser.open(consent.url.href)).status).toBe(409);
    // Ben then starts his own: the session Ana left in the browser is not his.
    const own = await browser.open(client.authorizeUrl(), redirectUri);
    const back = await browser.submit(own, { decision: 'allow', scope: 'tag:read' }, redirectUri);
    const { json } = await client.redeem(back.url.searchParams.get('code') ?? '');
    expect(decodeJwt(String(json.access_token)).sub).toBe('ben');
  });

  it('is the one of its own address, whatever cookie is sent along', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const consent = await client.toConsent(browser, 'ana');
    const cookies = ['countersign', '_interaction', '_interaction.sig'];
    const cookie = cookies.map((name) => `${name}=${browser.cookie(name, consent.url.pathname)}`).join('; ');
    const open = async (path: string) => (await fetch(issuer + path, { headers: { cookie } })).status;
    expect(await open(consent.url.pathname)).toBe(200);
    expect(await open('/interaction/another')).toBe(409);
  });

  it('cannot be opened from another browser', async () => {
    const client = await OAuthClient.registered(issuer);
    const consent = await client.toConsent(new Browser(), 'ana');
    const stranger = new Browser();
    expect((await stranger.open(consent.url.href)).status).toBe(409);
  });
});
