import { z } from 'zod';
import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { analyticsArea } from '../sandbox/analytics.ts';
import { type StandIn, startStandIn } from '../sandbox/stand-in.ts';

const propertyId = '123456789';
const small = '987654321';
const empty = '555000111';
const now = () => new Date('2026-11-20T09:00:00Z');
let google: StandIn;
let pack: OnePack;
beforeAll(async () => {
  google = await startStandIn([analyticsArea({ combinations: 57_300, streams: 448 })], now);
  const approved = [propertyId, small, empty, '31337'].map((accountId) => ({ api: 'Analytics', accountId }));
  pack = await openOnePack('marketing', { GOOGLE_URL: google.url }, approved, now);
});
afterAll(async () => {
  await pack.close();
  await google.close();
});
const asking = async (tool: string, input: unknown) => {
  const before = google.calls.length;
  const answer = await pack.call(tool, input);
  const calls = google.calls.slice(before).map(({ method, path, body, query }) => ({
    call: `${method} ${path}`,
    ...{ body, query: Object.fromEntries(query) },
  }));
  return { answer, calls };
};
const week = { propertyId, startDate: '2026-11-01', endDate: '2026-11-07', metrics: ['sessions'] };

describe('what there is', () => {
  it('list_analytics_accounts shows accounts with an approved property', async () => {
    expect(await pack.call('list_analytics_accounts', {})).toMatchObject({
      accounts: [
        { account_id: '1001', name: 'Example Retail', approved_properties: 2 },
        { account_id: '1002', name: 'Example Media', approved_properties: 1 },
      ],
      total: 2,
    });
  });

  it('list_analytics_properties of one account has time zone and currency', async () => {
    const { answer, calls } = await asking('list_analytics_properties', { accountId: 'accounts/1001' });
    expect(calls).toMatchObject([
      { call: 'GET /v1beta/properties', query: { filter: 'parent:accounts/1001', pageSize: '200' } },
    ]);
    expect(answer.properties).toMatchObject([
      { property_id: propertyId, name: 'Shop', account_id: '1001', time_zone: 'Europe/Berlin', currency: 'EUR' },
      { property_id: empty, currency: 'EUR' },
    ]);
  });

  it('list_analytics_properties of all accounts are the summaries, which have neither', async () => {
    const { answer, calls } = await asking('list_analytics_properties', {});
    expect(calls).toMatchObject([{ call: 'GET /v1beta/accountSummaries' }]);
    expect(answer).toMatchObject({
      total: 3,
      properties: [{ property_id: propertyId, time_zone: null, currency: null }, {}, {}],
    });
  });

  it('the API wants a filter of whoever lists properties', async () => {
    const answer = await fetch(`${google.url}/v1beta/properties`);
    expect(answer.status).toBe(400);
  });

  it('list_data_streams reads all pages by their tokens, and shows twenty', async () => {
    const { answer, calls } = await asking('list_data_streams', { propertyId: `properties/${propertyId}` });
    expect(calls).toHaveLength(3);
    expect(calls[0]?.query).toEqual({ pageSize: '200' });
    expect(calls[2]?.query.pageToken).toBeDefined();
    expect(answer).toMatchObject({ total: 450 });
    expect(answer.streams).toHaveLength(20);
    expect(answer.streams).toMatchObject([
      {
        stream_id: '1',
        type: 'WEB_DATA_STREAM',
        measurement_id: 'G-ABC1234567',
        default_uri: 'https://www.example.com',
        app: null,
      },
      { stream_id: '2', measurement_id: null, app: 'com.example.shop' },
      ...Array(18).fill({}),
    ]);
    const next = await pack.call('list_data_streams', { propertyId, cursor: answer.next_cursor });
    expect(next.streams).toMatchObject([{ stream_id: '21' }, ...Array(19).fill({})]);
    expect(await pack.call('list_data_streams', { propertyId: empty })).toMatchObject({ streams: [], total: 0 });
  });
});

