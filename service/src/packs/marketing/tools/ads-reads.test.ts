import { z } from 'zod';
import { type AdsRig, openAdsRig } from '../../../../test/rigs/ads.ts';
import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { gaql } from '../google/ads/query.ts';
import { demoWorld } from '../sandbox/ads/demo.ts';
import { adsArea } from '../sandbox/ads/index.ts';
import type { AdsWorld, DayFigures, Fields } from '../sandbox/ads/state.ts';
import { type StandIn, startStandIn } from '../sandbox/stand-in.ts';
import { daysBefore, today } from './shared/dates.ts';

const dollars = '1234567890';
const yen = '2345678901';
const euros = '3456789012';
const keywords = 25_000;

const name = (collection: string, id: string): string => `customers/${euros}/${collection}/${id}`;
const keyword = (_: unknown, at: number): Fields => ({
  resourceName: name('adGroupCriteria', `1~${at}`),
  criterionId: String(at),
  adGroup: name('adGroups', '1'),
  status: 'ENABLED',
  type: 'KEYWORD',
  negative: false,
  keyword: { text: `word ${at}`, matchType: 'EXACT' },
});
/** On each day: 187.654321 of the currency for the campaign, and a micro more for each keyword than for the one before. */
const figures = (resourceName: string): DayFigures | undefined => {
  const [, customerId, collection, id = ''] = resourceName.split('/');
  if (customerId !== euros) return demoWorld.figures?.(resourceName, '2026-11-19');
  if (collection === 'campaigns')
    return { costMicros: 187_654_321, clicks: 300, impressions: 9000, conversions: 7, conversionsValue: 81.5 };
  const costMicros = Number(id.split('~')[1]);
  return { costMicros, clicks: 1, impressions: 2, conversions: 0, conversionsValue: 0 };
};
const world: AdsWorld = {
  ...demoWorld,
  customers: [
    ...demoWorld.customers,
    { id: euros, descriptiveName: 'Euro shop', currencyCode: 'EUR', timeZone: 'Pacific/Auckland', manager: false },
  ],
  resources: [
    ...demoWorld.resources,
    { resourceName: name('campaigns', '1'), id: '1', name: 'Everything', status: 'ENABLED' },
    { resourceName: name('adGroups', '1'), id: '1', name: 'All', status: 'ENABLED', campaign: name('campaigns', '1') },
    ...Array.from({ length: keywords }, keyword),
  ],
  figures,
};

let rig: AdsRig;
let google: StandIn;
let pack: OnePack;
beforeAll(async () => {
  rig = await openAdsRig({ world }, {}, () => new Date());
  google = rig.google;
  pack = await openOnePack(
    'marketing',
    { GOOGLE_URL: google.url },
    [dollars, yen, euros, '7777777777'].map((accountId) => ({ api: 'GoogleAds', accountId })),
  );
});
afterAll(async () => {
  await pack.close();
  await rig.close();
});

describe('list_accessible_accounts', () => {
  it('shows accounts that Google lists and that were approved here, with currency, time zone and whether they manage', async () => {
    const { accounts, total } = await pack.call('list_accessible_accounts', {});
    expect(total).toBe(3);
    expect(accounts).toEqual([
      {
        customer_id: dollars,
        name: 'Example shop',
        currency: 'USD',
        time_zone: 'America/New_York',
        manager: false,
        unavailable: null,
      },
      expect.objectContaining({ customer_id: yen, currency: 'JPY', time_zone: 'Asia/Tokyo' }),
      expect.objectContaining({ customer_id: euros, currency: 'EUR' }),
    ]);
  });

  it('finds accounts that are reached through the manager account only', async () => {
    const people = { demo: { email: 'ana@example.com', customers: ['9998887770'] } };
    const standIn = await startStandIn([await adsArea({ people })], () => new Date());
    const variables = { GOOGLE_URL: standIn.url, GOOGLE_ADS_LOGIN_CUSTOMER_ID: '9998887770' };
    const managed = await openOnePack('marketing', variables, [{ api: 'GoogleAds', accountId: yen }]);
    expect(await managed.call('list_accessible_accounts', {})).toMatchObject({
      accounts: [{ customer_id: yen, currency: 'JPY' }],
    });
    await managed.close();
    await standIn.close();
  });

  it('asks Google nothing where nothing is approved', async () => {
    const before = google.calls.length;
    const none = await openOnePack('marketing', { GOOGLE_URL: google.url });
    expect(await none.call('list_accessible_accounts', {})).toMatchObject({ accounts: [], total: 0 });
    expect(google.calls).toHaveLength(before);
    await none.close();
  });
});

it('list_campaigns shows campaigns that were not removed, and takes the id as Google shows it', async () => {
  const { campaigns, total } = await pack.call('list_campaigns', { customerId: '123-456-7890' });
  expect(total).toBe(5);
  expect(campaigns).toContainEqual({
    campaign_id: '104',
    name: 'Whole shop',
    status: 'ENABLED',
    type: 'PERFORMANCE_MAX',
    budget_id: '503',
    bidding: 'MAXIMIZE_CONVERSIONS',
    start: '2025-03-01 00:00:00',
    end: '2037-12-30 23:59:59',
  });
});

