/** The engine against the definitions, written with sets and without columns, over made-up alarms. */
import { clustersOf } from './clusters.ts';
import { type AlarmRow, cell, columnsOf } from './columns.ts';
import { pairFigures } from './pair-figures.ts';
import { rootsOf } from './root-causes.ts';
import { alarms, dayOfTest } from './rows-of-test.ts';
import { temporalPairs } from './temporal.ts';
import { WorkTurns } from './work-turns.ts';

const turns = () => new WorkTurns(new AbortController().signal);
const thresholds = { minSupport: 0, minLift: 0, minConfidence: 0 };
const ranks = ['POWER_SYSTEM', 'TRANSMISSION', 'CORE_NETWORK', 'CELL_SITE', 'UNKNOWN'];

const madeUp = (seed: number): AlarmRow[] => {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: 200 }, (_, at) => {
    const [element, severity] = [['POWER', 'TRANS', 'CORE', 'CELL', 'UNKNOWN'][random(5)], 1 + random(5)];
    const [row] = alarms(`S${random(6)} 00:00 ${element} ${severity} n${random(3)}`);
    if (row === undefined) throw new Error('no row');
    // Whole minutes, so that some come at one time.
    return {
      ...row,
      event_id: `e${random(1000)}-${at}`,
      at: new Date(dayOfTest.from + random(1440) * 60_000).toISOString(),
    };
  });
};

const byTime = (a: AlarmRow, b: AlarmRow): number =>
  a.at === b.at ? (a.event_id < b.event_id ? -1 : 1) : a.at < b.at ? -1 : 1;

/** DBSCAN in one dimension with minPts 1: whoever is within 45 minutes of a member is a member. */
const clustersBySets = (rows: readonly AlarmRow[]): AlarmRow[][] => {
  const left = new Set(rows);
  const near = (a: AlarmRow, b: AlarmRow): boolean =>
    a.site_code === b.site_code && Math.abs(Date.parse(a.at) - Date.parse(b.at)) <= 2_700_000;
  const found: AlarmRow[][] = [];
  for (const first of left) {
    left.delete(first);
    const members = [first];
    for (const member of members)
      for (const other of left)
        if (near(member, other)) {
          left.delete(other);
          members.push(other);
        }
    found.push(members.sort(byTime));
  }
  return found;
};

const keyOf = ({ element_type, name }: AlarmRow): string => `${element_type}|${name}`;
const seeds = Array.from({ length: 8 }, (_, seed) => seed + 1);

it.each(seeds)('finds the clusters that DBSCAN finds (%i)', async (seed) => {
  const rows = madeUp(seed);
  const columns = await columnsOf(rows, turns());
  const { start, count, site } = await clustersOf(columns, turns());
  const told = Array.from({ length: count }, (_, cluster) => {
    const times = columns.at.slice(cell(start, cluster), cell(start, cluster + 1));
    return `${columns.sites[cell(site, cluster)]} ${times.join()}`;
  });
  const expected = clustersBySets(rows).map(
    (members) => `${members[0]?.site_code} ${members.map(({ at }) => Date.parse(at)).join()}`,
  );
  expect(told.sort()).toEqual(expected.sort());
});

it.each(seeds)('counts every pair that the clusters have three times (%i)', async (seed) => {
  const rows = madeUp(seed);
  const columns = await columnsOf(rows, turns());
  const { pairs, total } = await temporalPairs(columns, await clustersOf(columns, turns()), thresholds, turns());
  const sets = clustersBySets(rows).map((members) => new Set(members.map(keyOf)));
  const keys = [...new Set(rows.map(keyOf))].sort();
  const having = (...wanted: string[]): number => sets.filter((set) => wanted.every((key) => set.has(key))).length;
  const expected = keys.flatMap((key_a, at) =>
    keys.slice(at + 1).flatMap((key_b) => {
      const counts = { transactions: sets.length, a: having(key_a), b: having(key_b), both: having(key_a, key_b) };
      return counts.both < 3 ? [] : [[key_a, key_b, counts.both, pairFigures(counts).lift]];
    }),
  );
  expect(total).toBe(expected.length);
  expect(total).toBeGreaterThan(0);
  const found = pairs.map(({ key_a, key_b, both, lift }) => [key_a, key_b, both, lift]);
  expect(found.sort()).toEqual(expected.sort());
});

it.each(seeds)('roots every significant cluster in the first by rank, time, severity and event (%i)', async (seed) => {
  const rows = madeUp(seed);
  const columns = await columnsOf(rows, turns());
  const clusters = await clustersOf(columns, turns());
  const rooted = await rootsOf(columns, clusters, turns());
  const told = rooted.map(({ root, violated }) => {
    const item = columns.items[cell(columns.item, root)]?.key;
    return `${item} ${cell(columns.at, root)} ${cell(columns.severity, root)} ${violated}`;
  });
  const rank = ({ element_type }: AlarmRow): number => ranks.indexOf(element_type);
  const expected = clustersBySets(rows)
    .filter((members) => members.length >= 2 || members.some(({ severity }) => severity >= 4))
    .map((members) => {
      const [root] = members.toSorted(
        (a, b) => rank(a) - rank(b) || (a.at === b.at ? b.severity - a.severity || byTime(a, b) : byTime(a, b)),
      );
      if (root === undefined) throw new Error('an empty cluster');
      const lower = members.filter((each) => rank(each) > rank(root)).map(({ at }) => Date.parse(at));
      const violated = Date.parse(root.at) > Math.min(...lower) + 120_000;
      return `${keyOf(root)} ${Date.parse(root.at)} ${root.severity} ${violated}`;
    });
  expect(told.sort()).toEqual(expected.sort());
});
