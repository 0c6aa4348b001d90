/** What the authorization server refuses. */
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { OAuthClient, redirectUri, whoami } from '../rigs/oauth-client.ts';

let rig: AuthRig;
let issuer: string;
beforeAll(async () => {
  rig = await startAuth({ environment: { CLIENT_REGISTRATIONS_PER_HOUR: '1000' } });
  issuer = rig.config.PUBLIC_URL;
});
afterAll(() => rig.stop());

const errorAt = async (parameters: Record<string, string | undefined>): Promise<string | null> => {
  const client = await OAuthClient.registered(issuer);
  const { url } = await new Browser().open(client.authorizeUrl(parameters), redirectUri);
  return url.searchParams.get('error') ?? new URLSearchParams(url.hash.slice(1)).get('error');
};

describe('an authorization request', () => {
  it.each([
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['another resource', { resource: 'https://elsewhere.example/mcp' }, 'invalid_target'],
    ['a resource with a slash more', { resource: 'http://localhost/mcp/' }, 'invalid_target'],
    ['a token instead of a code', { response_type: 'token' }, 'unsupported_response_type'],
    ['no questions asked', { prompt: 'none' }, 'login_required'],
  ])('with %s is refused', async (_what, parameters, error) => {
    expect(await errorAt(parameters)).toBe(error);
  });

  it.each([
    ['an account to choose', { prompt: 'select_account' }],
    ['a prompt nobody knows', { prompt: 'create something' }],
    ['an account to choose, and consent', { prompt: 'select_account consent' }],
    ['an age nobody can read', { max_age: 'soon' }],
    ['an age without an ID token', { max_age: '60' }],
    ['a hint of an old token', { id_token_hint: 'x.y.z' }],
    [
      'hints and members of other standards',
      { ui_locales: 'x', display: 'x', acr_values: 'x', login_hint: 'x', claims: '{', nonce: 'n', made_up: '1' },
    ],
  ])('with %s goes on to the sign-in', async (_what, parameters) => {
    const client = await OAuthClient.registered(issuer);
    const seen = await new Browser().open(client.authorizeUrl(parameters), redirectUri);
    expect([seen.status, seen.url.pathname]).toEqual([200, '/sign-in']);
  });

  it('to choose an account has its person sign in again, whoever is signed in', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    await client.connect(browser, 'ana');
    const seen = await browser.open(client.authorizeUrl({ prompt: 'select_account' }), redirectUri);
    expect([seen.url.pathname, seen.url.searchParams.get('again')]).toEqual(['/sign-in', '1']);
  });

  it('with a redirect URI that was not registered ends on a page and goes nowhere', async () => {
    const client = await OAuthClient.registered(issuer);
    const seen = await new Browser().open(client.authorizeUrl({ redirect_uri: 'https://evil.example/' }));
    expect([seen.status, seen.url.origin]).toEqual([400, issuer]);
    expect(seen.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(textOn(seen)).toContain('This app’s request cannot be answered');
  });

  it('of an unknown client ends on a page', async () => {
    const seen = await new Browser().open(new OAuthClient(issuer, 'nobody').authorizeUrl());
    expect(seen.status).toBe(400);
    expect(textOn(seen)).toContain('does not know the app any more');
  });

  it('may use another port of a registered loopback address, and no other host', async () => {
    const client = await OAuthClient.registered(issuer);
    const otherPort = 'http://127.0.0.1:9999/callback';
    const seen = await new Browser().open(client.authorizeUrl({ redirect_uri: otherPort, prompt: 'none' }), otherPort);
    expect(seen.url.searchParams.get('error')).toBe('login_required');
    const otherPath = await new Browser().open(client.authorizeUrl({ redirect_uri: 'http://127.0.0.1:7777/other' }));
    expect(otherPath.status).toBe(400);
  });
});

describe('a code', () => {
  it('redeemed four times at once yields one token', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana');
    const answers = await Promise.all([1, 2, 3, 4].map(() => client.redeem(code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
  });

  it('redeemed again later revokes what it gave', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana');
    const token = String((await client.redeem(code)).json.access_token);
    expect((await client.redeem(code)).json.error).toBe('invalid_grant');
    expect((await whoami(issuer, token)).status).toBe(401);
  });

  it.each([
    ['another verifier', { code_verifier: 'a'.repeat(43) }],
    ['another redirect URI', { redirect_uri: 'http://127.0.0.1:1/callback' }],
  ])('with %s is refused', async (_what, parameters) => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana');
    expect((await client.redeem(code, parameters)).json.error).toBe('invalid_grant');
  });

  it('for another resource is refused', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana');
    expect((await client.redeem(code, { resource: `${issuer}/other` })).json.error).toBe('invalid_target');
  });

  it('of one client is worth nothing to another', async () => {
    const client = await OAuthClient.registered(issuer);
    const other = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana');
    const stolen = await other.redeem(code, { code_verifier: client.verifier });
    expect(stolen.json.error).toBe('invalid_grant');
  });
});

