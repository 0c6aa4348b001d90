import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { cruxArea } from '../sandbox/crux.ts';
import { type StandIn, startStandIn } from '../sandbox/stand-in.ts';
import { ratingOf, vitals } from './shared/web-vitals.ts';

const origin = 'https://www.example.com';
const now = () => new Date('2026-11-20T09:00:00Z');
let google: StandIn;
let pack: OnePack;
beforeAll(async () => {
  google = await startStandIn([cruxArea()], now);
  pack = await openOnePack('marketing', { GOOGLE_URL: google.url, CRUX_API_KEY: 'key-of-the-test' }, [], now);
});
afterAll(async () => {
  await pack.close();
  await google.close();
});
const bodies = async (tool: string, input: unknown) => {
  const before = google.calls.length;
  const answer = await pack.call(tool, input);
  return { answer, bodies: google.calls.slice(before).map(({ body }) => body) };
};

it.each([
  ['LCP', 2500, 'good'],
  ['LCP', 2501, 'needs_improvement'],
  ['LCP', 4000, 'needs_improvement'],
  ['LCP', 4001, 'poor'],
  ['INP', 200, 'good'],
  ['INP', 500, 'needs_improvement'],
  ['INP', 501, 'poor'],
  ['CLS', 0.1, 'good'],
  ['CLS', 0.11, 'needs_improvement'],
  ['CLS', 0.25, 'needs_improvement'],
  ['CLS', 0.26, 'poor'],
  ['FCP', 1800, 'good'],
  ['FCP', 3001, 'poor'],
  ['TTFB', 800, 'good'],
  ['TTFB', 1801, 'poor'],
  ['LCP', null, null],
])('%s of %s is %s', (name, p75, rating) => {
  const [vital] = vitals.filter((each) => each.name === name);
  expect(vital && ratingOf(vital, p75)).toBe(rating);
});

it('a site: LCP 2500 is good, INP 501 poor, CLS "0.11" needs improvement, and all devices together name none', async () => {
  const { answer, bodies: asked } = await bodies('get_core_web_vitals_origin', { origin: `${origin}/` });
  expect(asked).toEqual([{ origin }]);
  expect(answer).toMatchObject({
    ...{
      status: 'ok',
      passes_core_web_vitals: false,
      first_date: '2026-10-22',
      last_date: '2026-11-18',
      sandbox: true,
    },
    metrics: [
      {
        metric: 'LCP',
        unit: 'ms',
        p75: 2500,
        rating: 'good',
        good_percent: 75,
        needs_improvement_percent: 17,
        poor_percent: 8,
      },
      { metric: 'INP', p75: 501, rating: 'poor' },
      { metric: 'CLS', unit: 'score', p75: 0.11, rating: 'needs_improvement' },
      { metric: 'FCP', p75: 1810, rating: 'needs_improvement' },
      { metric: 'TTFB', p75: 620, rating: 'good' },
    ],
  });
});

it('a page on phones, with the address that the report has it under', async () => {
  const input = { url: `${origin}/?utm_source=mail`, formFactor: 'PHONE' };
  const { answer, bodies: asked } = await bodies('get_core_web_vitals_url', input);
  expect(asked).toEqual([{ url: input.url, formFactor: 'PHONE' }]);
  expect(answer).toMatchObject({
    status: 'ok',
    normalized_url: `${origin}/`,
    metrics: [{ p75: 3000 }, {}, {}, {}, {}],
  });
});

it.each([
  ['get_core_web_vitals_origin', { origin: 'https://unknown.example.com' }],
  ['get_core_web_vitals_url', { url: 'https://unknown.example.com/a' }],
  ['get_cwv_history_origin', { origin: 'https://unknown.example.com' }],
  ['get_cwv_history_url', { url: 'https://unknown.example.com/a' }],
])('%s says no_data of what few people visit', async (tool, input) => {
  expect(await pack.call(tool, input)).toMatchObject({ status: 'no_data', metrics: [] });
});

it('the past of a site is 25 weeks, with gaps as null', async () => {
  const { answer, bodies: asked } = await bodies('get_cwv_history_origin', { origin });
  expect(asked).toEqual([{ origin, collectionPeriodCount: 25 }]);
  expect(answer).toMatchObject({
    status: 'ok',
    metrics: [
      { metric: 'LCP', latest: 2500, rating: 'good', change_percent: -32.4, gaps: 1 },
      { metric: 'INP' },
      { metric: 'CLS', latest: 0.11, gaps: 2 },
      ...[{}, {}],
    ],
  });
  expect(answer.weeks).toHaveLength(25);
  expect(answer.weeks).toMatchObject([
    ...Array(19).fill({}),
    { LCP: 2750, CLS: null },
    { last_date: '2026-10-21', LCP: null, INP: null, CLS: null, FCP: null, TTFB: null },
    ...Array(4).fill({}),
  ]);
});

it('the past of a page goes back as far as is asked for, 40 weeks at most', async () => {
  const { answer, bodies: asked } = await bodies('get_cwv_history_url', { url: `${origin}/`, weeks: 40 });
  expect(asked).toEqual([{ url: `${origin}/`, collectionPeriodCount: 40 }]);
  expect(answer.weeks).toHaveLength(40);
  expect(JSON.stringify(answer).length).toBeLessThan(6600);
  await expect(pack.call('get_cwv_history_url', { url: `${origin}/`, weeks: 41 })).rejects.toMatchObject({
    code: 'invalid_input',
  });
});

it('compares devices, of which one without data is fine', async () => {
  const { answer, bodies: asked } = await bodies('compare_cwv_form_factors', { origin });
  expect(asked).toHaveLength(3);
  expect(asked).toEqual(
    expect.arrayContaining(['PHONE', 'TABLET', 'DESKTOP'].map((formFactor) => ({ origin, formFactor }))),
  );
  expect(answer).toMatchObject({
    devices: [
      { form_factor: 'PHONE', status: 'ok' },
      { form_factor: 'TABLET', status: 'no_data' },
      { form_factor: 'DESKTOP', status: 'ok' },
    ],
    worst: { LCP: 'PHONE', INP: 'PHONE', CLS: 'PHONE' },
  });
});

it.each([
  ['compare_cwv_form_factors', {}],
  ['compare_cwv_form_factors', { origin, url: `${origin}/` }],
  ['get_core_web_vitals_origin', { origin: `${origin}/page` }],
  ['get_core_web_vitals_origin', { origin: 'example.com' }],
  ['get_core_web_vitals_origin', { origin, formFactor: 'WATCH' }],
  ['get_core_web_vitals_url', { url: 'file:///etc/passwd' }],
])('%s refuses %j before Google is asked', async (tool, input) => {
  const before = google.calls.length;
  await expect(pack.call(tool, input)).rejects.toMatchObject({ code: 'invalid_input' });
  expect(google.calls).toHaveLength(before);
});

it('asks with the service’s own API key, and with nobody’s credential', async () => {
  await pack.call('get_core_web_vitals_origin', { origin });
  const last = google.calls.at(-1);
  expect(last?.query.get('key')).toBe('key-of-the-test');
  expect(last?.headers).not.toHaveProperty('authorization');
});
