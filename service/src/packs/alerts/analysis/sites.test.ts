import type { AlertEvent } from '../model/event.ts';
import { CLUSTER_GAP_MS, clustersAt, clustersOf, shownCluster } from './clusters.ts';
import { cell, columnsOf } from './columns.ts';
import { type ComparedSite, compareFigures, worstFirst } from './comparison.ts';
import { Episodes } from './episodes.ts';
import { healthOf, type WeighedAlarm } from './health.ts';
import { alarms, dayOfTest } from './rows-of-test.ts';
import { siteMetrics } from './site-metrics.ts';
import { ROWS_PER_TURN, WorkTurns } from './work-turns.ts';

const never = new AbortController().signal;
const turns = () => new WorkTurns(never);
const none = { repairs: [], criticalMs: 0, raises: 0, duplicates: 0 };

const clustered = async (...lines: readonly string[]) => {
  const columns = await columnsOf(alarms(...lines), turns());
  return { columns, clusters: await clustersOf(columns, turns()) };
};

const example1 = ['S1 10:00 CELL 3 a', 'S1 10:45 CELL 2 a', 'S1 11:30:00.001 CELL 4 b', 'S1 13:00 CELL 2 a'];

describe('columns', () => {
  it('bring alarms into the order of site, time and event, whatever order they came in', async () => {
    const rows = alarms('B 10:00 CELL 3 x', 'A 10:00 CELL 1 x', 'A 09:00 CELL 2 x', 'A 10:00 CELL 4 x');
    for (const order of [rows, rows.toReversed(), [...rows.slice(2), ...rows.slice(0, 2)]]) {
      const columns = await columnsOf(order, turns());
      const severities = (code: string) => {
        const site = columns.sites.indexOf(code);
        return [...columns.severity.slice(cell(columns.siteStart, site), cell(columns.siteStart, site + 1))];
      };
      expect([severities('A'), severities('B')]).toEqual([[2, 1, 4], [3]]);
    }
  });

  it('sort as many rows as they get, in any order, and keep every one', async () => {
    const rows = Array.from({ length: 9000 }, (_, index) => {
      const [row] = alarms(`S1 00:00 CELL ${(index % 5) + 1} n${index % 7}`);
      if (row === undefined) throw new Error('no row');
      const at = new Date(dayOfTest.from + ((index * 7919) % 9000) * 1000).toISOString();
      return { ...row, at, event_id: String(index) };
    });
    const { at, size } = await columnsOf(rows, turns());
    expect(size).toBe(9000);
    expect([...at]).toEqual(Array.from({ length: 9000 }, (_, second) => dayOfTest.from + second * 1000));
  });
});

it('example 1: a gap of exactly 45 minutes stays in a cluster, one millisecond more begins another', async () => {
  const { columns, clusters } = await clustered(...example1);
  const shown = [...clustersAt(columns, clusters, 0)].map((cluster) => shownCluster(columns, clusters, cluster));
  expect(shown.map(({ alarms }) => alarms)).toEqual([2, 1, 1]);
  expect(shown.map(({ significant }) => significant)).toEqual([true, true, false]);
  expect(shown[0]).toMatchObject({ started_at: '2026-05-01T10:00:00.000Z', ended_at: '2026-05-01T10:45:00.000Z' });
  expect(siteMetrics(columns, clusters, 0, none, dayOfTest)).toMatchObject({
    mean_severity_score: 0.55,
    mtbe_min: 90,
    alarms_per_day: 4,
    severity_mix: { info: 0, warning: 0.5, minor: 0.25, major: 0.25, critical: 0 },
  });
});

it('flags a cluster of more than a day, and does not split it', async () => {
  const days = async (gaps: number) => {
    const [row] = alarms('S1 00:00 CELL 2 x');
    if (row === undefined) throw new Error('no row');
    const at = (gap: number) => new Date(dayOfTest.from + gap * CLUSTER_GAP_MS).toISOString();
    const rows = Array.from({ length: gaps + 1 }, (_, gap) => ({ ...row, event_id: String(gap), at: at(gap) }));
    const long = await columnsOf(rows, turns());
    const all = await clustersOf(long, turns());
    return { count: all.count, chained: shownCluster(long, all, 0).chained };
  };
  expect(await days(32)).toEqual({ count: 1, chained: false });
  expect(await days(33)).toEqual({ count: 1, chained: true });
});

it('clusters each site by itself', async () => {
  const { columns, clusters } = await clustered('A 10:00 CELL 2 x', 'B 10:01 CELL 2 x', 'A 10:02 CELL 2 x');
  expect(columns.sites.map((_, site) => [...clustersAt(columns, clusters, site)].length)).toEqual([1, 1]);
  expect(clusters.count).toBe(2);
});

