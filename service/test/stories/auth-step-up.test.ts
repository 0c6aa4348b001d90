/** From reading to more: by authorizing again, by a refused refresh, and by a person at the step-up page. */
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser, textOn } from '../rigs/browser.ts';
import { type Answer, OAuthClient, redirectUri, type Tokens, whoami } from '../rigs/oauth-client.ts';

let rig: AuthRig;
let issuer: string;
let client: OAuthClient;
let browser: Browser;
let tokens: Tokens;
beforeEach(async () => {
  rig = await startAuth();
  issuer = rig.config.PUBLIC_URL;
  client = await OAuthClient.registered(issuer);
  browser = new Browser();
  tokens = await client.connect(browser, 'ana');
});
afterEach(() => rig.stop());

const write = (token = tokens.access_token): Promise<Answer> => whoami(issuer, token, 'tag:write');
const scopesOf = ({ json }: Answer) => json.scopes;

describe('a call that needs more', () => {
  it('is answered 403 with granted and needed scopes, and the page in the body', async () => {
    const { status, headers, json } = await write();
    expect(status).toBe(403);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", error_description="This call needs tag:write", scope="tag:read tag:write", resource_metadata="${issuer}/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(json).toMatchObject({
      error: 'insufficient_scope',
      required_scope: 'tag:write',
      granted_scopes: ['tag:read'],
      step_up_url: `${issuer}/step-up?client_id=${client.clientId}&scope=tag%3Awrite`,
    });
  });

  it('tells whose roles do not allow it', async () => {
    const vera = await client.connect(new Browser(), 'vera');
    expect((await write(vera.access_token)).json.message).toMatch(/^Your roles \(viewer\) do not include tag:write/);
  });
});

describe('stepping up by authorizing again', () => {
  it('asks a signed-in person to sign in again, then to consent', async () => {
    const signIn = await browser.open(client.authorizeUrl({ scope: 'tag:read tag:write' }), redirectUri);
    expect(signIn.url.pathname).toBe('/sign-in');
    expect(textOn(signIn)).toContain('Sign in again');
    const consent = await browser.submit(signIn, { person: 'ana' }, redirectUri);
    const scope = ['tag:read', 'tag:write'];
    const back = await browser.submit(consent, { decision: 'allow', scope }, redirectUri);
    const { json } = await client.redeem(back.url.searchParams.get('code') ?? '');
    expect(json).toMatchObject({ scope: 'tag:read tag:write', expires_in: 900 });
    expect((await write(String(json.access_token))).status).toBe(200);
    expect(rig.counted).toContain('StepUps token');
  });

  it('counts from the sign-in, however long its person then reads the consent page', async () => {
    const consent = await client.toConsent(browser, 'ana', { scope: 'tag:write', prompt: 'login' });
    rig.advance(300);
    const back = await browser.submit(consent, { decision: 'allow', scope: 'tag:write' }, redirectUri);
    const { json } = await client.redeem(back.url.searchParams.get('code') ?? '');
    expect(json.expires_in).toBeGreaterThan(640);
    expect(json.expires_in).toBeLessThanOrEqual(660);
  });

  it('is not got around by leaving out that it is asked again', async () => {
    const signIn = await browser.open(client.authorizeUrl({ scope: 'tag:write' }), redirectUri);
    const back = new URL(signIn.url);
    back.searchParams.delete('again');
    const still = await browser.open(back.href, redirectUri);
    expect(still.url.pathname).toBe('/sign-in');
    expect(still.url.searchParams.get('again')).toBe('1');
    const direct = await browser.open(`${issuer}${signIn.url.searchParams.get('return_to')}`, redirectUri);
    expect(direct.url.pathname).toBe('/sign-in');
  });

  it('leaves the earlier token as it was, and each authorization is a grant of its own', async () => {
    const elevated = await client.connect(browser, 'ana', 'tag:read tag:write');
    expect(scopesOf(await whoami(issuer, tokens.access_token))).toEqual(['tag:read']);
    expect((await client.revoke(elevated.access_token)).status).toBe(200);
    rig.advance(5);
    expect((await write(elevated.access_token)).status).toBe(401);
    expect((await whoami(issuer, tokens.access_token)).status).toBe(200);
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
  });
});

describe('a client that refreshes in place of stepping up', () => {
  it('is refused once, so that it authorizes again, and only within a minute', async () => {
    await write();
    expect((await client.refresh(tokens.refresh_token)).json.error).toBe('invalid_grant');
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
    await write();
    rig.advance(61);
    const late = await client.connect(browser, 'ana');
    expect((await client.refresh(late.refresh_token)).status).toBe(200);
  });

  it('is refused by another task than the one that challenged it, without a cache that both share', async () => {
    const other = await rig.another();
    await write();
    const { clientId: client_id } = client;
    const refresh_token = tokens.refresh_token ?? '';
    const body = new URLSearchParams({ client_id, grant_type: 'refresh_token', refresh_token });
    const there = await fetch(`http://localhost:${other.port}/oauth/token`, { method: 'POST', body });
    expect(await there.json()).toMatchObject({ error: 'invalid_grant' });
    await other.stop();
  });

  it('does not disturb another grant of the same person and client', async () => {
    const other = await client.connect(browser, 'ana');
    await write();
    expect((await client.refresh(other.refresh_token)).status).toBe(200);
  });
});

