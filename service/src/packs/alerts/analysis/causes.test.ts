import { causalOrder } from './causal.ts';
import { clustersOf } from './clusters.ts';
import { atLeast, columnsOf } from './columns.ts';
import { frequencies } from './frequency.ts';
import { pairFigures } from './pair-figures.ts';
import { MOST_PAIRS } from './pair-search.ts';
import { rootCausePatterns, rootsOf } from './root-causes.ts';
import { alarms, dayOfTest } from './rows-of-test.ts';
import { spatialPairs } from './spatial.ts';
import { temporalPairs } from './temporal.ts';
import { MOST_ITEMS } from './transactions.ts';
import { WorkTurns } from './work-turns.ts';

const never = new AbortController().signal;
const turns = () => new WorkTurns(never);
const thresholds = { minSupport: 0, minLift: 1.5, minConfidence: 0.5 };

const clustered = async (...lines: readonly string[]) => {
  const columns = await columnsOf(alarms(...lines), turns());
  return { columns, clusters: await clustersOf(columns, turns()) };
};

describe('pairs', () => {
  it('example 6: N 40, nA 10, nB 8, nAB 6', () => {
    const { phi, ...figures } = pairFigures({ transactions: 40, a: 10, b: 8, both: 6 });
    expect(figures).toEqual({ support: 0.15, b_given_a: 0.6, a_given_b: 0.75, lift: 3, jaccard: 0.5 });
    expect(phi).toBeCloseTo(0.5774, 4);
    expect(pairFigures({ transactions: 40, a: 40, b: 8, both: 8 }).phi).toBeNull();
  });

  /** A cluster of each site, from midnight on; one site more for each. */
  const sites = (...clusters: readonly (readonly string[])[]): string[] =>
    clusters.flatMap((names, site) => names.map((name, at) => `S${site} 00:0${at} CELL 2 ${name}`));
  const temporal = async (lines: readonly string[], asked = thresholds) => {
    const { columns, clusters } = await clustered(...lines);
    return temporalPairs(columns, clusters, asked, turns());
  };

  it('example 6: are counted over all clusters of all sites, each name once in a cluster', async () => {
    const lines = sites(
      ...new Array(4).fill(['A', 'B', 'A']),
      ...new Array(2).fill(['B', 'A']),
      ...new Array(4).fill(['A', 'A']),
      ...new Array(2).fill(['B']),
      ...new Array(28).fill(['C']),
    );
    const { pairs, total, truncated } = await temporal(lines);
    expect({ total, truncated }).toEqual({ total: 1, truncated: false });
    expect(pairs).toEqual([
      {
        key_a: 'CELL_SITE|A',
        key_b: 'CELL_SITE|B',
        transactions: 40,
        a: 10,
        b: 8,
        both: 6,
        support: 0.15,
        b_given_a: 0.6,
        a_given_b: 0.75,
        lift: 3,
        jaccard: 0.5,
        phi: expect.closeTo(0.5774, 4),
        lead: 4 / 6,
        median_lag_s: 60,
      },
    ]);
  });

  it('are the same pair, with the same lead, whichever name comes first in the data', async () => {
    const lines = [...new Array(3).fill(['Z', 'A']), ['A', 'Z'], ...new Array(6).fill(['C'])];
    const [forward] = (await temporal(sites(...lines))).pairs;
    expect(forward).toMatchObject({ key_a: 'CELL_SITE|A', key_b: 'CELL_SITE|Z', lead: 0.25, median_lag_s: -60 });
    expect((await temporal(sites(...lines.toReversed()))).pairs).toEqual([forward]);
  });

  it('are reported from three together, lift 1.5 and the larger P 0.5 on, or what the caller asks for', async () => {
    const some = (count: number, names: string[]): string[][] => new Array(count).fill(names);
    const found = async (lines: string[][], asked = thresholds) => (await temporal(sites(...lines), asked)).total;
    expect(await found([...some(3, ['A', 'B']), ...some(7, ['C'])])).toBe(1);
    expect(await found([...some(2, ['A', 'B']), ...some(8, ['C'])])).toBe(0);
    // 6 of 9 have both: lift is 1.5. 7 of 10: below.
    expect(await found([...some(6, ['A', 'B']), ...some(3, ['C'])])).toBe(1);
    expect(await found([...some(7, ['A', 'B']), ...some(3, ['C'])])).toBe(0);
    // P is 3 of 6, then 3 of 7.
    const apart = (count: number) => [...some(3, ['A', 'B']), ...some(count, ['A']), ...some(count, ['B'])];
    expect(await found([...apart(3), ...some(40, ['C'])])).toBe(1);
    expect(await found([...apart(4), ...some(40, ['C'])])).toBe(0);
    expect(await found([...apart(4), ...some(40, ['C'])], { ...thresholds, minConfidence: 0.4 })).toBe(1);
    expect(await found([...apart(3), ...some(40, ['C'])], { ...thresholds, minSupport: 0.1 })).toBe(0);
    expect(await found([...apart(3), ...some(40, ['C'])], { ...thresholds, minLift: 9 })).toBe(0);
  });

  it('come by lift, then by how often, then by key', async () => {
    const lines = [
      ...new Array(3).fill(['X', 'Y']),
      ...new Array(3).fill(['F', 'G']),
      ...new Array(4).fill(['O', 'P', 'Q']),
      ...new Array(10).fill(['C']),
    ];
    const { pairs } = await temporal(sites(...lines));
    const shown = pairs.map(({ key_a, key_b, both }) => [key_a.slice(-1) + key_b.slice(-1), both]);
    expect(shown).toEqual([
      ['FG', 3],
      ['XY', 3],
      ['OP', 4],
      ['OQ', 4],
      ['PQ', 4],
    ]);
  });

  it('of a cluster with more than 200 names are those of its most frequent names, and the answer says so', async () => {
    const names = Array.from({ length: MOST_ITEMS + 5 }, (_, at) => `n${String(at).padStart(3, '0')}`);
    const often = names.slice(-3);
    const lines = [0, 1, 2].flatMap((site) => names.map((name) => `S${site} 00:00 CELL 2 ${name}`));
    const more = [3, 4].flatMap((site) => often.map((name) => `S${site} 00:00 CELL 2 ${name}`));
    const others = Array.from({ length: 9 }, (_, site) => `T${site} 00:00 CELL 2 other`);
    const found = await temporal([...lines, ...more, ...others]);
    expect(found.truncated).toBe(true);
    expect(found.total).toBe((MOST_ITEMS * (MOST_ITEMS - 1)) / 2);
    expect(found.pairs).toHaveLength(MOST_PAIRS);
    // The most frequent are the last ones that came, and are not among those left out.
    expect((await temporal([...lines, ...more, ...others], { ...thresholds, minSupport: 5 / 14 })).total).toBe(3);
  });

  it('of sites are those with alarms from Warning on in the same 45 minutes, of which a day has 32', async () => {
    const lines = ['00:10', '03:10', '06:10', '09:10'].flatMap((time) => [
      `A ${time} CELL 2 x`,
      `B ${time}:30 CELL 5 y`,
      `C ${time}:50 CELL 1 info`,
    ]);
    const { columns } = await clustered(...lines, 'D 00:10 CELL 3 z', 'E 00:44:59.999 CELL 3 z', 'E 00:45 CELL 3 z');
    const { buckets, pairs, groups } = await spatialPairs(columns, dayOfTest, thresholds, turns());
    expect(buckets).toBe(32);
    expect(pairs).toMatchObject([{ key_a: 'A', key_b: 'B', transactions: 32, a: 4, b: 4, both: 4, lift: 8 }]);
    expect(groups).toEqual([['A', 'B']]);
  });

  it('of sites join to a group where their Jaccard is 0.5 or more', async () => {
    const at = (site: string, ...hours: number[]) =>
      hours.map((hour) => `${site} ${String(hour).padStart(2, '0')}:10 CELL 3 x`);
    const { columns } = await clustered(
      ...at('A', 0, 3, 6, 9),
      ...at('B', 0, 3, 6, 9, 12, 15),
      ...at('C', 6, 9, 12, 15),
      ...at('D', 0, 3, 6, 15, 18, 19, 20, 21),
    );
    const { groups, pairs } = await spatialPairs(columns, dayOfTest, thresholds, turns());
    expect(groups).toEqual([['A', 'B', 'C']]);
    expect(pairs.some(({ key_b }) => key_b === 'D')).toBe(true);
  });
});