describe('run_analytics_report', () => {
  it('asks for what fits, and goes on by offset until the limit', async () => {
    const input = { ...week, dimensions: ['pagePath'], limit: 50_000 };
    const { answer, calls } = await asking('run_analytics_report', input);
    expect(calls).toEqual([
      {
        call: `POST /v1beta/properties/${propertyId}:runReport`,
        query: {},
        body: {
          dateRanges: [{ startDate: '2026-11-01', endDate: '2026-11-07' }],
          ...{ dimensions: [{ name: 'pagePath' }], metrics: [{ name: 'sessions' }] },
          orderBys: [{ metric: { metricName: 'sessions' }, desc: true }],
          ...{ offset: '0', limit: '20', metricAggregations: ['TOTAL'], returnPropertyQuota: true },
        },
      },
    ]);
    expect(answer).toMatchObject({
      row_count: 57_300,
      dimensions: ['pagePath'],
      time_zone: 'Europe/Berlin',
      notes: [],
    });
    expect(answer.rows).toHaveLength(20);
    const next = await asking('run_analytics_report', { ...input, cursor: answer.next_cursor });
    expect(next.calls).toMatchObject([{ body: { offset: '20', limit: '20' } }]);
    const last = await asking('run_analytics_report', { ...input, offset: 49_990, limit: 10 });
    expect(last.calls).toMatchObject([{ body: { offset: '49990', limit: '10' } }]);
    expect(last.answer).not.toHaveProperty('next_cursor');
  });

  it('ends where the rows do', async () => {
    const { answer } = await asking('run_analytics_report', {
      ...week,
      dimensions: ['pagePath'],
      offset: 57_290,
      limit: 100,
    });
    expect(answer.rows).toHaveLength(10);
    expect(answer).not.toHaveProperty('next_cursor');
  });

  it('has values as text, money in units of the currency, and totals that Google counted', async () => {
    const metrics = ['totalRevenue', 'activeUsers', 'averageSessionDuration'];
    const answer = await pack.call('run_analytics_report', { ...week, metrics, dimensions: ['country'] });
    expect(answer).toMatchObject({
      metrics: [
        { name: 'totalRevenue', unit: 'EUR' },
        { name: 'activeUsers', unit: 'integer' },
        { name: 'averageSessionDuration', unit: 'seconds' },
      ],
      row_count: 4,
      tokens_left_today: expect.any(Number),
    });
    const Rows = z.array(z.object({ metrics: z.array(z.string()) }));
    const users = Rows.parse(answer.rows).reduce((sum, row) => sum + Number(row.metrics[1]), 0);
    const [revenue, people] = z.array(z.string()).parse(answer.totals);
    expect(revenue).toMatch(/^\d+\.\d\d$/);
    // A person who was seen in two countries counts once.
    expect(Number(people)).toBeLessThan(users);
  });

  it('tells of thresholding, sampling and the row of all others', async () => {
    const answer = await pack.call('run_analytics_report', { ...week, propertyId: small, metrics: ['totalRevenue'] });
    expect(answer).toMatchObject({
      metrics: [{ unit: 'JPY' }],
      notes: [
        expect.stringContaining('Thresholding'),
        'Sampled: figures rest on 25 % of the events.',
        expect.stringContaining('(other)'),
      ],
    });
  });

  it('goes by time where a dimension is one', async () => {
    const { answer, calls } = await asking('run_analytics_report', {
      ...{ ...week, propertyId: small, startDate: '3daysAgo', endDate: 'yesterday' },
      dimensions: ['country', 'date'],
    });
    expect(calls).toMatchObject([{ body: { orderBys: [{ dimension: { dimensionName: 'date' } }] } }]);
    expect(answer.rows).toMatchObject([{ dimensions: [expect.any(String), '20261117'] }, ...Array(11).fill({})]);
  });

  it('no data is a result', async () => {
    expect(await pack.call('run_analytics_report', { ...week, propertyId: empty })).toMatchObject({
      row_count: 0,
      rows: [],
      totals: [],
    });
  });

  it('an unknown metric is the caller’s to correct', async () => {
    await expect(pack.call('run_analytics_report', { ...week, metrics: ['nonsense'] })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('Field nonsense is not a valid metric'),
      details: { google_code: 'INVALID_ARGUMENT' },
    });
  });

  it('a property that is approved here, and not at Google, is Google’s to allow', async () => {
    await expect(pack.call('run_analytics_report', { ...week, propertyId: '31337' })).rejects.toMatchObject({
      code: 'access_denied',
      details: { google_code: 'GOOGLE_PERMISSION_DENIED' },
    });
  });

  it.each([
    ['no metric', { metrics: [] }],
    ['eleven metrics', { metrics: Array.from({ length: 11 }, (_, place) => `metric${place}`) }],
    ['ten dimensions', { dimensions: Array.from({ length: 10 }, (_, place) => `dimension${place}`) }],
    ['one metric twice', { metrics: ['sessions', 'sessions'] }],
    ['an end before the start', { endDate: '2026-10-01' }],
    ['tomorrow', { endDate: 'tomorrow' }],
    ['a day that is none', { endDate: '2026-02-31' }],
    ['100,001 rows', { limit: 100_001 }],
    ['a name that is a query', { metrics: ['sessions; drop'] }],
    ['a property by name', { propertyId: 'properties/shop' }],
  ])('%s is refused before Google is asked', async (_, wrong) => {
    const before = google.calls.length;
    await expect(pack.call('run_analytics_report', { ...week, ...wrong })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(google.calls).toHaveLength(before);
  });
});

describe('get_realtime_users', () => {
  it('counts active users of the last thirty minutes', async () => {
    const { answer, calls } = await asking('get_realtime_users', { propertyId });
    const body = { dimensions: [], metrics: [{ name: 'activeUsers' }], limit: '10' };
    expect(calls).toMatchObject([{ call: `POST /v1beta/properties/${propertyId}:runRealtimeReport`, body }]);
    expect(answer).toMatchObject({
      row_count: 1,
      rows: [{ dimensions: [], metrics: [expect.stringMatching(/^\d+$/)] }],
    });
    expect(await pack.call('get_realtime_users', { propertyId: empty })).toMatchObject({ row_count: 0, rows: [] });
  });

  it('by country, as many as were asked for', async () => {
    const answer = await pack.call('get_realtime_users', {
      propertyId,
      dimensions: ['country'],
      metrics: ['activeUsers', 'eventCount'],
      limit: 2,
    });
    expect(answer).toMatchObject({ row_count: 4, rows: [{ metrics: [expect.any(String), expect.any(String)] }, {}] });
  });

  it.each([
    ['a dimension of sessions', { dimensions: ['sessionSource'] }],
    ['a metric of sessions', { metrics: ['sessions'] }],
    ['10,001 rows', { limit: 10_001 }],
  ])('%s is refused before Google is asked', async (_, wrong) => {
    const before = google.calls.length;
    await expect(pack.call('get_realtime_users', { propertyId, ...wrong })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(google.calls).toHaveLength(before);
  });
});

it.each(['list_data_streams', 'get_realtime_users'])(
  '%s of a property that was not approved is refused like one that does not exist',
  async (tool) => {
    const before = google.calls.length;
    for (const other of ['777000222', '1'])
      await expect(pack.call(tool, { propertyId: other })).rejects.toMatchObject({
        code: 'account_not_authorized',
        details: { code: 'ACCOUNT_NOT_AUTHORIZED', api: 'Analytics', requestedAccount: other },
      });
    expect(google.calls).toHaveLength(before);
  },
);