describe('site metrics', () => {
  const event = (time: string, kind: AlertEvent['kind'], severity: AlertEvent['severity'], id = 'a'): AlertEvent => {
    const [row] = alarms(`S1 ${time} CELL ${severity} x`);
    if (row === undefined) throw new Error('no row');
    return { ...row, kind, alert_id: id, element_id: '' };
  };
  const figuresOf = (...events: readonly AlertEvent[]) => {
    const episodes = new Episodes(dayOfTest);
    for (const each of events) episodes.add(each);
    return episodes.end([]);
  };

  it('example 5: availability leaves out the union of open Critical intervals', async () => {
    const figures = figuresOf(
      event('10:00', 'raise', 5, 'a'),
      event('10:30', 'raise', 5, 'b'),
      event('11:00', 'clear', 5, 'a'),
      event('12:00', 'clear', 5, 'b'),
    );
    const { columns, clusters } = await clustered('S1 10:00 CELL 5 x');
    expect(siteMetrics(columns, clusters, 0, figures, dayOfTest)).toMatchObject({
      availability: 0.9167,
      mttr_min: 75,
    });
  });

  it('count a Critical alarm as open from when it became Critical until it is so no longer', () => {
    const hours = (ms: number) => ms / 3_600_000;
    const cases: [AlertEvent[], number][] = [
      [[event('10:00', 'raise', 3), event('12:00', 'change', 5), event('13:00', 'change', 4)], 1],
      [[event('10:00', 'raise', 5)], 14],
      [[event('06:00', 'clear', 5)], 6],
      [[event('06:00', 'clear', 4)], 0],
      [
        [
          event('06:00', 'raise', 5),
          event('07:00', 'clear', 5),
          event('08:00', 'raise', 5),
          event('09:00', 'clear', 5),
        ],
        2,
      ],
    ];
    for (const [events, expected] of cases) expect(hours(figuresOf(...events).criticalMs)).toBe(expected);
  });

  it('know from its clear, or from who took it on, when an alarm of before the window began', () => {
    const since = '2026-04-30T23:00:00.000Z';
    const cleared = figuresOf({ ...event('06:00', 'clear', 5), since });
    expect(cleared).toMatchObject({ repairs: [7 * 3_600_000], criticalMs: 6 * 3_600_000 });
    const taken = figuresOf({ ...event('06:00', 'change', 5), since, acknowledged: true });
    expect(taken).toMatchObject({ repairs: [], criticalMs: 24 * 3_600_000 });
    const worse = figuresOf(event('06:00', 'change', 5));
    expect(worse.criticalMs).toBe(18 * 3_600_000);
  });

  it('count duplicates as noise and as nothing else', async () => {
    const again = { ...event('10:00', 'raise', 5), duplicate: true as const };
    const figures = figuresOf(event('10:00', 'raise', 3), again, again, again);
    expect(figures).toMatchObject({ criticalMs: 0, raises: 1, duplicates: 3 });
    const { columns, clusters } = await clustered('S1 10:00 CELL 3 x');
    expect(siteMetrics(columns, clusters, 0, figures, dayOfTest).noise_ratio).toBe(0.75);
  });

  it('name what was raised three times within 60 minutes, and count alarms by hour', async () => {
    const { columns, clusters } = await clustered(
      ...['09:00', '09:30', '10:00'].map((time) => `S1 ${time} CELL 2 flaps`),
      ...['09:00', '09:30', '10:00:00.001'].map((time) => `S1 ${time} CELL 2 does-not`),
    );
    const { flapping, hourly_counts } = siteMetrics(columns, clusters, 0, none, dayOfTest);
    expect(flapping).toEqual([{ name: 'flaps', raises_in_hour: 3 }]);
    expect(hourly_counts.map((count, hour) => [hour, count]).filter(([, count]) => count)).toEqual([
      [9, 4],
      [10, 2],
    ]);
  });

  it('are null, not zero, where nothing can be said', async () => {
    const { columns, clusters } = await clustered('S1 10:00 CELL 5 x');
    expect(siteMetrics(columns, clusters, undefined, none, dayOfTest)).toMatchObject({
      alarms: 0,
      mean_severity_score: null,
      mttr_min: null,
      mtbe_min: null,
      availability: 1,
      noise_ratio: null,
    });
  });
});

