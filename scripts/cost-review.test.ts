/** Costs as Cost Explorer answers them, on a stand-in for AWS whose answers are given. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { archives } from '../modules/testing/synthesized.ts';
import { estimate, type RegionEstimate } from './cost/estimate.ts';
import { costReview } from './cost-review.ts';
import { plusDays, wholeUntil } from './operate/cost/days.ts';
import { reviewed } from './operate/cost/reviewed.ts';
import { injectCosts, type Told } from './operate/cost/testing/injected.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { type Operated, openOperated } from './operate/operated.ts';

const environment = 'examples/startup/prod';
const account = '111122223333';
const standIn = onStandIn(environment);
const { lines, said } = standIn;

/** The 29th, six in the morning: the 27th is the last day that is complete. */
const now = new Date('2026-11-29T06:13:00Z');
beforeEach(() => {
  // Only the date: the stand-in and the SDK need their timers.
  const real = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;
  jest.useFakeTimers({ now, doNotFake: [...real, 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  jest.useRealTimers();
});

let operated: Operated;
let estimates: readonly RegionEstimate[];
beforeAll(async () => {
  operated = await openOperated(standIn.hostWith(), { environment });
  estimates = estimate(operated.label, [operated.settings], archives);
});

const inject = (...answers: Told[]) => injectCosts(standIn.url(), account, answers);
const run = (...args: string[]) => standIn.run(costReview, ['--environment', environment, ...args]);
/** Through the SDK, with an estimate that is made once. */
const review = (at: Date = now) => reviewed(operated, estimates, { end: wholeUntil(at), now: at });

/** The same every day of November up to the 27th, and of the days before that say what is usual. */
const daily = (service: string, usd: string, tag = 'prod') =>
  Array.from({ length: 41 }, (_, index) => [plusDays('2026-10-18', index), service, tag, usd] as const);

describe('a review', () => {
  it('adds up what was injected to the cent, each service beside its estimate', async () => {
    await inject([
      ...daily('AmazonCloudWatch', '0.3350000001'),
      ...daily('Amazon DynamoDB', '0.1049999999'),
      ['2026-11-27', 'AWS Lambda', 'prod', '0.005'],
      ['2026-11-27', 'AWS Key Management Service', 'prod', '1.00499'],
      ['2026-11-27', 'Tax', 'prod', '-0.005'],
    ]);
    const { verdict, services, total, notEstimated, budget, window } = await review();
    expect(verdict).toBe('within');
    expect(window.soFar).toEqual({ start: '2026-11-01', end: '2026-11-28' });
    expect(Object.fromEntries(services.map(({ service, actual }) => [service, actual]))).toEqual({
      AmazonCloudWatch: 9.05,
      'Amazon DynamoDB': 2.83,
      'AWS Key Management Service': 1,
      'AWS Lambda': 0.01,
      'AWS Secrets Manager': 0,
      Tax: -0.01,
    });
    // 27 x 0.44 + 1.00499: exact, where the rounded rows come to 12.88.
    expect(total).toMatchObject({ actual: 12.88, week: 4.08, weekBefore: 3.08 });
    expect(services.find(({ service }) => service === 'AWS Key Management Service')?.estimate).toBe(1.8);
    expect(notEstimated).toMatchObject({ usd: 2.83, services: ['AWS Lambda', 'Amazon DynamoDB', 'Tax'] });
    expect(budget).toEqual({ usd: 50, usedPercent: 25.7, tellAtPercent: 80 });
  });

  it('counts what has the environment’s tag, and tells what has none', async () => {
    await inject([
      ...daily('AmazonCloudWatch', '0.1'),
      ...daily('AmazonCloudWatch', '7', 'staging'),
      ...daily('AWS Cost Explorer', '0.2', ''),
    ]);
    expect(await review()).toMatchObject({ verdict: 'within', total: { actual: 2.7 }, untaggedUsd: 5.4 });
  });

  it('reads all pages, and adds up a day that is on two', async () => {
    const half = daily('AmazonCloudWatch', '0.5');
    await inject({ told: half, NextPageToken: 'next' }, half);
    expect(await review()).toMatchObject({ total: { actual: 27 }, askingUsd: 0.03 });
  });

  it('names the five that moved most against the week before', async () => {
    const week = (service: string, before: number, after: number) =>
      [
        ['2026-11-20', service, 'prod', String(before)],
        ['2026-11-21', service, 'prod', String(after)],
      ] as const;
    await inject([
      ...[week('a', 1, 2), week('b', 1, 9), week('c', 4, 1), week('d', 3, 3), week('e', 0, 2.5)].flat(),
      ...[week('f', 1, 1.5), week('g', 2, 0)].flat(),
    ]);
    expect((await review()).movers).toEqual([
      { service: 'b', changeUsd: 8 },
      { service: 'c', changeUsd: -3 },
      { service: 'e', changeUsd: 2.5 },
      { service: 'g', changeUsd: -2 },
      { service: 'a', changeUsd: 1 },
    ]);
  });
});

describe('the budget of 50', () => {
  it.each([
    ['40.00', 'within'],
    ['40.01', 'attention'],
  ])('with %s spent: %s, because over 80 % needs it', async (usd, verdict) => {
    await inject([['2026-11-01', 'AmazonCloudWatch', 'prod', usd]]);
    expect((await review()).verdict).toBe(verdict);
  });

  it('is forecast by what is spent, the day that is late, and the days to come', async () => {
    await inject(daily('AmazonCloudWatch', '1.2'));
    expect(await review()).toMatchObject({ verdict: 'within', total: { actual: 32.4 }, forecast: { usd: 36 } });
  });

  it('needs attention where all of it is forecast, though little is spent', async () => {
    const early = new Date('2026-11-12T06:13:00Z');
    jest.setSystemTime(early);
    await inject(daily('AmazonCloudWatch', '2'));
    expect(await review(early)).toMatchObject({ verdict: 'attention', total: { actual: 20 }, forecast: { usd: 60 } });
  });

  it('needs attention where the tags are not activated, because nothing counts then', async () => {
    await inject(daily('AmazonCloudWatch', '1.2', ''));
    const { verdict, notices } = await review();
    expect(verdict).toBe('attention');
    expect(notices[0]).toContain('activate Project and Environment as cost allocation tags');
  });

  it('needs attention where there are no costs at all, and has no forecast', async () => {
    expect(await review()).toMatchObject({
      verdict: 'attention',
      forecast: { why: 'AWS answers none: it has too little history' },
    });
  });
});

it('counts everything, tagged or not, where the budget is that of the account', async () => {
  await inject([...daily('AmazonCloudWatch', '0.1', 'staging'), ...daily('AWS Cost Explorer', '0.2', '')]);
  const account = { ...operated, settings: { ...operated.settings, budget_scope: 'account' as const } };
  const { total, notices } = await reviewed(account, estimates, { end: wholeUntil(now), now });
  expect([total.actual, notices]).toEqual([8.1, []]);
});

it('reviews a month that is over to its end, without a forecast', async () => {
  await inject([['2026-10-31', 'AmazonCloudWatch', 'prod', '12.34']]);
  const { total, forecast, window } = await reviewed(operated, estimates, { end: '2026-11-01', now });
  expect([window.soFar, total.actual, forecast]).toEqual([
    { start: '2026-10-01', end: '2026-11-01' },
    12.34,
    { usd: 12.34 },
  ]);
});

it.each([
  ['2026-11-31', '--end is a day such as 2026-11-01, not 2026-11-31.'],
  ['0000-01-01', '--end 0000-01-01 is too long ago: Cost Explorer keeps days from 2025-10-01 on.'],
  ['2026-11-30', '--end 2026-11-30 has not come yet: the last it takes is 2026-11-29.'],
])('refuses --end %s', async (end, problem) => {
  expect(await run('--end', end)).toBe(64);
  expect(said()).toContain(problem);
});

it('writes a report that an issue can hold, and ends with 2 over the budget', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cost-report-'));
  try {
    // Instances: nothing has to be bundled for the estimate.
    const name = 'examples/startup/staging';
    await inject(daily('AmazonCloudWatch', '2', 'staging'));
    const file = join(folder, 'report.md');
    expect(await standIn.run(costReview, ['--environment', name, '--report', file, '--json'])).toBe(2);
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
      environment: name,
      verdict: 'attention',
      budget: { usd: 50 },
    });
    const text = await readFile(file, 'utf8');
    expect(text).toContain('### Costs of examples/startup/staging, 2026-11-01 to 2026-11-27: USD — needs attention');
    expect(text).toMatch(/^\| AmazonCloudWatch \| 54\.00 \| \d\.\d\d \| 14\.00 \| 14\.00 \|$/m);
    expect(text).toContain('- Budget: 50.00. 54.00 is 108.0 % of it; the admins are told over 80 %.');
  } finally {
    await rm(folder, { recursive: true });
  }
});
