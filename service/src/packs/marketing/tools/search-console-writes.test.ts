import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import { tableKeeper } from '../sandbox/keeper.ts';
import { searchConsoleArea } from '../sandbox/search-console.ts';
import { type StandIn, startStandIn } from '../sandbox/stand-in.ts';

const property = 'sc-domain:example.com';
const old = 'https://www.example.com/sitemap.xml';
const now = () => new Date('2026-11-20T09:00:00Z');
let google: StandIn;
let pack: OnePack;
beforeEach(async () => {
  google = await startStandIn([searchConsoleArea({ combinations: 1 })], now);
  const approved = [property, 'https://new.example.com/', 'https://shop.example.com/', 'https://news.example.com/'];
  pack = await openOnePack(
    'marketing',
    { GOOGLE_URL: google.url },
    approved.map((accountId) => ({ api: 'GSC', accountId })),
    now,
  );
});
afterEach(async () => {
  await pack.close();
  await google.close();
});

const writes = () =>
  google.calls.filter(({ method }) => method === 'PUT' || method === 'DELETE').map(({ method }) => method);
const sitemapsOf = async (siteUrl = property) => pack.call('list_sitemaps', { property: siteUrl });
const sitemapUrl = 'https://www.example.com/new.xml';

describe('submit_sitemap', () => {
  it('is planned, confirmed by whoever asked, submitted once, and taken back by deleting, which takes another person', async () => {
    const asked = await pack.ask('submit_sitemap', { property, sitemapUrl });
    expect(asked).toMatchObject({
      ...{ status: 'awaiting-confirmation', countersign: 'same-person', approveScope: 'marketing:approve' },
      plan: {
        changes: [{ api: 'GSC', accountId: property, before: { sitemap: 'absent' }, after: { sitemap: 'submitted' } }],
        reversible: { possible: true },
      },
    });
    expect(writes()).toEqual([]);
    const applied = await pack.confirm(asked);
    expect(applied).toMatchObject({ status: 'applied', result: { applied: 1 } });
    expect(writes()).toEqual(['PUT']);
    expect(await sitemapsOf()).toMatchObject({ total: 2 });
    const revert = await pack.revert(applied);
    expect(revert.plan.typed).toEqual({ what: 'the address of the sitemap', text: sitemapUrl });
    await expect(pack.approve(revert, 'something else')).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await pack.approve(revert)).toMatchObject({ status: 'applied' });
    expect(writes()).toEqual(['PUT', 'DELETE']);
    expect(await sitemapsOf()).toMatchObject({ total: 1, sitemaps: [{ sitemap: old }] });
  });

  it('of one that is there makes Google read it anew, which nothing takes back', async () => {
    const asked = await pack.ask('submit_sitemap', { property, sitemapUrl: old });
    expect(asked.plan).toMatchObject({
      changes: [{ before: { sitemap: 'submitted' }, after: { sitemap: 'resubmitted' } }],
      reversible: { possible: false, reason: expect.stringContaining('before') },
    });
    const applied = await pack.confirm(asked);
    expect(applied).toMatchObject({ status: 'applied', result: { outcomes: [{ outcome: 'applied' }] } });
    expect(await sitemapsOf()).toMatchObject({ sitemaps: [{ last_submitted: '2026-11-20T09:00:00.000Z' }] });
    await expect(pack.revert(applied)).rejects.toMatchObject({ code: 'not_reversible' });
  });

  it('whose answer is lost is read back and not sent again', async () => {
    const asked = await pack.ask('submit_sitemap', { property, sitemapUrl });
    google.fail(/^PUT/, 'lost');
    expect(await pack.confirm(asked)).toMatchObject({
      status: 'applied',
      result: { outcomes: [{ outcome: 'applied' }] },
    });
    expect(writes()).toEqual(['PUT']);
  });

  it('that never arrived is told as failed, and is not sent again', async () => {
    const asked = await pack.ask('submit_sitemap', { property, sitemapUrl });
    google.fail(/^PUT/, {
      status: 503,
      body: { error: { code: 503, message: 'Backend error', status: 'UNAVAILABLE' } },
    });
    expect(await pack.confirm(asked)).toMatchObject({
      status: 'failed',
      result: { outcomes: [{ outcome: 'failed', code: 'upstream_error' }] },
    });
    expect(writes()).toEqual(['PUT']);
  });

  it.each([
    ['of another site', property, 'https://www.example.net/sitemap.xml'],
    ['of a site whose name begins alike', property, 'https://example.com.evil.example/sitemap.xml'],
    ['outside the address of the property', 'https://shop.example.com/', 'http://shop.example.com/sitemap.xml'],
  ])('%s is refused with the remedy, before Google is asked', async (_what, named, foreign) => {
    await expect(pack.ask('submit_sitemap', { property: named, sitemapUrl: foreign })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(`of the property ${named}. Name the property that the sitemap is on`),
    });
    expect(google.calls).toEqual([]);
  });

  it('that Google forbids is told as failed', async () => {
    const news = 'https://news.example.com/';
    const asked = await pack.ask('submit_sitemap', { property: news, sitemapUrl: `${news}sitemap.xml` });
    expect(await pack.confirm(asked)).toMatchObject({
      status: 'failed',
      result: { outcomes: [{ code: 'access_denied' }] },
    });
  });
});