it('list_budgets shows amounts in the currency of the account, what Google recommends, and who shares', async () => {
  const { budgets } = await pack.call('list_budgets', { customerId: dollars });
  const usd = (amount: string, micros: string) => ({ amount, micros, currency: 'USD' });
  expect(budgets).toMatchObject([
    {
      budget_id: '501',
      amount: usd('100.00', '100000000'),
      campaigns: 1,
      shared: false,
      recommended: usd('140.00', '140000000'),
    },
    { budget_id: '502', campaigns: 3, shared: true, recommended: null },
    { budget_id: '503' },
    { budget_id: '504', campaigns: 0 },
  ]);
  expect((await pack.call('list_budgets', { customerId: yen })).budgets).toMatchObject([
    { amount: { micros: '5000000000', amount: '5000', currency: 'JPY' } },
  ]);
});

describe('get_campaign_performance', () => {
  it('is of the last 30 complete days of the account, in exact money', async () => {
    const answer = await pack.call('get_campaign_performance', { customerId: euros });
    const yesterday = daysBefore(today('Pacific/Auckland', new Date()), 1);
    expect(answer).toMatchObject({
      start_date: daysBefore(yesterday, 29),
      end_date: yesterday,
      time_zone: 'Pacific/Auckland',
      currency: 'EUR',
      total: 1,
      totals: { cost: { micros: '5629629630', amount: '5629.62963', currency: 'EUR' }, clicks: 9000, ctr: 0.0333 },
      rows: [{ campaign_id: '1', average_cpc: { micros: '625514' }, conversions: 210, conversions_value: 2445 }],
    });
    const one = { customerId: euros, startDate: yesterday, endDate: yesterday };
    expect((await pack.call('get_campaign_performance', one)).totals).toMatchObject({
      cost: { micros: '187654321', amount: '187.654321' },
    });
  });

  it('is of one campaign where one is named, and no data is a result', async () => {
    const of = (campaignId: string) => pack.call('get_campaign_performance', { customerId: dollars, campaignId });
    expect((await of('101')).rows).toMatchObject([{ campaign_id: '101', name: 'Running shoes' }]);
    expect(await of('999')).toMatchObject({ rows: [], total: 0, totals: { cost: { micros: '0' }, ctr: null } });
  });

  it.each([
    ['campaignId', { campaignId: "1' OR campaign.id > '0" }],
    ['startDate', { startDate: "2026-11-01' AND '" }],
    ['endDate', { startDate: '2026-11-02', endDate: '2026-11-01' }],
    ['startDate: is after', { startDate: '2999-01-01' }],
    ['customerId', { customerId: '1234567890/googleAds:search?x=' }],
  ])('refuses a wrong %s before any Google call with it', async (field, wrong) => {
    const before = google.calls.filter(({ path }) => path.endsWith('googleAds:search')).length;
    const call = async () => pack.call('get_campaign_performance', { customerId: dollars, ...wrong });
    await expect(call()).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(field) });
    const asked = google.calls.slice(before).map(({ body }) => JSON.stringify(body));
    expect(asked.filter((each) => each?.includes("' OR") || each?.includes("AND ''"))).toEqual([]);
  });
});

it('get_search_terms_report shows what was searched for, dearest first, as data', async () => {
  const { rows, untrusted_text } = await pack.call('get_search_terms_report', { customerId: dollars });
  const shown = Array.isArray(rows) ? rows : [];
  expect(shown.map((row) => Object(row).search_term).sort()).toEqual([
    'best trail running shoes',
    'boots with fleece lining',
    'free running shoes',
  ]);
  const costs = shown.map((row) => BigInt(Object(row).cost.micros));
  expect(costs).toEqual(costs.toSorted((a, b) => (a < b ? 1 : -1)));
  expect(untrusted_text).toEqual(['rows[].search_term']);
});

describe('get_keyword_performance', () => {
  it('reads 25,000 keywords page by page, answers twenty, and adds all of them up', async () => {
    const yesterday = daysBefore(today('Pacific/Auckland', new Date()), 1);
    const input = { customerId: euros, startDate: yesterday, endDate: yesterday };
    const searches = () => google.calls.filter(({ body }) => JSON.stringify(body)?.includes('keyword_view'));
    const before = searches().length;
    const first = await pack.call('get_keyword_performance', input);
    const sum = (keywords * (keywords - 1)) / 2;
    expect(first).toMatchObject({ total: keywords, totals: { cost: { micros: String(sum) }, clicks: keywords } });
    expect(
      searches()
        .slice(before)
        .map(({ body }) => Object(body).pageToken?.split('.')[0]),
    ).toEqual([undefined, '10000', '20000']);
    const shown = Array.isArray(first.rows) ? first.rows.length : 0;
    expect(shown).toBeGreaterThan(14);
    expect(Object(first.rows)[0]).toMatchObject({ keyword: `word ${keywords - 1}`, quality_score: null });
    const second = await pack.call('get_keyword_performance', { ...input, cursor: first.next_cursor });
    expect(Object(second.rows)[0]).toMatchObject({ keyword: `word ${keywords - 1 - shown}` });
  });

  it('asks for the second page once the first was read through, so that one page is in memory', async () => {
    const before = google.calls.length;
    const query = gaql`SELECT ad_group_criterion.criterion_id FROM keyword_view`;
    let read = 0;
    for await (const _ of rig.ads.rows(euros, query, z.unknown(), rig.context)) {
      read += 1;
      if (read === 10_000) break;
    }
    expect(google.calls).toHaveLength(before + 1);
  });

  it('says the quality score where Google has one', async () => {
    const { rows } = await pack.call('get_keyword_performance', { customerId: dollars, campaignId: '101' });
    expect(rows).toContainEqual(
      expect.objectContaining({ keyword: 'trail running shoes', match_type: 'PHRASE', quality_score: 8 }),
    );
  });
});
