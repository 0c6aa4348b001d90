/** Signing in through a company's own OpenID Connect provider, a real one started here. */
import { decodeJwt } from 'jose';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser, type Seen, textOn } from '../rigs/browser.ts';
import { type Company, type CompanyOptions, ssoClient, startCompany } from '../rigs/company.ts';
import { OAuthClient, redirectUri, whoami } from '../rigs/oauth-client.ts';
import { freePort } from '../servers/server.ts';

let rig: AuthRig;
let company: Company;
let issuer: string;
const begin = async (options: CompanyOptions = {}): Promise<void> => {
  const port = await freePort();
  issuer = `http://localhost:${port}`;
  company = await startCompany(`${issuer}/sign-in/callback`, {
    facts: ['custom:employeeId', 'custom:age'],
    ...options,
  });
  const facts = { 'custom:employeeId': 'EMP-10042', 'custom:age': 42 };
  company.employees.set('emp-1', { name: 'Rosa', email: 'rosa@corp.example', groups: ['finops', 'everyone'], facts });
  company.employees.set('emp-2', { name: 'Lee', email: 'lee@corp.example', groups: ['everyone'] });
  rig = await startAuth({
    port,
    environment: {
      SSO_ISSUER: company.issuer,
      SSO_CLIENT_ID: ssoClient.SSO_CLIENT_ID,
      ...(options.publicClient !== true && { SSO_CLIENT_SECRET: ssoClient.SSO_CLIENT_SECRET }),
      TOKEN_CLAIMS: 'custom:employeeId,custom:age,toString',
      ROLE_MAP: JSON.stringify({ finops: ['analyst'], leads: ['approver'] }),
    },
  });
};
const end = async () => {
  await rig.stop();
  await company.stop();
};
beforeEach(() => begin());
afterEach(end);
/** Another provider in place of the usual one. */
const beginAgain = async (options: CompanyOptions): Promise<void> => {
  await end();
  await begin(options);
};

/** Where our sign-in page leads. */
const companyHref = (page: Seen): string => {
  const href = /class="button" href="([^"]+)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
  return new URL(href, page.url).href;
};

/** From our sign-in page through the company's, as far as it goes. */
const throughCompany = async (browser: Browser, page: Seen, login: string): Promise<Seen> => {
  expect(textOn(page)).toContain('Continue to your company’s sign-in');
  const there = await browser.open(companyHref(page), redirectUri);
  return there.url.origin === company.issuer ? browser.submit(there, { login }, redirectUri) : there;
};

const connect = async (browser: Browser, client: OAuthClient, login: string, scope: string) => {
  const page = await browser.open(client.authorizeUrl({ scope }), redirectUri);
  const consent = page.url.pathname === '/sign-in' ? await throughCompany(browser, page, login) : page;
  const back = await browser.submit(consent, { decision: 'allow', scope: scope.split(' ') }, redirectUri);
  const { json } = await client.redeem(back.url.searchParams.get('code') ?? '');
  return { access: String(json.access_token), refresh: String(json.refresh_token) };
};