describe('health', () => {
  const alarm = (text: string): WeighedAlarm => {
    const [element = '', severity = ''] = text.split(' ');
    const [row] = alarms(`S1 00:00 ${element} ${severity} x`);
    if (row === undefined) throw new Error('no row');
    return row;
  };
  const site = (open: string[], closed: string[] = [], recentClusters = 0, maintenance = false) =>
    healthOf({ open: open.map(alarm), closed: closed.map(alarm), recentClusters, maintenance });

  it.each([
    [['POWER 5', 'TRANS 4'], ['CELL 3', 'CELL 3'], 1, { health: 48, status: 'DOWN', confidence: 0.75 }],
    [['CELL 5', 'CELL 5', 'CELL 4'], [], 0, { health: 40, status: 'DEGRADED', confidence: 0.875 }],
    [['CELL 3', 'CORE 2'], [], 3, { health: 93.8, status: 'OPERATIONAL', confidence: 0.938 }],
  ])('example 5: %j open and %j closed, %i clusters: %j', (open, closed, clusters, expected) => {
    expect(site(open, closed, clusters)).toEqual(expected);
  });

  it('decides the status by its parts, not by a float beside the limit', () => {
    // 100 - 20 is exactly 80: 20 Warnings. 100 - 60 - 0.25 x 0 is exactly 40.
    expect(site(new Array(20).fill('CELL 2'))).toMatchObject({ health: 80, status: 'OPERATIONAL' });
    expect(site(new Array(20).fill('CELL 2'), ['CELL 2'])).toMatchObject({ health: 79.8, status: 'DEGRADED' });
    // 1.2 fifty times is 60, of which floats make 60.00000000000003.
    expect(site(new Array(50).fill('CORE 2'))).toMatchObject({ health: 40, status: 'DEGRADED', confidence: 0.5 });
    expect(site(new Array(50).fill('CORE 2'), ['CELL 2'])).toMatchObject({ health: 39.8, status: 'DOWN' });
  });

  it('is never below zero, and maintenance comes before everything else', () => {
    expect(site(new Array(9).fill('POWER 5'))).toMatchObject({ health: 0, status: 'DOWN', confidence: 0.998 });
    expect(site(['POWER 5'], [], 0, true)).toMatchObject({ status: 'MAINTENANCE', confidence: 1, health: 62.5 });
    expect(site([])).toEqual({ status: 'OPERATIONAL', confidence: 1, health: 100 });
  });
});

describe('comparison', () => {
  const compared = (site_code: string, alarms_per_day: number, names: string[] = []): ComparedSite => ({
    site_code,
    health: null,
    metrics: {
      alarms: 0,
      alarms_per_day,
      mean_severity_score: null,
      severity_mix: {},
      mttr_min: null,
      mtbe_min: null,
      availability: 1,
      noise_ratio: null,
      flapping: [],
      hourly_counts: [],
    },
    names: new Set(names),
  });

  it('example 5: of 2, 2, 2, 10 alarms a day the last has z 1.7321 and is an outlier', () => {
    const { z, outliers } = compareFigures([2, 2, 2, 10].map((value, at) => compared(`S${at}`, value)));
    expect(z.get('S3')).toEqual({ alarms_per_day: 1.7321, availability: 0 });
    expect(outliers).toEqual([{ site_code: 'S3', metric: 'alarms_per_day', value: 10, median: null }]);
  });

  it('takes twice the median for an outlier where there are fewer than four sites', () => {
    const outliersOf = (...values: number[]) =>
      compareFigures(values.map((value, at) => compared(`S${at}`, value))).outliers;
    expect(outliersOf(2, 2, 4)).toEqual([{ site_code: 'S2', metric: 'alarms_per_day', value: 4, median: 2 }]);
    expect(outliersOf(2, 2, 3.9)).toEqual([]);
    expect(outliersOf(0, 0, 0)).toEqual([]);
  });

  it('tells by Jaccard which sites have the same alarms, and null where there are none', () => {
    const { similarity } = compareFigures([
      compared('A', 1, ['x', 'y', 'z']),
      compared('B', 1, ['y', 'z', 'w']),
      compared('C', 1),
      compared('D', 1),
    ]);
    expect(similarity[0]).toEqual({ site_a: 'A', site_b: 'B', jaccard: 0.5, shared_names: 2 });
    expect(similarity.find(({ site_a }) => site_a === 'C')).toMatchObject({ site_b: 'D', jaccard: null });
  });

  it('puts the worst health first, and sites that were never seen last', () => {
    const sites = [
      ['A', null],
      ['B', 90],
      ['C', 40],
      ['D', 90],
    ] as const;
    const order = worstFirst(sites.map(([site_code, health]) => ({ site_code, health })));
    expect(order.map(({ site_code }) => site_code)).toEqual(['C', 'B', 'D', 'A']);
  });
});

it('ends within 50,000 rows of the end of its call', async () => {
  const call = new AbortController();
  const working = new WorkTurns(call.signal);
  let worked = 0;
  const work = async () => {
    for (; ; worked += 1) if (working.due()) await working.pass();
  };
  const ended = work();
  call.abort(new Error('the client is gone'));
  await expect(ended).rejects.toThrow('the client is gone');
  expect(worked).toBeLessThan(ROWS_PER_TURN);
});