describe('the step-up page', () => {
  const pageUrl = async (): Promise<string> => String((await write()).json.step_up_url);
  const raise = async (who: Browser, person: string, url: string) => {
    const signIn = await who.open(url);
    expect(signIn.url.pathname).toBe('/sign-in');
    return who.submit(signIn, { person });
  };

  it('raises the scope for this person and client for a quarter of an hour', async () => {
    expect((await write()).status).toBe(403);
    const page = await raise(browser, 'ana', await pageUrl());
    expect(textOn(page)).toContain('Let an app on this computer do more for 15 minutes?');
    expect((await write()).status).toBe(403);
    const done = await browser.submit(page, {});
    expect(textOn(done)).toContain('Done: go back to the app');
    const caller = await write();
    expect([caller.status, scopesOf(caller)]).toEqual([200, ['tag:read', 'tag:write']]);
    expect(rig.counted).toContain('StepUps page');
    expect((await rig.audited('ana')).at(-1)).toMatchObject({ tool: 'step-up', clientId: client.clientId });
    // The client may also refresh: what it was refused for is settled.
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
    rig.advance(901);
    expect((await write()).status).toBe(403);
  });

  it('ends with the quarter of an hour, not up to five seconds later', async () => {
    await browser.submit(await raise(browser, 'ana', await pageUrl()), {});
    rig.advance(899);
    expect((await write()).status).toBe(200);
    rig.advance(2);
    expect((await write()).status).toBe(403);
  });

  it('raises nothing for anyone else’s token of the same client', async () => {
    const max = await client.connect(new Browser(), 'max');
    await browser.submit(await raise(browser, 'ana', await pageUrl()), {});
    expect((await write(max.access_token)).status).toBe(403);
  });

  it('is refused to a person who has not connected the client', async () => {
    const page = await raise(new Browser(), 'max', await pageUrl());
    expect([page.status, textOn(page)]).toEqual([403, expect.stringContaining('has not connected this app')]);
    expect((await write()).status).toBe(403);
  });

  it('is refused where the roles do not allow the scope', async () => {
    const page = await raise(browser, 'ana', `${issuer}/step-up?client_id=${client.clientId}&scope=tag:approve`);
    expect([page.status, textOn(page)]).toEqual([
      403,
      expect.stringContaining('Your roles do not include tag:approve'),
    ]);
  });

  it('asks to sign in for exactly this, whoever signed in a moment ago for something else', async () => {
    const page = await raise(browser, 'ana', await pageUrl());
    expect((await browser.open(page.url.href)).url.pathname).toBe('/step-up');
    const another = await OAuthClient.registered(issuer);
    for (const query of [`client_id=${client.clientId}&scope=admin`, `client_id=${another.clientId}&scope=tag:write`])
      expect((await browser.open(`${issuer}/step-up?${query}`)).url.pathname).toBe('/sign-in');
    const changed = await browser.submit(page, { client_id: another.clientId });
    expect(changed.url.pathname).toBe('/sign-in');
    rig.advance(601);
    expect((await browser.open(page.url.href)).url.pathname).toBe('/sign-in');
    expect((await browser.submit(page, {})).url.pathname).toBe('/sign-in');
    expect((await write()).status).toBe(403);
  });

  it('refuses a forged form and an incomplete link', async () => {
    const page = await raise(browser, 'ana', await pageUrl());
    expect((await browser.submit(page, { csrf: 'forged' })).status).toBe(403);
    expect((await write()).status).toBe(403);
    for (const query of ['', '?client_id=x', '?client_id=x&scope=tag:read', '?client_id=&scope=tag:write'])
      expect((await browser.open(`${issuer}/step-up${query}`)).status).toBe(400);
  });

  it('raises nothing when the audit log does not answer', async () => {
    const page = await raise(browser, 'ana', await pageUrl());
    const { transact } = rig.tables;
    rig.tables.transact = async () => {
      throw new Error('down');
    };
    expect((await browser.submit(page, {})).status).toBeGreaterThanOrEqual(500);
    rig.tables.transact = transact;
    expect((await write()).status).toBe(403);
  });

  describe('is taken back', () => {
    const raised = async (): Promise<void> => {
      await browser.submit(await raise(browser, 'ana', await pageUrl()), {});
      expect((await write()).status).toBe(200);
    };
    const again = async (): Promise<number> => {
      const { access_token: token } = await client.connect(new Browser(), 'ana');
      return (await write(token)).status;
    };

    it.each(['refresh_token', 'access_token'] as const)('when the client revokes its %s', async (which) => {
      await raised();
      await client.revoke(tokens[which] ?? '');
      expect(await again()).toBe(403);
    });

    it('when a used refresh token comes back', async () => {
      await raised();
      const { json } = await client.refresh(tokens.refresh_token);
      await client.refresh(String(json.refresh_token));
      expect((await client.refresh(tokens.refresh_token)).status).toBe(400);
      expect(await again()).toBe(403);
    });

    it('when the person signs out, for every client', async () => {
      await raised();
      const other = await OAuthClient.registered(issuer);
      const { access_token: token } = await other.connect(browser, 'ana');
      const url = String((await write(token)).json.step_up_url);
      await browser.submit(await raise(browser, 'ana', url), {});
      const page = await browser.open(`${issuer}/step-up?client_id=x`);
      expect(page.status).toBe(400);
      const signOut = await browser.open(url);
      const csrf = /name="csrf" value="([^"]+)"/.exec(signOut.body)?.[1] ?? '';
      const body = new URLSearchParams({ csrf });
      expect((await browser.request(`${issuer}/sign-out`, { method: 'POST', body })).status).toBe(303);
      rig.advance(5);
      expect([(await write()).status, (await write(token)).status]).toEqual([403, 403]);
    });
  });
});
