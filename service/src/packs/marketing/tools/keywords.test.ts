import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { excludes } from '../google/ads/excluded.ts';
import { demoWorld } from '../sandbox/ads/demo.ts';
import { adsArea } from '../sandbox/ads/index.ts';
import type { Fields } from '../sandbox/ads/state.ts';
import { type StandIn, startStandIn } from '../sandbox/stand-in.ts';

const customerId = '1234567890';
const yen = '2345678901';
const now = () => new Date('2026-11-20T09:00:00Z');
const campaign = (at: number): Fields => ({
  resourceName: `customers/${yen}/campaigns/${at}`,
  id: String(at),
  name: at < 20 ? `Twenty ${at} of twenty-one` : 'One more of twenty-one',
  status: 'PAUSED',
});
const resources = [...demoWorld.resources, ...Array.from({ length: 21 }, (_, at) => campaign(at))];

let google: StandIn;
let pack: OnePack;
beforeAll(async () => {
  google = await startStandIn([await adsArea({ world: { ...demoWorld, resources } })], now);
  const approved = [customerId, yen].map((accountId) => ({ api: 'GoogleAds', accountId }));
  pack = await openOnePack('marketing', { GOOGLE_URL: google.url }, approved, now);
});
afterAll(async () => {
  await pack.close();
  await google.close();
});

const keyword = (text: string, matchType = 'EXACT') => ({ text, matchType });
const toGroup = (...keywords: object[]) => ({ customerId, adGroupId: '201', keywords });
const toCampaign = (campaignId: string, ...keywords: object[]) => ({ customerId, campaignId, keywords });
const mutates = () => google.calls.filter(({ path }) => path.endsWith(':mutate'));
const writes = () => mutates().filter(({ body }) => Object(body).validateOnly !== true);
const keywordsThere = async (group: string) => {
  const { rows } = await pack.call('get_keyword_performance', { customerId });
  return (Array.isArray(rows) ? rows : [])
    .filter((row) => Object(row).ad_group_id === group)
    .map((row) => String(Object(row).keyword));
};

describe('add_keywords', () => {
  it.each([
    ['51 keywords', Array.from({ length: 51 }, (_, at) => keyword(`word ${at}`))],
    [
      '50 of which one has 81 characters',
      [...Array.from({ length: 49 }, (_, at) => keyword(`w ${at}`)), keyword('x'.repeat(81))],
    ],
    ['eleven words', [keyword('a b c d e f g h i j k')]],
    ['a blank', [keyword('  ')]],
    ['one twice', [keyword('Red Shoes'), keyword(' red  shoes')]],
    ['a match type that is none', [keyword('red shoes', 'FUZZY')]],
  ])('refuses %s before any Google call', async (_what, keywords) => {
    const before = google.calls.length;
    await expect(pack.ask('add_keywords', toGroup(...keywords))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('keywords'),
    });
    expect(google.calls).toHaveLength(before);
  });

  it('refuses a bid under both of its names, which need not be the same', async () => {
    const both = { ...keyword('red shoes'), maxCpc: '1', maxCpcDollars: '100' };
    await expect(pack.ask('add_keywords', toGroup(both))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('maxCpc'),
    });
  });

  it.each([
    ['0', 'more than 0'],
    [-1, 'more than 0'],
    ['0.755', 'at most 2 digits'],
    [1e21, 'plain amount'],
    ['$1', 'plain amount'],
    ['1,50', 'plain amount'],
  ])('refuses a bid of %s and writes no wrong micro', async (maxCpc, because) => {
    const before = mutates().length;
    const asked = pack.ask('add_keywords', toGroup({ ...keyword('red shoes'), maxCpc }));
    await expect(asked).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(because) });
    expect(mutates()).toHaveLength(before);
  });

  it('takes bids in whole yen of an account that pays in yen', async () => {
    const bid = (maxCpc: string | number) =>
      pack.ask('add_keywords', { customerId: yen, adGroupId: '211', keywords: [{ ...keyword('gyokuro'), maxCpc }] });
    await expect(bid('60.5')).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('JPY') });
    expect((await bid(60)).plan.changes).toMatchObject([{ after: { max_cpc_micros: '60000000' } }]);
  });

  it('shows what it would add, adds it once its requester agrees, and takes it back', async () => {
    const before = writes().length;
    const asked = await pack.ask(
      'add_keywords',
      toGroup(
        { ...keyword('red shoes'), maxCpc: '8.2' },
        keyword('Trail Running Shoes', 'PHRASE'),
        keyword('blue shoes'),
      ),
    );
    expect(asked).toMatchObject({
      status: 'awaiting-confirmation',
      plan: {
        summary: 'Add 2 keywords to the ad group "Trail" of the campaign "Running shoes"',
        changes: [{ after: { max_cpc_micros: '8200000' } }, { after: { max_cpc_micros: null } }],
        warnings: ['1 of 3 are there already and stay as they are.'],
      },
    });
    expect(writes()).toHaveLength(before);
    const done = await pack.confirm(asked);
    expect(done).toMatchObject({ status: 'applied', result: { applied: 2, failed: 0 } });
    expect(Object(writes().at(-1)?.body).operations[0].create).toMatchObject({ cpcBidMicros: '8200000' });
    expect(await keywordsThere('201')).toEqual(expect.arrayContaining(['red shoes', 'blue shoes']));
    const reverted = await pack.confirm(await pack.revert(done));
    expect(reverted).toMatchObject({ status: 'applied', result: { applied: 2 } });
    const query =
      'SELECT ad_group_criterion.keyword.text FROM ad_group_criterion WHERE ad_group_criterion.status = REMOVED';
    const removed = await fetch(`${google.url}/v26/customers/${customerId}/googleAds:search`, {
      method: 'POST',
      body: JSON.stringify({ query }),
    });
    expect(Object(await removed.json()).results).toHaveLength(2);
  });

  it('adds what Google takes, and says of each other keyword why not', async () => {
    const asked = await pack.ask('add_keywords', toGroup(keyword('green shoes'), keyword('shoes {sale}')));
    expect(asked.plan.changes.map(({ wouldFail }) => wouldFail)).toEqual([undefined, 'KEYWORD_HAS_INVALID_CHARS']);
    expect(await pack.confirm(asked)).toMatchObject({
      status: 'partially-applied',
      result: {
        applied: 1,
        failed: 1,
        outcomes: expect.arrayContaining([expect.objectContaining({ code: 'KEYWORD_HAS_INVALID_CHARS' })]),
      },
    });
  });

  it('reads back after an answer that was lost, and sends nothing a second time', async () => {
    const asked = await pack.ask('add_keywords', toGroup(keyword('lost shoes')));
    google.fail(/mutate/, 'lost');
    const before = writes().length;
    expect(await pack.confirm(asked)).toMatchObject({ status: 'applied', result: { applied: 1 } });
    expect(writes()).toHaveLength(before + 1);
    expect((await keywordsThere('201')).filter((text) => text === 'lost shoes')).toHaveLength(1);
  });

  it('says of a change that Google did not make, and whose answer was lost, that it failed', async () => {
    const asked = await pack.ask('add_keywords', toGroup(keyword('never shoes')));
    google.fail(/mutate/, { status: 503, body: {} });
    const before = writes().length;
    expect(await pack.confirm(asked)).toMatchObject({
      status: 'failed',
      result: { outcomes: [{ outcome: 'failed', code: 'upstream_error' }] },
    });
    expect(writes()).toHaveLength(before + 1);
  });

  it('finds no ad group that is not there', async () => {
    const asked = pack.ask('add_keywords', { customerId, adGroupId: '999', keywords: [keyword('red shoes')] });
    await expect(asked).rejects.toMatchObject({ code: 'not_found', details: { google_code: 'NOT_FOUND' } });
  });
});

