import { z } from 'zod';
import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { searchConsoleArea } from '../sandbox/search-console.ts';
import { refused, type StandIn, startStandIn } from '../sandbox/stand-in.ts';

const property = 'sc-domain:example.com';
const shop = 'https://shop.example.com/';
const sitemapUrl = 'https://www.example.com/sitemap.xml';
const now = () => new Date('2026-11-20T09:00:00Z');
let google: StandIn;
let pack: OnePack;

beforeAll(async () => {
  google = await startStandIn([searchConsoleArea({ combinations: 57_300 })], now);
  const approved = [property, shop, 'https://news.example.com/', 'sc-domain:not-at-google.example.com'];
  pack = await openOnePack(
    'marketing',
    { GOOGLE_URL: google.url },
    approved.map((accountId) => ({ api: 'GSC', accountId })),
    now,
  );
});
afterAll(async () => {
  await pack.close();
  await google.close();
});

/** What one tool has Google asked, with the bodies. */
const asking = async (tool: string, input: unknown) => {
  const before = google.calls.length;
  const answer = await pack.call(tool, input);
  return {
    answer,
    calls: google.calls.slice(before).map(({ method, path, body }) => ({ call: `${method} ${path}`, body })),
  };
};
const Row = z.object({
  keys: z.array(z.string()),
  clicks: z.number(),
  impressions: z.number(),
  ctr: z.number(),
  position: z.number(),
});
const lastDays = { property, startDate: '2026-11-01', endDate: '2026-11-10' };

describe('properties and sitemaps', () => {
  it('list_properties shows what Google lists and what was approved here, and no other', async () => {
    expect(await pack.call('list_properties', {})).toMatchObject({
      properties: [
        { property, permission_level: 'siteOwner' },
        { property: shop, permission_level: 'siteFullUser' },
        { property: 'https://news.example.com/', permission_level: 'siteRestrictedUser' },
      ],
      total: 3,
      sandbox: true,
    });
  });

  it.each([
    ['SC-DOMAIN:Example.com', property],
    ['https://SHOP.example.com', shop],
  ])('get_property takes %s for %s', async (written, siteUrl) => {
    const { answer, calls } = await asking('get_property', { property: written });
    expect(answer).toMatchObject({ property: siteUrl });
    expect(calls).toMatchObject([{ call: `GET /webmasters/v3/sites/${encodeURIComponent(siteUrl)}` }]);
  });

  it.each(['example.com', 'https://shop.example.com/a', 'ftp://example.com/', 'https://shop.example.com/?q=1'])(
    '%s is no property, and Google is not asked',
    async (written) => {
      const before = google.calls.length;
      await expect(pack.call('get_property', { property: written })).rejects.toMatchObject({ code: 'invalid_input' });
      expect(google.calls).toHaveLength(before);
    },
  );

  it('a property that is approved and not at Google is not found', async () => {
    await expect(pack.call('get_property', { property: 'sc-domain:not-at-google.example.com' })).rejects.toMatchObject({
      code: 'not_found',
      details: { google_code: 'NOT_FOUND' },
    });
  });

  it('list_sitemaps has counts as numbers, and none is a result', async () => {
    const sitemap = { sitemap: sitemapUrl, errors: 0, warnings: 2, contents: [{ type: 'web', submitted: 412 }, {}] };
    expect(await pack.call('list_sitemaps', { property })).toMatchObject({ sitemaps: [sitemap], total: 1 });
    expect(await pack.call('list_sitemaps', { property: shop })).toMatchObject({ sitemaps: [], total: 0 });
  });

  it('get_sitemap asks for the address in one segment', async () => {
    const { answer, calls } = await asking('get_sitemap', { property, sitemapUrl });
    expect(answer).toMatchObject({ sitemap: sitemapUrl, last_downloaded: '2026-11-19T03:12:00.000Z' });
    const path = `${encodeURIComponent(property)}/sitemaps/${encodeURIComponent(sitemapUrl)}`;
    expect(calls).toMatchObject([{ call: `GET /webmasters/v3/sites/${path}` }]);
  });

  it('inspect_url shows what the index has, also of a page that it does not know', async () => {
    const url = 'https://www.example.com/running-shoes/0';
    const { answer, calls } = await asking('inspect_url', { property, url, languageCode: 'de-CH' });
    expect(answer).toMatchObject({
      ...{ verdict: 'PASS', coverage: 'Submitted and indexed', google_canonical: url },
      rich_results: {
        verdict: 'PASS',
        types: [{ type: 'Product snippets', items: 1 }],
        issues: [{ severity: 'WARNING' }],
      },
    });
    const body = { siteUrl: property, inspectionUrl: url, languageCode: 'de-CH' };
    expect(calls).toEqual([{ call: 'POST /v1/urlInspection/index:inspect', body }]);
    const unknown = await pack.call('inspect_url', { property, url: 'https://www.example.com/none' });
    expect(unknown).toMatchObject({ verdict: 'NEUTRAL', last_crawl: null });
  });

  it('inspect_url of a site that is written without a slash is of its root', async () => {
    const { calls } = await asking('inspect_url', { property: shop, url: 'https://shop.example.com' });
    expect(calls.map(({ body }) => Object(body).inspectionUrl)).toEqual([shop]);
  });

  it('inspect_url of a page of another site is refused before Google is asked', async () => {
    const before = google.calls.length;
    const elsewhere = pack.call('inspect_url', { property, url: 'https://example.com.evil.example/' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'invalid_input' });
    expect(google.calls).toHaveLength(before);
  });
});

