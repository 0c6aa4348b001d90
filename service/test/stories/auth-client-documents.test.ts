/** Clients that are known by the address of their own metadata document. */
import { spawn } from 'node:child_process';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { OAuthClient, redirectUri } from '../rigs/oauth-client.ts';

const rigs: AuthRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

const documentUrl = 'https://agent.example.com/client.json';
const asked: string[] = [];
const serve =
  (document: Record<string, unknown>, headers: Record<string, string> = {}): typeof fetch =>
  async (input) => {
    asked.push(String(input));
    return Response.json(document, { headers });
  };
const start = async (document: Record<string, unknown>, environment: Record<string, string> = {}) => {
  asked.length = 0;
  const rig = await startAuth({
    fetch: serve({ client_id: documentUrl, client_name: 'Agent', ...document }),
    environment,
  });
  rigs.push(rig);
  return new OAuthClient(rig.config.PUBLIC_URL, documentUrl);
};
const errorOf = async (client: OAuthClient) => {
  const seen = await new Browser().open(client.authorizeUrl(), redirectUri);
  return seen.status === 400 ? 'page' : seen.url.pathname;
};

describe('a client id metadata document', () => {
  it('makes a client without registration, known by its host', async () => {
    const client = await start({ redirect_uris: [redirectUri] });
    const tokens = await client.connect(new Browser(), 'ana');
    expect(tokens.scope).toBe('tag:read');
    expect(asked).toEqual([documentUrl]);
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('has a step-up page like any other client', async () => {
    const client = await start({ redirect_uris: [redirectUri] });
    const browser = new Browser();
    await client.connect(browser, 'ana');
    const query = new URLSearchParams({ client_id: documentUrl, scope: 'tag:write' });
    const page = await browser.submit(await browser.open(`${client.issuer}/step-up?${query}`), { person: 'ana' });
    expect(textOn(page)).toContain('do more for 15 minutes?');
    expect(textOn(await browser.submit(page, {}))).toContain('Done: go back to the app');
  });

  it('may mix loopback, https and an app’s own scheme, as editors do', async () => {
    const client = await start({ redirect_uris: ['https://editor.example/redirect', redirectUri, 'editor://auth'] });
    expect((await client.connect(new Browser(), 'ana')).scope).toBe('tag:read');
    const consent = await client.toConsent(new Browser(), 'ana', { redirect_uri: 'https://editor.example/redirect' });
    expect(textOn(consent)).toContain('Allow editor.example to act for you?');
    expect(textOn(consent)).toContain('agent.example.com');
  });

  it('may hold what means nothing here, and leave empty what is optional', async () => {
    const client = await start({
      redirect_uris: [redirectUri],
      logo_uri: null,
      client_uri: 'http://plain.example/',
      tos_uri: '',
      contacts: [],
      token_endpoint_auth_method: null,
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    });
    expect((await client.connect(new Browser(), 'ana')).refresh_token).toEqual(expect.any(String));
  });

  it.each([
    ['leads to what the system owns', { redirect_uris: [redirectUri, 'ms-msdt:/id'] }],
    ['names another client id', { client_id: 'https://other.example/x', redirect_uris: [redirectUri] }],
    ['leads to plain http elsewhere', { redirect_uris: ['http://evil.example/cb'] }],
    ['holds a secret', { redirect_uris: [redirectUri], client_secret: 'x' }],
    ['is too big', { redirect_uris: [redirectUri], filler: 'x'.repeat(10_000) }],
  ])('is refused when it %s', async (_what, document) => {
    expect(await errorOf(await start(document))).toBe('page');
  });

  it('of a host that is not listed is not fetched', async () => {
    const client = await start({ redirect_uris: [redirectUri] }, { CLIENT_METADATA_HOSTS: 'claude.ai,vscode.dev' });
    expect(await errorOf(client)).toBe('page');
    expect(asked).toEqual([]);
  });

  it.each([
    'https://localhost/client.json',
    'https://127.0.0.1/client.json',
    'https://[::1]/client.json',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/client.json',
    'https://0x7f000001/client.json',
    'https://metadata.internal/client.json',
    'https://router.local/client.json',
    'https://me:secret@agent.example.com/client.json',
    'https://agent.example.com/a/../client.json',
    'http://agent.example.com/client.json',
  ])('at %s is not fetched', async (url) => {
    await start({ redirect_uris: [redirectUri] });
    const [rig] = rigs;
    expect(await errorOf(new OAuthClient(rig?.config.PUBLIC_URL ?? '', url))).toBe('page');
    expect(asked).toEqual([]);
  });
});

describe('where no document can be had', () => {
  const connect = async (answer: typeof fetch, environment: Record<string, string> = {}) => {
    const rig = await startAuth({ fetch: answer, environment });
    rigs.push(rig);
    const seen = await new Browser().open(
      new OAuthClient(rig.config.PUBLIC_URL, documentUrl).authorizeUrl(),
      redirectUri,
    );
    return { rig, seen, says: textOn(seen) };
  };

  it.each<[string, typeof fetch]>([
    ['without internet', () => Promise.reject(new TypeError('fetch failed'))],
    ['behind a proxy that refuses', async () => new Response('no', { status: 403 })],
  ])('the page says what an operator can do %s', async (_why, answer) => {
    let times = 0;
    const { seen, says } = await connect((...args) => {
      times++;
      return answer(...args);
    });
    expect([seen.status, times]).toEqual([400, 1]);
    expect(says).toContain('this service could not read agent.example.com');
    expect(says).toContain('allow it to reach agent.example.com, or set CLIENT_METADATA_HOSTS=none');
    expect(says).toContain('on your own computer, stop it, start it again with CLIENT_METADATA_HOSTS=none');
    expect(says).not.toContain('maker');
  });

  it('the page names the setting that leaves the host out', async () => {
    const { says } = await connect(serve({}), { CLIENT_METADATA_HOSTS: 'claude.ai' });
    expect(says).toContain('can add agent.example.com to CLIENT_METADATA_HOSTS');
  });

  it('still blames the app for a document that is wrong', async () => {
    asked.length = 0;
    const { says } = await connect(serve({ client_id: documentUrl, redirect_uris: ['http://evil.example/cb'] }));
    expect(asked).toEqual([documentUrl]);
    expect(says).toContain('ask the maker of the app to fix it');
  });

  it('CLIENT_METADATA_HOSTS=none neither advertises nor fetches, and registration goes on', async () => {
    asked.length = 0;
    const { rig, seen, says } = await connect(serve({ client_id: documentUrl, redirect_uris: [redirectUri] }), {
      CLIENT_METADATA_HOSTS: 'none',
    });
    expect([seen.status, asked]).toEqual([400, []]);
    expect(says).toContain('CLIENT_METADATA_HOSTS=none');
    for (const path of ['oauth-authorization-server', 'openid-configuration']) {
      const response = await fetch(`${rig.config.PUBLIC_URL}/.well-known/${path}`);
      const metadata: unknown = await response.json();
      expect(metadata).toHaveProperty('registration_endpoint');
      expect(metadata).not.toHaveProperty('client_id_metadata_document_supported');
    }
    const client = await OAuthClient.registered(rig.config.PUBLIC_URL);
    expect((await client.connect(new Browser(), 'ana')).scope).toBe('tag:read');
  });
});

describe('a public name that leads to a private address', () => {
  it('is not asked for a document: the guard holds, in a process of its own', async () => {
    const output = await run(new URL('../rigs/rebound-document.ts', import.meta.url).pathname);
    // Not even a connection: the only one is the test's own.
    expect(JSON.parse(output)).toEqual({ reached: ['/plain'], connections: 1, status: 400 });
  });
});

const run = (script: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      err += String(chunk);
    });
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(err))));
  });