describe('root causes', () => {
  const example7 = [
    'CZA0021 10:00 POWER 5 MainsFailure',
    'CZA0021 10:03 TRANS 4 LinkDown',
    'CZA0021 10:05 CELL 5 CellOut',
    'CZA0021 10:06 CELL 5 CellOut',
    'CZA0021 14:00 CELL 5 CellOut',
    'CZA0021 14:10 POWER 5 MainsFailure',
    'MSH0031 11:00 TRANS 4 LinkDown',
    'MSH0031 11:01 CELL 5 CellOut',
    'HRE0042 15:00 CELL 5 CellOut',
  ];
  const patterns = async (least: number, ...lines: readonly string[]) => {
    const columns = await atLeast(await columnsOf(alarms(...lines), turns()), least, turns());
    const clusters = await clustersOf(columns, turns());
    return rootCausePatterns(columns, clusters, await rootsOf(columns, clusters, turns()));
  };

  it('example 7: scores MainsFailure 69.50, LinkDown 63.25 and CellOut 50.25 from Minor on', async () => {
    const found = await patterns(3, ...example7);
    expect(found.map(({ name, score }) => [name, score])).toEqual([
      ['MainsFailure', 69.5],
      ['LinkDown', 63.25],
      ['CellOut', 50.25],
    ]);
    expect(found[0]).toMatchObject({ clusters: 2, coverage: 0.5, impact: 2, order_ok: 0.5, mean_severity_score: 1 });
  });

  it('example 7: scores MainsFailure 69.00 and CellOut 56.50 of Critical alarms alone', async () => {
    const found = await patterns(5, ...example7);
    expect(found.map(({ name, score }) => [name, score])).toEqual([
      ['MainsFailure', 69],
      ['CellOut', 56.5],
    ]);
  });

  it('takes of alarms at one time the more causal, then the more severe, then the one that came first', async () => {
    const rootIn = async (...lines: readonly string[]) => (await patterns(1, ...lines))[0]?.name;
    expect(await rootIn('S1 10:00 CELL 5 a', 'S1 10:00 POWER 1 b')).toBe('b');
    expect(await rootIn('S1 10:00 CELL 3 a', 'S1 10:00 CELL 4 b')).toBe('b');
    expect(await rootIn('S1 10:00 CELL 3 a', 'S1 10:00 CELL 3 b')).toBe('a');
    expect(await rootIn('S1 10:01 CELL 5 a', 'S1 10:00 CELL 1 b')).toBe('b');
  });

  it('lets a cause come two minutes late, and no longer', async () => {
    const orderOk = async (time: string) =>
      (await patterns(1, 'S1 10:00 CELL 5 a', `S1 ${time} POWER 5 b`))[0]?.order_ok;
    expect(await orderOk('10:02:00.000')).toBe(1);
    expect(await orderOk('10:02:00.001')).toBe(0);
  });
});

