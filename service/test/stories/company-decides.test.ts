/** Deciding where people sign in at their company: only a sign-in that is proven to be new counts. */

import { at, Caller } from '../faults/wire.ts';
import { Browser, type Seen, textOn } from '../rigs/browser.ts';
import { type Company, ssoClient, startCompany } from '../rigs/company.ts';
import { all, parseMarkup } from '../rigs/markup.ts';
import { OAuthClient, redirectUri } from '../rigs/oauth-client.ts';
import { answersOn } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { freePort } from '../servers/server.ts';

let company: Company;
let service: ServiceRig;
let url: string;
beforeAll(async () => {
  // Each is told of the other, so the port is taken first.
  const port = await freePort();
  url = `http://localhost:${port}`;
  company = await startCompany(`${url}/sign-in/callback`);
  company.employees.set('rosa', { name: 'Rosa', email: 'rosa@corp.example', groups: ['finops'] });
  company.employees.set('lee', { name: 'Lee', email: 'lee@corp.example', groups: ['leads'] });
  service = await startService({
    environment: {
      PORT: String(port),
      PUBLIC_URL: url,
      ...ssoClient,
      SSO_ISSUER: company.issuer,
      ROLE_MAP: JSON.stringify({ finops: ['analyst'], leads: ['approver'] }),
    },
  });
});
afterAll(async () => {
  await service?.stop();
  await company?.stop();
});

const linkOn = (seen: Seen, has: string): string => {
  const link = all(parseMarkup(seen.body), 'a').find(({ attributes }) => attributes.href?.includes(has));
  return new URL(link?.attributes.href ?? 'about:blank', seen.url).href;
};
/** From our sign-in page through the company's, which asks or does not. */
const through = async (browser: Browser, page: Seen, login: string): Promise<Seen> => {
  const there = await browser.open(linkOn(page, '/sign-in/company'), redirectUri);
  return there.url.origin === company.issuer ? browser.submit(there, { login }, redirectUri) : there;
};

const planned = async (): Promise<string> => {
  const client = await OAuthClient.registered(url);
  const browser = new Browser();
  const signIn = await browser.open(client.authorizeUrl({ scope: 'tag:read tag:write' }), redirectUri);
  const consent = await through(browser, signIn, 'rosa');
  const back = await browser.submit(consent, { decision: 'allow', scope: ['tag:read', 'tag:write'] }, redirectUri);
  const { json } = await client.redeem(back.url.searchParams.get('code') ?? '');
  const rosa = new Caller(url, String(json.access_token));
  const found = await rosa.tool('find_untagged_resources', {});
  const arn = /arn:aws:ec2:[^"\\]+/.exec(found.text)?.[0];
  const asked = await rosa.tool('bulk_tag_resources', {
    resource_arns: [arn],
    tags: { Owner: 'platform@example.com' },
  });
  return String(at(asked.json, 'result', 'structuredContent', 'approval_url'));
};

it('offers no answer after the company’s sign-in of this morning, and every answer after one that was asked for', async () => {
  const approval = await planned();
  const lee = new Browser();
  company.backdate(10_800);
  await through(lee, await lee.open(`${url}/sign-in`), 'lee');
  company.backdate(0);
  const logins = company.logins();
  const page = await lee.open(approval);
  expect(answersOn(page)).toEqual([]);
  expect(textOn(page)).toContain('Sign in again to answer');
  // The same sign-in once more, without asking the company to ask, proves as little.
  const silent = new URLSearchParams({ return_to: new URL(approval).pathname });
  expect(answersOn(await lee.open(`${url}/sign-in/company?${silent}`))).toEqual([]);
  expect(company.logins()).toBe(logins);

  const again = await through(lee, await lee.open(linkOn(page, 'again=1')), 'lee');
  expect(company.logins()).toBe(logins + 1);
  expect(answersOn(again)).toContain('approve');
  const answered = await lee.submit(again, { decision: 'approve', comment: '' });
  expect([answered.status, answered.url.pathname]).toEqual([200, expect.stringMatching(/^\/operations\//)]);
});

it('asks whoever is signed out for that sign-in at once', async () => {
  const approval = await planned();
  const seen = await new Browser().open(approval);
  expect([seen.url.pathname, seen.url.searchParams.get('again')]).toEqual(['/sign-in', '1']);
  expect((await new Browser().open(`${url}/operations`)).url.searchParams.get('again')).toBeNull();
});