describe('a sign-in at the company', () => {
  it('gives the person of the ID token, with the roles of their groups', async () => {
    const client = await OAuthClient.registered(issuer);
    const { access } = await connect(new Browser(), client, 'emp-1', 'tag:read');
    expect((await whoami(issuer, access)).json).toMatchObject({
      personId: 'emp-1',
      name: 'Rosa',
      email: 'rosa@corp.example',
      roles: ['analyst'],
    });
    expect(await rig.audited('emp-1')).toContainEqual(expect.objectContaining({ tool: 'sign-in', result: 'success' }));
  });

  it('has claims of its ID token copied into access tokens, those of refreshes too, where they are text', async () => {
    const client = await OAuthClient.registered(issuer);
    const { access, refresh } = await connect(new Browser(), client, 'emp-1', 'tag:read');
    rig.advance(5);
    const refreshed = String((await client.refresh(refresh)).json.access_token);
    for (const token of [access, refreshed]) {
      expect(decodeJwt(token)).toMatchObject({ sub: 'emp-1', 'custom:employeeId': 'EMP-10042' });
      expect(decodeJwt(token)).not.toHaveProperty(['custom:age']);
      expect(Object.keys(decodeJwt(token))).not.toContain('toString');
    }
  });

  it('without a role any more ends what tokens and other browsers had', async () => {
    const client = await OAuthClient.registered(issuer);
    const elsewhere = new Browser();
    const { access } = await connect(elsewhere, client, 'emp-1', 'tag:read tag:write');
    expect((await whoami(issuer, access, 'tag:write')).status).toBe(200);
    company.employees.set('emp-1', { name: 'Rosa', email: 'rosa@corp.example', groups: ['everyone'] });
    const browser = new Browser();
    expect((await throughCompany(browser, await browser.open(`${issuer}/sign-in`), 'emp-1')).status).toBe(403);
    rig.advance(5);
    expect((await whoami(issuer, access, 'tag:write')).status).toBe(403);
    expect((await whoami(issuer, access)).json.scopes).toEqual([]);
    const consent = await client.toConsent(elsewhere, 'emp-1', { scope: 'tag:read' });
    expect(textOn(consent)).toContain('Asked for, but not yours to give');
  });

  it('without a role ends on a page that says whom to ask, and signs nobody in', async () => {
    const browser = new Browser();
    const seen = await throughCompany(browser, await browser.open(`${issuer}/sign-in`), 'emp-2');
    expect(seen.status).toBe(403);
    expect(textOn(seen)).toContain('You are signed in as Lee, and none of your groups gives a role');
    expect(textOn(seen)).toContain('add you to one of: finops, leads');
    expect(browser.cookie('countersign')).toBeUndefined();
    expect(await rig.audited('emp-2')).toMatchObject([{ tool: 'sign-in', result: 'blocked', errorCode: 'no_role' }]);
  });

  it('asks the company for a new sign-in before more than reading, whatever session it has there', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    await connect(browser, client, 'emp-1', 'tag:read');
    expect(company.logins()).toBe(1);
    const { access } = await connect(browser, client, 'emp-1', 'tag:read tag:write');
    expect(company.logins()).toBe(2);
    expect((await whoami(issuer, access, 'tag:write')).status).toBe(200);
  });

  it('that the company says is old is refused for more than reading', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    company.backdate(3600);
    await connect(browser, client, 'emp-1', 'tag:read');
    const page = await browser.open(client.authorizeUrl({ scope: 'tag:write' }), redirectUri);
    const toCompany = new URL((await browser.request(companyHref(page))).headers.get('location') ?? '');
    // Somebody takes these out of the request on its way, and the company answers from its session.
    for (const name of ['prompt', 'max_age']) toCompany.searchParams.delete(name);
    const seen = await browser.open(toCompany.href, redirectUri);
    expect(company.logins()).toBe(1);
    expect([seen.status, textOn(seen)]).toEqual([502, expect.stringContaining('could not be checked')]);
  });

  it.each([false, true])(
    'of three hours ago gives nothing to be elevated with, however the way back is written (signed out here: %s)',
    async (signedOut) => {
      const client = await OAuthClient.registered(issuer);
      const browser = new Browser();
      company.backdate(10_800);
      await connect(browser, client, 'emp-1', 'tag:read');
      company.backdate(0);
      // Whoever signs out here keeps their session at the company.
      if (signedOut) browser.plant(issuer, 'countersign', 'gone');
      const page = await browser.open(client.authorizeUrl({ scope: 'tag:write' }), redirectUri);
      const interaction = page.url.searchParams.get('return_to') ?? '';
      for (const way of [interaction, `${interaction}?again=1`, `${interaction}#again`]) {
        const query = new URLSearchParams({ return_to: way });
        // The company answers from its session and asks for nothing.
        const seen = await browser.open(`${issuer}/sign-in/company?${query}`, redirectUri);
        expect(seen.url.pathname).not.toMatch(/^\/callback/);
        expect(textOn(await browser.open(issuer + interaction, redirectUri))).toContain('Sign in again');
      }
      expect(company.logins()).toBe(1);
    },
  );

  it('of three hours ago raises nothing on the page either', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    company.backdate(10_800);
    await connect(browser, client, 'emp-1', 'tag:read');
    const raise = `/step-up?${new URLSearchParams({ client_id: client.clientId, scope: 'tag:write' })}`;
    const silent = `${issuer}/sign-in/company?${new URLSearchParams({ return_to: raise })}`;
    expect(textOn(await browser.open(silent))).toContain('Sign in again');
    expect(textOn(await browser.open(issuer + raise))).toContain('Sign in again');
    expect(company.logins()).toBe(1);
    company.backdate(0);
    const allowed = await throughCompany(browser, await browser.open(issuer + raise), 'emp-1');
    expect(textOn(await browser.submit(allowed, {}))).toContain('Done: go back to the app');
    expect(company.logins()).toBe(2);
  });

  it('that says it was in the future, or answers a request of long ago, is not fresh', async () => {
    const client = await OAuthClient.registered(issuer);
    company.backdate(-600);
    const page = await new Browser().open(client.authorizeUrl({ scope: 'tag:write' }), redirectUri);
    const browser = new Browser();
    const seen = await throughCompany(browser, await browser.open(page.url.href), 'emp-1');
    expect([seen.status, textOn(seen)]).toEqual([502, expect.stringContaining('could not be checked')]);
    company.backdate(0);
    const slow = new Browser();
    const consent = await throughCompany(
      slow,
      await slow.open(client.authorizeUrl({ scope: 'tag:write' }), redirectUri),
      'emp-1',
    );
    rig.advance(601);
    const late = await slow.submit(consent, { decision: 'allow', scope: 'tag:write' }, redirectUri);
    expect([late.status, textOn(late)]).toEqual([409, expect.stringContaining('This request for access has ended')]);
  });

  it('for reading only needs no asking at all', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    await connect(browser, client, 'emp-1', 'tag:read');
    const query = new URLSearchParams({ return_to: '/' });
    expect((await browser.open(`${issuer}/sign-in/company?${query}`)).url.pathname).toBe('/');
    expect(company.logins()).toBe(1);
  });

  it('that the person breaks off, or another browser began, signs nobody in', async () => {
    const browser = new Browser();
    const refused = await throughCompany(browser, await browser.open(`${issuer}/sign-in`), 'nobody');
    expect([refused.status, textOn(refused)]).toEqual([403, expect.stringContaining('You were not signed in')]);
    const page = await browser.open(`${issuer}/sign-in`);
    const there = await browser.open(companyHref(page));
    const callback = await browser.submit(there, { login: 'emp-1' }, `${issuer}/sign-in/callback`);
    const victim = new Browser();
    const planted = await victim.open(callback.url.href);
    expect([planted.status, textOn(planted)]).toEqual([400, expect.stringContaining('This sign-in has ended')]);
    expect(victim.cookie('countersign')).toBeUndefined();
    expect((await browser.open(callback.url.href)).url.pathname).toBe('/');
    const replayed = await browser.open(callback.url.href);
    expect(replayed.status).toBe(400);
  });

  it('returns to local paths only', async () => {
    const browser = new Browser();
    const page = await browser.open(`${issuer}/sign-in/company?return_to=https://evil.example/`);
    const after = await browser.submit(page, { login: 'emp-1' });
    expect(after.url.href).toBe(`${issuer}/`);
  });
});

