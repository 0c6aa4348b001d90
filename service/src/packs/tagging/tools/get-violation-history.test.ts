import { z } from 'zod';
import { at, startPack } from '../../../../test/estate/pack.ts';
import { historyBy, periodStart, trendOf } from '../reports/history.ts';
import type { StoredScan } from '../scan/stored-scan.ts';

const scan = (timestamp: string, compliant: number, total = 100, more: Partial<StoredScan> = {}): StoredScan => ({
  scanId: timestamp,
  extentHash: 'h',
  timestamp,
  policyVersion: '1',
  quality: 'complete',
  score: total === 0 ? null : compliant / total,
  counts: { total, compliant },
  violationCount: total - compliant,
  costGap: null,
  extent: { accounts: [], regions: [], types: [] },
  inventory: [],
  averages: [],
  chunks: 0,
  ...more,
});

describe('scores over time', () => {
  const scans = [
    scan('2026-10-31T23:00:00Z', 40),
    scan('2026-11-01T01:00:00Z', 50),
    scan('2026-11-01T09:00:00Z', 60),
    scan('2026-11-01T10:00:00Z', 10, 20, { quality: 'partial' }),
    scan('2026-11-02T09:00:00Z', 70),
  ];

  it('have one point a day: its last complete scan, and no sum of several', () => {
    expect(historyBy(scans, 'day').map(({ periodStart: day, score }) => [day, score])).toEqual([
      ['2026-10-31', 0.4],
      ['2026-11-01', 0.6],
      ['2026-11-02', 0.7],
    ]);
    expect(historyBy(scans, 'day')[1]?.scan.violationCount).toBe(40);
  });

  it('have weeks from Monday and months', () => {
    expect(historyBy(scans, 'week').map(({ periodStart: week, score }) => [week, score])).toEqual([
      ['2026-10-26', 0.6],
      ['2026-11-02', 0.7],
    ]);
    expect(historyBy(scans, 'month').map(({ periodStart: month }) => month)).toEqual(['2026-10-01', '2026-11-01']);
    expect(periodStart('2027-01-01T00:00:00Z', 'week')).toBe('2026-12-28');
  });

  it.each([
    [[0.5, 0.6], 'improving'],
    [[0.6, 0.5], 'declining'],
    [[0.6, 0.9, 0.6], 'stable'],
    [[0.6, 0.604], 'stable'],
    [[0.6], 'stable'],
    [[], 'no_data'],
  ])('of %j are %s', (scores, trend) => {
    const points = historyBy(
      scores.map((score, day) => scan(`2026-11-0${day + 1}T00:00:00Z`, score * 1000, 1000)),
      'day',
    );
    expect(trendOf(points)).toEqual({ trend, earliest: scores[0] ?? null, latest: scores.at(-1) ?? null });
  });

  it('of nothing to judge are no data, and no zero', () => {
    const points = historyBy([scan('2026-11-01T00:00:00Z', 0, 0)], 'day');
    expect([points[0]?.score, trendOf(points).trend]).toEqual([null, 'no_data']);
  });
});

describe('get_violation_history', () => {
  const Told = z.looseObject({
    history: z.array(z.looseObject({ period_start: z.string() })),
    next_cursor: z.string().optional(),
  });
  const history = (pack: Awaited<ReturnType<typeof startPack>>, input: object = {}) =>
    pack.call('get_violation_history', input);

  it('tells scans of everything, and leaves narrower and incomplete ones out', async () => {
    const pack = await startPack();
    expect(await history(pack)).toMatchObject({ history: [], trend_direction: 'no_data', latest_score: null });
    const all = await pack.call('check_tag_compliance', {});
    await pack.call('check_tag_compliance', { resource_types: ['s3:bucket'], force_refresh: true });
    pack.behaviour.throttledRegions.add('eu-west-1');
    pack.clock.now = new Date(pack.clock.now.getTime() + 3_600_000);
    await pack.call('check_tag_compliance', { force_refresh: true });
    const told = await history(pack, { group_by: 'week' });
    expect(told).toMatchObject({
      history: [
        {
          period_start: '2026-11-16',
          compliance_score: at(all, 'compliance_score'),
          total_resources: at(all, 'total_resources'),
          violation_count: at(all, 'total_violations'),
          cost_attribution_gap: at(all, 'cost_attribution_gap'),
        },
      ],
      trend_direction: 'stable',
      policy_changed: false,
      incomplete_scans: 1,
      scope: { accounts: 3, regions: 3, resource_types: 7 },
    });
  });

  it('tells the newest month first, and earlier days by cursor with the trend of them all', async () => {
    const first = Date.parse('2026-10-01T06:00:00Z');
    const made = Array.from({ length: 50 }, (_, day) =>
      scan(new Date(first + day * 86_400_000).toISOString(), 50 + day),
    );
    const { scans } = (await startPack()).parts;
    const pack = await startPack({ services: { scans: { ...scans, history: async () => made } } });
    const newest = Told.parse(await history(pack, { days_back: 90 }));
    expect(newest.history.map(({ period_start: day }) => day)).toHaveLength(31);
    expect([newest.history[0]?.period_start, newest.history.at(-1)?.period_start]).toEqual([
      '2026-10-20',
      '2026-11-19',
    ]);
    const older = Told.parse(await history(pack, { days_back: 90, cursor: newest.next_cursor }));
    expect([older.history[0]?.period_start, older.history.at(-1)?.period_start]).toEqual(['2026-10-01', '2026-10-19']);
    expect(older.next_cursor).toBeUndefined();
    for (const told of [newest, older])
      expect(told).toMatchObject({ trend_direction: 'improving', earliest_score: 0.5, latest_score: 0.99 });
  });

  it.each([{ days_back: 0 }, { days_back: 91 }, { group_by: 'year' }])('refuses %j', async (input) => {
    await expect(history(await startPack(), input)).rejects.toThrow();
  });
});
