/** People see the apps they connected and disconnect them; administrators do so for others; nobody else does. */
import { Browser, type Seen, textOn } from '../rigs/browser.ts';
import { all, parseMarkup } from '../rigs/markup.ts';
import { OAuthClient, type Tokens } from '../rigs/oauth-client.ts';
import { type DemoPerson, Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';

let service: ServiceRig;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.stop();
  expect(service.faults()).toEqual([]);
});

const cacheSeconds = 5;

interface Connected {
  readonly client: OAuthClient;
  readonly tokens: Tokens;
}

const connect = async (person: DemoPerson, name: string, scope = 'tag:read'): Promise<Connected> => {
  const client = await OAuthClient.registered(service.url, { client_name: name });
  return { client, tokens: await client.connect(new Browser(), person, scope) };
};
const call = async ({ tokens }: Connected): Promise<number> =>
  (await fetch(`${service.url}/mcp/tools/list`, { headers: { authorization: `Bearer ${tokens.access_token}` } }))
    .status;
const appsOf = (who: Person, query = ''): Promise<Seen> => who.open(`${service.url}/apps${query}`);
const forms = (page: Seen): string[] =>
  all(parseMarkup(page.body), 'form')
    .map(({ attributes }) => attributes.action ?? '')
    .filter((action) => action.startsWith('/apps/'));