describe('add_negative_keywords', () => {
  it('shows what the keywords would have excluded before they are added, and takes them back', async () => {
    const asked = await pack.ask('add_negative_keywords', toCampaign('101', keyword('running shoes', 'PHRASE')));
    expect(asked).toMatchObject({
      status: 'awaiting-confirmation',
      plan: {
        impact: [
          { label: 'Search terms of the last 30 days that are excluded', before: 2, after: 0 },
          { label: 'Spent on them in those days', unit: 'money', currency: 'USD', after: '0' },
          { label: 'Conversions by them in those days' },
        ],
      },
    });
    const done = await pack.confirm(asked);
    expect(done).toMatchObject({ status: 'applied', result: { applied: 1 } });
    expect(Object(writes().at(-1)?.body).operations).toEqual([
      {
        create: {
          campaign: `customers/${customerId}/campaigns/101`,
          negative: true,
          keyword: { text: 'running shoes', matchType: 'PHRASE' },
        },
      },
    ]);
    expect(await pack.confirm(await pack.revert(done))).toMatchObject({ status: 'applied' });
  });

  it('names campaigns that a pattern finds as ids, has a second person agree, and takes it as no expression', async () => {
    const asked = await pack.ask('add_negative_keywords', {
      ...{ customerId: yen, campaignPattern: 'twenty 1', keywords: [keyword('free')] },
    });
    expect(asked.status).toBe('awaiting-countersign');
    expect(asked.plan.changes.map(({ resourceId }) => resourceId.split('/')[3])).toEqual([
      '1',
      ...Array.from({ length: 10 }, (_, at) => String(at + 10)),
    ]);
    expect(asked.plan.summary).toContain('"Twenty 1 of twenty-one" (1)');
    const none = pack.ask('add_negative_keywords', {
      ...{ customerId: yen, campaignPattern: '.*%', keywords: [keyword('free')] },
    });
    await expect(none).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a pattern that 21 campaigns have, and lists the 20 that another has', async () => {
    const before = mutates().length;
    const ask = (campaignPattern: string) =>
      pack.ask('add_negative_keywords', { customerId: yen, campaignPattern, keywords: [keyword('free')] });
    await expect(ask('of twenty-one')).rejects.toMatchObject({
      code: 'safety_limit_exceeded',
      details: { google_code: 'SAFETY_LIMIT_EXCEEDED', matched: 21, maximum: 20 },
    });
    expect(mutates()).toHaveLength(before);
    expect((await ask('Twenty ')).plan.changes).toHaveLength(20);
  });

  it('takes an id or a pattern, and not both', async () => {
    const both = { customerId, campaignId: '101', campaignPattern: 'shoes', keywords: [keyword('free')] };
    await expect(pack.ask('add_negative_keywords', both)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it.each([
    ['BROAD', 'shoes free', 'free running shoes', true],
    ['BROAD', 'shoes free', 'free shoe', false],
    ['PHRASE', 'running shoes', 'best running shoes', true],
    ['PHRASE', 'shoes running', 'best running shoes', false],
    ['PHRASE', 'run', 'running shoes', false],
    ['EXACT', 'Running Shoes', 'running shoes', true],
    ['EXACT', 'running shoes', 'best running shoes', false],
  ])('%s "%s" of the search "%s": %s', (matchType, text, searched, excluded) => {
    expect(excludes({ text, matchType }, searched)).toBe(excluded);
  });
});
