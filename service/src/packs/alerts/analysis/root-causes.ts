/** What clusters begin with: the alarm of the most causal element, and how well its time agrees with being the cause. */
import { type ElementType, rankOf } from '../model/element.ts';
import { CAUSE_TOLERANCE_MS } from './causal.ts';
import { type Clusters, clusterSize, isSignificant } from './clusters.ts';
import { type AlarmColumns, cell } from './columns.ts';
import { shownRatio, shownScore } from './figures.ts';
import type { WorkTurns } from './work-turns.ts';

/** By causal rank. */
const PRIORITIES = [0, 1, 0.8, 0.6, 0.4, 0.2];
/** Alarms beside the root, from which on a pattern has its full impact. */
const FULL_IMPACT = 10;

export interface RootCausePattern {
  /** `element_type|name` of the root. */
  readonly key: string;
  readonly element_type: ElementType;
  readonly name: string;
  /** 0 to 100, two decimals. */
  readonly score: number;
  /** Clusters that it is the root of. */
  readonly clusters: number;
  /** Share of all significant clusters. */
  readonly coverage: number;
  /** Alarms of its clusters beside the root, on average. */
  readonly impact: number;
  /** Share of its clusters in which nothing less causal came more than two minutes before it. */
  readonly order_ok: number;
  /** Severity of the roots as a score, on average. */
  readonly mean_severity_score: number;
}

export interface RootedCluster {
  readonly cluster: number;
  /** Row of the root. */
  readonly root: number;
  /** A less causal alarm came too early for it to be the cause. */
  readonly violated: boolean;
}

/** By (rank, at, severity, event_id): rows come by (at, event_id), so a later one replaces only what it precedes. */
const rootOf = (columns: AlarmColumns, from: number, to: number): number => {
  const rank = (row: number): number => columns.items[cell(columns.item, row)]?.rank ?? 0;
  let root = from;
  for (let row = from + 1; row < to; row += 1) {
    const order =
      rank(row) - rank(root) ||
      cell(columns.at, row) - cell(columns.at, root) ||
      cell(columns.severity, root) - cell(columns.severity, row);
    if (order < 0) root = row;
  }
  return root;
};

/** All rows before the root are less causal, because it is the first of the lowest rank; the first row is the earliest of them. */
const isViolated = ({ at }: AlarmColumns, root: number, from: number): boolean =>
  cell(at, root) > cell(at, from) + CAUSE_TOLERANCE_MS;

/** Of each significant cluster. */
export const rootsOf = async (
  columns: AlarmColumns,
  clusters: Clusters,
  turns: WorkTurns,
): Promise<RootedCluster[]> => {
  const rooted: RootedCluster[] = [];
  for (let cluster = 0; cluster < clusters.count; cluster += 1) {
    const [from, to] = [cell(clusters.start, cluster), cell(clusters.start, cluster + 1)];
    if (turns.due(to - from)) await turns.pass();
    if (!isSignificant(clusters, cluster)) continue;
    const root = rootOf(columns, from, to);
    rooted.push({ cluster, root, violated: isViolated(columns, root, from) });
  }
  return rooted;
};

const patternOf = (
  columns: AlarmColumns,
  clusters: Clusters,
  each: readonly RootedCluster[],
  all: number,
): RootCausePattern | undefined => {
  const item = columns.items[cell(columns.item, each[0]?.root ?? 0)];
  if (item === undefined) return undefined;
  const mean = (figure: (rooted: RootedCluster) => number): number =>
    each.reduce((sum, rooted) => sum + figure(rooted), 0) / each.length;
  const coverage = each.length / all;
  const impact = mean(({ cluster }) => clusterSize(clusters, cluster) - 1);
  const orderOk = mean(({ violated }) => (violated ? 0 : 1));
  const severity = mean(({ root }) => cell(columns.severity, root)) / 5;
  const score =
    0.35 * (PRIORITIES[item.rank] ?? 0) +
    0.25 * coverage +
    0.2 * orderOk +
    0.1 * severity +
    0.1 * Math.min(1, impact / FULL_IMPACT);
  return {
    key: item.key,
    element_type: item.elementType,
    name: item.name,
    score: shownScore(100 * score),
    clusters: each.length,
    coverage: shownRatio(coverage),
    impact: shownRatio(impact),
    order_ok: shownRatio(orderOk),
    mean_severity_score: shownRatio(severity),
  };
};

const mostLikelyFirst = (a: RootCausePattern, b: RootCausePattern): number =>
  b.score - a.score ||
  rankOf(a.element_type) - rankOf(b.element_type) ||
  b.clusters - a.clusters ||
  (a.name < b.name ? -1 : 1);

/** @param rooted of all significant clusters, so that coverage is a share of them */
export const rootCausePatterns = (
  columns: AlarmColumns,
  clusters: Clusters,
  rooted: readonly RootedCluster[],
): RootCausePattern[] =>
  [...Map.groupBy(rooted, ({ root }) => cell(columns.item, root)).values()]
    .flatMap((each) => patternOf(columns, clusters, each, rooted.length) ?? [])
    .sort(mostLikelyFirst);