/** Sends the page's last form to another address. */
const submitTo = (who: Person, page: Seen, action: string, fields: Record<string, string> = {}): Promise<Seen> =>
  who.browser.submit({ ...page, body: page.body.replaceAll(/action="\/apps\/[^"]+"/g, `action="${action}"`) }, fields);
const audited = async (userId: string) => (await service.running.audit.query({ userId, limit: 1000 })).items;

describe('the page of connected apps', () => {
  it('is in the header, and lists what the person connected as the consent page worded it', async () => {
    await connect('vera', 'Report reader');
    const vera = new Person('vera');
    const page = await appsOf(vera);
    expect(all(parseMarkup(page.body), 'a', { href: '/apps', 'aria-current': 'page' })).toHaveLength(1);
    expect(textOn(page)).toContain('an app on this computer');
    expect(textOn(page)).toContain('Calls itself “Report reader”');
    expect(forms(page)).toHaveLength(1);
  });

  it('disconnects: the tokens are refused within seconds, and what was raised is taken back', async () => {
    const connected = await connect('ana', 'Tidy agent');
    const { client, tokens } = connected;
    const ana = new Person('ana');
    await ana.stepUp(`${service.url}/step-up?client_id=${client.clientId}&scope=tag:write`);
    const page = await appsOf(ana);
    expect(textOn(page)).toMatch(/Until .* UTC also:Ask for tags to be changed/);
    expect(await call(connected)).toBe(200);
    const [action = ''] = forms(page);
    const after = await ana.browser.submit(page, {});
    expect(textOn(after)).toContain('its tokens are refused within five seconds');
    expect(textOn(after)).toContain('No app is connected.');
    service.advance(cacheSeconds);
    expect(await call(connected)).toBe(401);
    expect((await client.refresh(tokens.refresh_token)).json.error).toBe('invalid_grant');
    expect(await service.running.audit.query({ userId: 'ana', limit: 2 })).toMatchObject({
      items: [
        { tool: 'token', action: 'delete', clientId: client.clientId, summary: { revoked: 'grant', by: 'ana' } },
        { tool: 'apps-page', action: 'delete', clientId: client.clientId, summary: { person: 'ana' } },
      ],
    });
    // The same client, connected anew, begins with reading.
    await client.connect(new Browser(), 'ana');
    expect(textOn(await appsOf(ana))).not.toContain('also:');
    expect((await submitTo(ana, await appsOf(ana), action)).status).toBe(404);
  });

  it('shows a client once, whatever it was granted and how often, and ends all of that together', async () => {
    const first = await connect('ana', 'Stepping agent');
    const second = { ...first, tokens: await first.client.connect(new Browser(), 'ana', 'tag:read tag:write') };
    expect([await call(first), await call(second)]).toEqual([200, 200]);
    const ana = new Person('ana');
    const page = await appsOf(ana);
    expect(textOn(page).match(/“Stepping agent”/g)).toHaveLength(1);
    expect(textOn(page)).toMatch(/last used .* UTC · stays connected until .* UTC/);
    expect(textOn(page)).toMatch(/Until .* UTC also:Ask for tags to be changed/);
    await submitTo(ana, page, forms(page)[0] ?? '');
    service.advance(cacheSeconds);
    expect([await call(first), await call(second)]).toEqual([401, 401]);
    for (const { tokens } of [first, second])
      expect((await first.client.refresh(tokens.refresh_token)).json.error).toBe('invalid_grant');
    expect(textOn(await appsOf(ana))).not.toContain('Stepping agent');
  });

  it('shows no right that has ended', async () => {
    const { client } = await connect('ana', 'Fading agent', 'tag:write');
    const ana = new Person('ana');
    expect(textOn(await appsOf(ana))).toContain('Ask for tags to be changed');
    service.advance(901);
    const page = await appsOf(new Person('ana'));
    expect(textOn(page)).toContain('Read tags');
    expect(textOn(page)).not.toContain('Ask for tags to be changed');
    expect(client.clientId).toBeTruthy();
  });

  it('leaves other apps of the same person as they are', async () => {
    const [kept, gone] = [await connect('max', 'Kept'), await connect('max', 'Gone')];
    const max = new Person('max');
    const page = await appsOf(max);
    // Newest first.
    await submitTo(max, page, forms(page)[0] ?? '');
    service.advance(cacheSeconds);
    expect([await call(kept), await call(gone)]).toEqual([200, 401]);
    expect(textOn(await appsOf(max))).toContain('Kept');
  });

  it('needs the session’s own form, and a session', async () => {
    const connected = await connect('ben', 'Approver agent');
    const ben = new Person('ben');
    const page = await appsOf(ben);
    expect((await ben.browser.submit(page, { csrf: 'forged' })).status).toBe(403);
    const stranger = await new Browser().submit(page, {});
    expect([stranger.url.pathname, stranger.url.searchParams.get('return_to')]).toEqual(['/sign-in', '/apps']);
    service.advance(cacheSeconds);
    expect(await call(connected)).toBe(200);
  });
});

describe('somebody else’s app', () => {
  it('is neither shown nor disconnected for whoever is no administrator', async () => {
    const connected = await connect('ben', 'Of Ben');
    const [action = ''] = forms(await appsOf(new Person('ben')));
    const vera = new Person('vera');
    await connect('vera', 'Of Vera');
    expect((await appsOf(vera, '?person=ben')).status).toBe(403);
    const page = await appsOf(vera);
    expect((await submitTo(vera, page, action)).status).toBe(404);
    const named = {
      ...page,
      body: page.body.replaceAll('</form>', '<input type="hidden" name="person" value="ben"></form>'),
    };
    expect((await submitTo(vera, named, action)).status).toBe(403);
    service.advance(cacheSeconds);
    expect(await call(connected)).toBe(200);
  });

  it('is disconnected by an administrator, on record for both', async () => {
    const connected = await connect('max', 'Lost laptop');
    const ada = new Person('ada');
    const page = await appsOf(ada, '?person=max');
    expect(textOn(page)).toContain('Connected apps of Max, analyst and approver');
    const after = await submitTo(ada, page, forms(page)[0] ?? '');
    expect([after.status, after.url.searchParams.get('person')]).toEqual([200, 'max']);
    expect(textOn(after)).not.toContain('Lost laptop');
    service.advance(cacheSeconds);
    expect(await call(connected)).toBe(401);
    const { clientId } = connected.client;
    expect((await audited('ada'))[0]).toMatchObject({ tool: 'apps-page', clientId, summary: { person: 'max' } });
    expect((await audited('max'))[0]).toMatchObject({ tool: 'token', clientId, summary: { by: 'ada' } });
  });

  it('of a person nobody knows is an empty list', async () => {
    const page = await appsOf(new Person('ada'), '?person=%3Cscript%3E');
    expect(textOn(page)).toContain('Connected apps of <script>');
    expect(forms(page)).toEqual([]);
  });
});