describe('delete_sitemap', () => {
  it('takes another person, who types the very address; it is taken back by submitting', async () => {
    const asked = await pack.ask('delete_sitemap', { property, sitemapUrl: old });
    expect(asked).toMatchObject({
      ...{ status: 'awaiting-countersign', countersign: 'second-person' },
      plan: {
        typed: { text: old },
        impact: [{ unit: 'count', before: 499, after: 0 }],
        reversible: { possible: true },
      },
    });
    await expect(pack.confirm(asked)).rejects.toMatchObject({ name: 'CountersignError' });
    await expect(pack.approve(asked, `${old} `)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'typed' },
    });
    expect(writes()).toEqual([]);
    const applied = await pack.approve(asked);
    expect(applied).toMatchObject({ status: 'applied' });
    expect(await sitemapsOf()).toMatchObject({ total: 0 });
    const revert = await pack.revert(applied);
    expect(revert).toMatchObject({
      countersign: 'second-person',
      plan: { changes: [{ after: { sitemap: 'submitted' } }] },
    });
    expect(await pack.approve(revert)).toMatchObject({ status: 'applied' });
    expect(writes()).toEqual(['DELETE', 'PUT']);
    expect(await sitemapsOf()).toMatchObject({ total: 1 });
  });

  it('of one that is not there is not found', async () => {
    await expect(pack.ask('delete_sitemap', { property, sitemapUrl })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that somebody else deleted meanwhile is planned anew and not applied', async () => {
    const asked = await pack.ask('delete_sitemap', { property, sitemapUrl: old });
    await fetch(
      `${google.url}/webmasters/v3/sites/${encodeURIComponent(property)}/sitemaps/${encodeURIComponent(old)}`,
      { method: 'DELETE' },
    );
    const before = writes().length;
    expect(await pack.approve(asked)).not.toMatchObject({ status: 'applied' });
    expect(writes()).toHaveLength(before);
  });
});

describe('add_property', () => {
  const siteUrl = 'https://new.example.com/';

  it('of an address that was approved is confirmed by whoever asked, and is by hand to take back', async () => {
    const asked = await pack.ask('add_property', { siteUrl: 'https://NEW.example.com' });
    expect(asked).toMatchObject({
      countersign: 'same-person',
      plan: {
        changes: [{ accountId: siteUrl }],
        reversible: { possible: false, reason: expect.stringContaining('by hand') },
      },
    });
    const applied = await pack.confirm(asked);
    expect(applied).toMatchObject({ status: 'applied' });
    expect(await pack.call('get_property', { property: siteUrl })).toMatchObject({
      permission_level: 'siteUnverifiedUser',
    });
    await expect(pack.revert(applied)).rejects.toMatchObject({ code: 'not_reversible' });
  });

  it('of an address that was not approved is refused before Google is asked', async () => {
    await expect(pack.ask('add_property', { siteUrl: 'https://other.example.com/' })).rejects.toMatchObject({
      code: 'account_not_authorized',
    });
    expect(google.calls).toEqual([]);
  });

  it('of one that is there already is refused', async () => {
    await expect(pack.ask('add_property', { siteUrl: property })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('whose answer is lost is looked for in the list', async () => {
    const asked = await pack.ask('add_property', { siteUrl });
    google.fail(/^PUT/, 'lost');
    expect(await pack.confirm(asked)).toMatchObject({
      status: 'applied',
      result: { outcomes: [{ outcome: 'applied' }] },
    });
    expect(writes()).toEqual(['PUT']);
  });
});

it('the sandbox keeps properties and sitemaps when it is started again', async () => {
  const tables = openMemoryTables();
  const area = () => searchConsoleArea({ combinations: 1, keeper: tableKeeper(tables, 'search-console') });
  const put = (path: string, method = 'PUT') => ({ method, path: `/webmasters/v3/sites/${path}` });
  const shop = encodeURIComponent('https://shop.example.com/');
  const added = encodeURIComponent('https://added.example.com/');
  const first = area();
  const asked = (request: { method: string; path: string }) => ({
    ...request,
    ...{ query: new URLSearchParams(), body: undefined, now: now() },
    headers: {},
  });
  const domain = encodeURIComponent(property);
  for (const request of [
    put(added),
    put(`${shop}/sitemaps/${encodeURIComponent('https://shop.example.com/a.xml')}`),
    put(`${domain}/sitemaps/${encodeURIComponent(old)}`, 'DELETE'),
  ])
    expect(await first(asked(request))).toEqual({ status: 204 });
  const second = area();
  const listed = async (path: string) => (await second(asked(put(path, 'GET'))))?.body;
  expect(JSON.stringify(await listed(added))).toContain('siteUnverifiedUser');
  expect(JSON.stringify(await listed(`${shop}/sitemaps`))).toContain('https://shop.example.com/a.xml');
  expect(await listed(`${domain}/sitemaps`)).toEqual({});
});