describe('a company whose ID tokens are thin', () => {
  it('is told precisely that auth_time is missing where a fresh sign-in is needed', async () => {
    await beginAgain({ authTime: false });
    const browser = new Browser();
    const client = await OAuthClient.registered(issuer);
    await connect(browser, client, 'emp-1', 'tag:read');
    const page = await browser.open(client.authorizeUrl({ scope: 'tag:write' }), redirectUri);
    const toCompany = new URL((await browser.request(companyHref(page))).headers.get('location') ?? '');
    // This provider would put auth_time there for either; others do not for any.
    for (const name of ['prompt', 'max_age']) toCompany.searchParams.delete(name);
    const seen = await browser.open(toCompany.href, redirectUri);
    expect([seen.status, textOn(seen)]).toEqual([502, expect.stringContaining('ID token lacks auth_time')]);
    expect(rig.log.join('')).toContain('ID token lacks auth_time: operator: add the optional claim');
    expect(rig.counted).toContain('AuthFailures sign_in_no_auth_time');
  });

  it('is asked for name and email at its userinfo endpoint, and for nothing else', async () => {
    await beginAgain({ thinTokens: true });
    const { access } = await connect(new Browser(), await OAuthClient.registered(issuer), 'emp-1', 'tag:read');
    expect((await whoami(issuer, access)).json).toMatchObject({
      personId: 'emp-1',
      name: 'Rosa',
      email: 'rosa@corp.example',
      roles: ['analyst'],
    });
  });

  it.each([false, true])('signs in a person who has no email at all (thin tokens: %s)', async (thinTokens) => {
    await beginAgain({ thinTokens });
    company.employees.set('emp-3', { name: 'Kim', groups: ['finops'] });
    const client = await OAuthClient.registered(issuer);
    const { access, refresh } = await connect(new Browser(), client, 'emp-3', 'tag:read tag:write');
    const kim = { personId: 'emp-3', name: 'Kim', email: '', roles: ['analyst'] };
    expect((await whoami(issuer, access, 'tag:write')).json).toMatchObject(kim);
    expect((await client.refresh(refresh)).status).toBe(200);
  });
});

