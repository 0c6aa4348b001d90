/** Root causes with what they bring about, over alarms that were read once. */
import type { ElementType } from '../model/element.ts';
import { type Clusters, clusterSize, clustersOf } from './clusters.ts';
import { type AlarmColumns, atLeast, cell } from './columns.ts';
import { type RootCausePattern, type RootedCluster, rootCausePatterns, rootsOf } from './root-causes.ts';
import { WorkTurns } from './work-turns.ts';

/** Patterns of which the symptoms and sites are told. */
const MOST_DETAILED = 20;
const MOST_NAMED = 5;

export interface Frequent {
  readonly name: string;
  readonly clusters: number;
}

export interface DetailedPattern extends RootCausePattern {
  /** `element_type|name` of what its clusters hold besides the root, the most frequent first. Of the first patterns only. */
  readonly symptoms: readonly Frequent[];
  /** Where it is the root most often. Of the first patterns only. */
  readonly sites: readonly Frequent[];
  /** When the newest of its roots came. */
  readonly last_at: string;
}

export interface AskedRootCauses {
  /** Of the roots only; empty: all. */
  readonly focus: readonly ElementType[];
  /** Of severity / 5. */
  readonly minSeverityScore: number;
}

export const usualRootCauses: AskedRootCauses = { focus: [], minSeverityScore: 0.6 };

export interface RootCauseReport {
  /** Significant clusters, of which coverage is a share. */
  readonly clusters: number;
  /** Alarms that are severe enough. */
  readonly alarms: number;
  /** The most likely first. */
  readonly patterns: readonly DetailedPattern[];
}

const mostFrequent = (counts: ReadonlyMap<string, number>): Frequent[] =>
  [...counts]
    .map(([name, clusters]) => ({ name, clusters }))
    .sort((a, b) => b.clusters - a.clusters || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_NAMED);

class Counts {
  readonly #counts = new Map<number, number>();

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  named(nameOf: (value: number) => string): Frequent[] {
    return mostFrequent(new Map([...this.#counts].map(([value, count]) => [nameOf(value), count])));
  }
}

const symptomsIn = (columns: AlarmColumns, clusters: Clusters, { cluster, root }: RootedCluster): Set<number> => {
  const items = new Set<number>();
  for (let row = cell(clusters.start, cluster); row < cell(clusters.start, cluster + 1); row += 1)
    if (cell(columns.item, row) !== cell(columns.item, root)) items.add(cell(columns.item, row));
  return items;
};

/** What the clusters of one pattern hold, and where they were. */
const detailsOf = async (
  columns: AlarmColumns,
  clusters: Clusters,
  each: readonly RootedCluster[],
  turns: WorkTurns,
): Promise<Pick<DetailedPattern, 'symptoms' | 'sites'>> => {
  const [symptoms, sites] = [new Counts(), new Counts()];
  for (const rooted of each) {
    if (turns.due(clusterSize(clusters, rooted.cluster))) await turns.pass();
    for (const item of symptomsIn(columns, clusters, rooted)) symptoms.add(item);
    sites.add(cell(clusters.site, rooted.cluster));
  }
  return {
    symptoms: symptoms.named((item) => columns.items[item]?.key ?? ''),
    sites: sites.named((site) => columns.sites[site] ?? ''),
  };
};

export const rootCauses = async (
  all: AlarmColumns,
  { focus, minSeverityScore }: AskedRootCauses,
  signal: AbortSignal,
): Promise<RootCauseReport> => {
  const turns = new WorkTurns(signal);
  // 0.6 x 5 is 3, not a float above it.
  const columns = await atLeast(all, minSeverityScore * 5 - 1e-9, turns);
  const clusters = await clustersOf(columns, turns);
  const rooted = await rootsOf(columns, clusters, turns);
  const byKey = Map.groupBy(rooted, ({ root }) => columns.items[cell(columns.item, root)]?.key ?? '');
  const patterns = rootCausePatterns(columns, clusters, rooted).filter(
    ({ element_type }) => focus.length === 0 || focus.includes(element_type),
  );
  const detailed: DetailedPattern[] = [];
  for (const pattern of patterns) {
    const each = byKey.get(pattern.key) ?? [];
    const shown = detailed.length < MOST_DETAILED ? each : [];
    const last = each.reduce((latest, { root }) => Math.max(latest, cell(columns.at, root)), 0);
    detailed.push({
      ...pattern,
      ...(await detailsOf(columns, clusters, shown, turns)),
      last_at: new Date(last).toISOString(),
    });
  }
  return { clusters: rooted.length, alarms: columns.size, patterns: detailed };
};