describe('query_search_analytics', () => {
  it('reads 57,300 rows as 25,000, 25,000 and 7,300, adds them up and shows twenty', async () => {
    const input = { ...lastDays, dimensions: ['query'], rowLimit: 25_000 };
    const { answer, calls } = await asking('query_search_analytics', input);
    const asked = {
      startDate: '2026-11-01',
      endDate: '2026-11-10',
      dimensions: ['query'],
      type: 'web',
      dataState: 'final',
    };
    const path = `POST /webmasters/v3/sites/${encodeURIComponent(property)}/searchAnalytics/query`;
    expect(calls).toEqual(
      [0, 25_000, 50_000].map((startRow) => ({ call: path, body: { ...asked, startRow, rowLimit: 25_000 } })),
    );
    expect(answer).toMatchObject({ totals: { rows: 57_300 }, complete: true });
    expect(answer.rows).toHaveLength(20);
    expect(answer.notes).toEqual([expect.stringContaining('rare queries'), expect.stringContaining('50,000')]);
    expect(JSON.stringify(answer).length).toBeLessThan(8000);
    const next = await asking('query_search_analytics', { ...input, cursor: answer.next_cursor });
    expect(next.calls).toMatchObject([{ body: { startRow: 20, rowLimit: 20 } }]);
    expect(next.answer).not.toHaveProperty('totals');
  }, 20_000);

  it('weights ctr and position, so that totals are those of the whole property', async () => {
    const by = async (dimensions: string[], rowLimit: number) =>
      pack.call('query_search_analytics', { ...lastDays, property: shop, dimensions, rowLimit });
    const [whole, byPage, byCountry] = [await by([], 1), await by(['query', 'page'], 5000), await by(['country'], 200)];
    expect(whole.rows).toHaveLength(1);
    const [{ clicks, impressions, ctr, position }] = z.tuple([Row]).parse(whole.rows);
    const totals = { clicks, impressions, ctr, position };
    expect(byPage).toMatchObject({ totals: { rows: 30, ...totals }, complete: true });
    expect(byCountry).toMatchObject({ totals: { rows: 5, ...totals }, complete: true });
    expect(byPage.next_cursor).toBeDefined();
  });

  it('shows as many rows as fit and were asked for, with one call', async () => {
    const { answer, calls } = await asking('query_search_analytics', {
      ...lastDays,
      dimensions: ['page'],
      rowLimit: 50,
    });
    expect(calls).toMatchObject([{ body: { startRow: 0, rowLimit: 50 } }]);
    expect(answer).toMatchObject({ totals: { rows: 50 }, complete: false });
    expect(answer.rows).toHaveLength(50);
    expect(answer).not.toHaveProperty('next_cursor');
  });

  it('goes by date where rows are grouped by it, and says which figures are incomplete', async () => {
    const input = { ...lastDays, property: shop, startDate: '2026-11-17', endDate: '2026-11-20', dimensions: ['date'] };
    const fresh = await pack.call('query_search_analytics', { ...input, dataState: 'all' });
    expect(
      z
        .array(Row)
        .parse(fresh.rows)
        .map(({ keys }) => keys[0]),
    ).toEqual(['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']);
    expect(fresh.notes).toEqual(['Figures from 2026-11-20 on are incomplete.']);
    const final = await pack.call('query_search_analytics', input);
    expect(final.rows).toHaveLength(1);
  });

  it('sends filters as one group, and Google’s own word for the type', async () => {
    const filters = [
      { dimension: 'country', expression: 'deu' },
      { dimension: 'query', operator: 'contains', expression: 'shoes' },
    ];
    const input = { ...lastDays, property: shop, dimensions: ['country'], filters, searchType: 'image' };
    const { answer, calls } = await asking('query_search_analytics', input);
    const sent = [{ ...filters[0], operator: 'equals' }, filters[1]];
    expect(calls).toMatchObject([
      { body: { type: 'image', dimensionFilterGroups: [{ groupType: 'and', filters: sent }] } },
    ]);
    expect(answer.rows).toMatchObject([{ keys: ['deu'] }]);
  });

  it('by the hour goes ten days back, with the state that has hours', async () => {
    const input = { ...lastDays, property: shop, startDate: '2026-11-19', endDate: '2026-11-19', dimensions: ['hour'] };
    const answer = await pack.call('query_search_analytics', { ...input, dataState: 'hourly_all' });
    expect(answer).toMatchObject({
      totals: { rows: 24 },
      rows: [{ keys: ['2026-11-19T00:00:00-08:00'] }, ...Array(19).fill({})],
    });
  });

  it('no data is a result, and discover has no position', async () => {
    const none = { property: 'https://news.example.com/', startDate: '2026-11-01', endDate: '2026-11-02' };
    expect(await pack.call('query_search_analytics', none)).toMatchObject({
      totals: { rows: 0, clicks: 0, impressions: 0, ctr: null, position: null },
      ...{ complete: true, rows: [] },
    });
    const discover = await pack.call('query_search_analytics', { ...lastDays, property: shop, searchType: 'discover' });
    expect(discover).toMatchObject({ totals: { position: null }, rows: [{ position: null }] });
  });

  it.each([
    ['an end before the start', { endDate: '2026-10-31' }, 'endDate'],
    ['a day that is none', { startDate: '2026-02-30' }, 'startDate'],
    ['a time', { startDate: '2026-11-01T00:00:00Z' }, 'startDate'],
    ['more than 16 months back', { startDate: '2025-07-19' }, 'startDate'],
    ['tomorrow', { startDate: '2026-11-21', endDate: '2026-11-22' }, 'startDate'],
    ['hours without their state', { dimensions: ['hour'] }, 'dataState'],
    ['the state of hours without them', { dataState: 'hourly_all' }, 'dataState'],
    [
      'hours of eleven days back',
      { dimensions: ['hour'], dataState: 'hourly_all', startDate: '2026-11-09' },
      'startDate',
    ],
    ['one dimension twice', { dimensions: ['page', 'page'] }, 'dimensions'],
    ['a dimension that is none', { dimensions: ['city'] }, 'dimensions'],
    ['a country of two letters', { filters: [{ dimension: 'country', expression: 'de' }] }, 'filters[0].expression'],
    ['a device that is none', { filters: [{ dimension: 'device', expression: 'PHONE' }] }, 'filters[0].expression'],
    ['an operator that is none', { filters: [{ dimension: 'page', operator: 'like', expression: 'x' }] }, 'filters'],
    ['more rows than Google gives', { rowLimit: 25_001 }, 'rowLimit'],
    ['no rows', { rowLimit: 0 }, 'rowLimit'],
    ['a cursor of its own', { cursor: 'eyJhZnRlciI6LTF9' }, 'cursor'],
  ])('%s is refused before Google is asked', async (_, wrong, field) => {
    const before = google.calls.length;
    await expect(
      pack.call('query_search_analytics', { ...lastDays, endDate: '2026-11-12', ...wrong }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(field),
    });
    expect(google.calls).toHaveLength(before);
  });
});

it.each<[string, object]>([
  ['get_property', {}],
  ['query_search_analytics', { startDate: '2026-11-01', endDate: '2026-11-10' }],
  ['list_sitemaps', {}],
  ['get_sitemap', { sitemapUrl }],
  ['inspect_url', { url: 'https://example.net/' }],
])('%s of a property that was not approved is refused like one that does not exist', async (tool, rest) => {
  const before = google.calls.length;
  for (const other of ['sc-domain:example.net', 'sc-domain:none.example.net'])
    await expect(pack.call(tool, { property: other, ...rest })).rejects.toMatchObject({
      code: 'account_not_authorized',
      details: { code: 'ACCOUNT_NOT_AUTHORIZED', api: 'GSC', requestedAccount: other },
    });
  expect(google.calls).toHaveLength(before);
});

it('says how long Google wants to be left alone', async () => {
  const answer = refused(403, 'PERMISSION_DENIED', 'Quota exceeded', 'rateLimitExceeded');
  google.fail(/sites/, { ...answer, headers: { 'retry-after': '90' } });
  await expect(pack.call('list_properties', {})).rejects.toMatchObject({
    code: 'throttled',
    details: { google_code: 'RATE_LIMITED', retry_after_seconds: 90 },
  });
});