it('finds an edge of causes in three clusters where seven of ten begin with the cause', async () => {
  const clusterAt = (hour: string, minutes: number) => [
    `S1 ${hour}:30 CELL 3 a`,
    `S1 ${hour}:${30 + minutes} TRANS 3 b`,
  ];
  const edges = async (...minutes: number[]) => {
    const lines = minutes.flatMap((minute, at) => clusterAt(String(2 * at).padStart(2, '0'), minute));
    const { columns, clusters } = await clustered(...lines);
    return (await causalOrder(columns, clusters, turns())).edges;
  };
  expect(await edges(-5, -5, 2)).toEqual([
    { from: 'TRANSMISSION', to: 'CELL_SITE', clusters: 3, order_support: 1, median_lag_s: 300 },
  ]);
  expect(await edges(-5, 2)).toEqual([]);
  expect(await edges(-5, 2, 3)).toEqual([]);
  expect((await edges(-5, -5, -5, -5, -5, 2, 2, 9, 9, 9))[0]?.order_support).toBe(0.7);
});

it('finds sites with far more alarms than all others, those without an alarm among them', async () => {
  const columns = await columnsOf(alarms(...new Array(20).fill('LOUD 10:00 CELL 2 x'), 'CALM 10:00 CELL 2 x'), turns());
  expect(frequencies(columns, []).outliers).toEqual([]);
  const known = Array.from({ length: 10 }, (_, at) => `Q${at}`);
  // 12 sites: mean 1.75, deviation 5.5095, (20 - 1.75) / 5.5095.
  expect(frequencies(columns, known)).toMatchObject({
    sites: 12,
    mean: 1.75,
    outliers: [{ site_code: 'LOUD', alarms: 20, z: 3.3125 }],
  });
});