describe('a company where countersign is a public client', () => {
  it('signs people in by PKCE alone, and takes no code without its verifier', async () => {
    await beginAgain({ publicClient: true });
    const { access } = await connect(new Browser(), await OAuthClient.registered(issuer), 'emp-1', 'tag:read');
    expect((await whoami(issuer, access)).json).toMatchObject({ personId: 'emp-1', roles: ['analyst'] });
    const browser = new Browser();
    const there = await browser.open(companyHref(await browser.open(`${issuer}/sign-in`)));
    const callback = await browser.submit(there, { login: 'emp-1' }, `${issuer}/sign-in/callback`);
    const stolen = await fetch(`${company.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: ssoClient.SSO_CLIENT_ID,
        redirect_uri: `${issuer}/sign-in/callback`,
        code: callback.url.searchParams.get('code') ?? '',
        code_verifier: 'a'.repeat(43),
      }),
    });
    expect([stolen.status, await stolen.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
  });
});

describe('what the company changes', () => {
  it('takes effect at the next sign-in: a role that is gone is gone from tokens and refreshes', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const { access, refresh } = await connect(browser, client, 'emp-1', 'tag:read tag:write');
    company.employees.set('emp-1', { name: 'Rosa', email: 'rosa@corp.example', groups: ['leads'] });
    const page = await browser.open(`${issuer}/sign-in?again=1`);
    await throughCompany(browser, page, 'emp-1');
    rig.advance(5);
    expect((await whoami(issuer, access)).json.scopes).toEqual([]);
    const renewed = String((await client.refresh(refresh)).json.access_token);
    expect(decodeJwt(renewed).roles).toEqual(['approver']);
    expect((await whoami(issuer, renewed)).json.scopes).toEqual(['tag:read']);
  });
});

describe('a company that does not answer', () => {
  it('is a page, and no fault', async () => {
    await company.stop();
    const seen = await new Browser().open(`${issuer}/sign-in/company`);
    expect([seen.status, textOn(seen)]).toEqual([503, expect.stringContaining('does not answer')]);
    company = await startCompany(issuer);
  });
});