describe('a registration', () => {
  it.each([
    ['plain http elsewhere', { redirect_uris: ['http://evil.example/cb'] }],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }],
    ['too many URIs', { redirect_uris: Array.from({ length: 11 }, (_, i) => `https://a.example/${i}`) }],
    ['no URIs', { redirect_uris: [] }],
    ['a password in the URI', { redirect_uris: ['https://me:secret@a.example/'] }],
    ['a number for a URI', { redirect_uris: [42] }],
  ])('with %s is refused', async (_what, metadata) => {
    const { status, json } = await OAuthClient.register(issuer, metadata);
    expect([status, json.error]).toEqual([400, expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/)]);
  });

  it('keeps the supported part of what VS Code asks for, and says what that is', async () => {
    const { status, json } = await OAuthClient.register(issuer, {
      client_name: 'Visual Studio Code',
      client_uri: 'https://code.visualstudio.com',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1:33418/', 'https://vscode.dev/redirect', redirectUri],
      logo_uri: null,
      contacts: [],
      software_statement: 'x',
    });
    expect([status, json.grant_types]).toEqual([201, ['authorization_code', 'refresh_token']]);
    const client = new OAuthClient(issuer, String(json.client_id));
    expect((await client.connect(new Browser(), 'ana')).refresh_token).toEqual(expect.any(String));
  });

  it('keeps no picture, no link and no markup, and hands out no secret to a public client', async () => {
    const { json } = await OAuthClient.register(issuer, {
      client_name: '<script>x</script>',
      logo_uri: 'https://evil.example/pixel.gif',
      client_uri: 'https://evil.example/',
    });
    expect(json).toMatchObject({ client_name: 'scriptxscript', token_endpoint_auth_method: 'none' });
    for (const member of ['logo_uri', 'client_uri', 'client_secret']) expect(json).not.toHaveProperty(member);
  });

  it('gives a confidential client a secret that works and is not in the store', async () => {
    const { json } = await OAuthClient.register(issuer, { token_endpoint_auth_method: 'client_secret_post' });
    const secret = String(json.client_secret);
    const client = new OAuthClient(issuer, String(json.client_id));
    const code = await client.code(new Browser(), 'ana');
    expect((await client.redeem(code)).json.error).toBe('invalid_client');
    expect((await client.redeem(code, { client_secret: `${secret}x` })).json.error).toBe('invalid_client');
    expect((await client.redeem(code, { client_secret: secret })).status).toBe(200);
    const row = await rig.tables.get('oauth-artifacts', { artifactId: `Client/${client.clientId}` });
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it('is forgotten after a day without use, and kept for half a year after its last token', async () => {
    const [unused, used] = [await OAuthClient.registered(issuer), await OAuthClient.registered(issuer)];
    const tokens = await used.connect(new Browser(), 'ana');
    rig.advance(86_401);
    const gone = await new Browser().open(unused.authorizeUrl());
    expect([gone.status, textOn(gone)]).toEqual([400, expect.stringContaining('add it again')]);
    expect((await used.refresh(tokens.refresh_token)).status).toBe(200);
    rig.advance(179 * 86_400);
    expect((await new Browser().open(used.authorizeUrl(), redirectUri)).url.pathname).toBe('/sign-in');
  });

  it('is held to a number an hour for each address', async () => {
    const limited = await startAuth({ environment: { CLIENT_REGISTRATIONS_PER_HOUR: '2' } });
    try {
      const { PUBLIC_URL } = limited.config;
      const statuses = [];
      for (let i = 0; i < 3; i++) statuses.push((await OAuthClient.register(PUBLIC_URL)).status);
      expect(statuses).toEqual([201, 201, 429]);
      limited.advance(3601);
      expect((await OAuthClient.register(PUBLIC_URL)).status).toBe(201);
    } finally {
      await limited.stop();
    }
  });
});

describe('a sign-in', () => {
  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:x=y/../..//evil.example',
  ])('that would return to %j stays here', async (returnTo) => {
    const browser = new Browser();
    const seen = await browser.open(`${issuer}/sign-in?${new URLSearchParams({ return_to: returnTo })}`);
    const after = await browser.submit(seen, { person: 'ana', return_to: returnTo });
    expect(after.url.origin).toBe(issuer);
  });

  it('needs the form of this browser', async () => {
    const browser = new Browser();
    const seen = await browser.open(`${issuer}/sign-in`);
    expect((await browser.submit(seen, { person: 'ana', csrf: 'x' })).status).toBe(403);
    // A form that another browser was shown signs nobody in here: login CSRF.
    const victim = new Browser();
    const csrf = /name="csrf" value="([^"]+)"/.exec(seen.body)?.[1] ?? '';
    const body = new URLSearchParams({ csrf, person: 'ada' });
    expect((await victim.request(`${issuer}/sign-in`, { method: 'POST', body })).status).toBe(403);
    expect(victim.cookie('countersign')).toBeUndefined();
  });

  it('gives the browser a new session id, whatever it had before', async () => {
    const browser = new Browser();
    browser.plant(issuer, 'countersign', 'planted-by-an-attacker');
    const seen = await browser.open(`${issuer}/sign-in`);
    await browser.submit(seen, { person: 'ana' });
    const first = browser.cookie('countersign');
    expect(first).not.toBe('planted-by-an-attacker');
    await browser.submit(await browser.open(`${issuer}/sign-in?again=1`), { person: 'ana' });
    expect(browser.cookie('countersign')).not.toBe(first);
    const old = new Browser();
    old.plant(issuer, 'countersign', first ?? '');
    expect((await old.open(`${issuer}/sign-in`)).url.pathname).toBe('/sign-in');
  });

  it('ends with sign-out, for that browser at once', async () => {
    const browser = new Browser();
    await browser.submit(await browser.open(`${issuer}/sign-in`), { person: 'ana' });
    expect((await browser.open(`${issuer}/sign-in?return_to=/whoami`)).url.pathname).toBe('/whoami');
    const page = await browser.open(`${issuer}/sign-in?again=1`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const refused = await browser.request(`${issuer}/sign-out`, { method: 'POST', body: new URLSearchParams({}) });
    expect(refused.status).toBe(403);
    await browser.request(`${issuer}/sign-out`, { method: 'POST', body: new URLSearchParams({ csrf }) });
    expect((await browser.open(`${issuer}/sign-in?return_to=/whoami`)).url.pathname).toBe('/sign-in');
  });
});
