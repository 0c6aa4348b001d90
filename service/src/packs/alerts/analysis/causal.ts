/** Which kinds of element go down before which others, in the clusters that matter. */
import { type ElementType, elementTypes } from '../model/element.ts';
import { type Clusters, isSignificant } from './clusters.ts';
import { type AlarmColumns, cell } from './columns.ts';
import { medianOf, shownRatio } from './figures.ts';
import type { WorkTurns } from './work-turns.ts';

/** Clocks differ, and power alarms come late: a cause may be reported so long after its effect. */
export const CAUSE_TOLERANCE_MS = 120_000;
const FEWEST_CLUSTERS = 3;
const LEAST_SUPPORT = 0.7;

export interface CausalEdge {
  readonly from: ElementType;
  readonly to: ElementType;
  /** Significant clusters with both. */
  readonly clusters: number;
  /** Share of them in which `from` began first, or at most two minutes later. */
  readonly order_support: number;
  /** From the first of `from` to the first of `to`. */
  readonly median_lag_s: number;
}

export interface CausalOrder {
  readonly clusters: number;
  readonly edges: readonly CausalEdge[];
}

/** By rank, when the first alarm of it came; NaN where there was none. */
const firstsOf = (columns: AlarmColumns, from: number, to: number): Float64Array => {
  const firsts = new Float64Array(elementTypes.length + 1).fill(Number.NaN);
  for (let row = from; row < to; row += 1) {
    const rank = columns.items[cell(columns.item, row)]?.rank ?? 0;
    if (Number.isNaN(cell(firsts, rank))) firsts[rank] = cell(columns.at, row);
  }
  return firsts;
};

const rankPairs = elementTypes.flatMap((from, low) =>
  elementTypes.slice(low + 1).map((to, further) => ({ from, to, low: low + 1, high: low + further + 2 })),
);

export const causalOrder = async (
  columns: AlarmColumns,
  clusters: Clusters,
  turns: WorkTurns,
): Promise<CausalOrder> => {
  const pairs = rankPairs.map((pair) => ({ ...pair, lags: [] as number[] }));
  let significant = 0;
  for (let cluster = 0; cluster < clusters.count; cluster += 1) {
    const [from, to] = [cell(clusters.start, cluster), cell(clusters.start, cluster + 1)];
    if (turns.due(to - from)) await turns.pass();
    if (!isSignificant(clusters, cluster)) continue;
    significant += 1;
    const firsts = firstsOf(columns, from, to);
    for (const { low, high, lags } of pairs) {
      const lag = cell(firsts, high) - cell(firsts, low);
      if (!Number.isNaN(lag)) lags.push(lag);
    }
  }
  const edges = pairs.map(({ from, to, lags }): CausalEdge => {
    const ordered = lags.filter((lag) => lag >= -CAUSE_TOLERANCE_MS).length;
    return {
      from,
      to,
      clusters: lags.length,
      order_support: lags.length === 0 ? 0 : ordered / lags.length,
      median_lag_s: (medianOf(lags) ?? 0) / 1000,
    };
  });
  return {
    clusters: significant,
    edges: edges
      .filter((edge) => edge.clusters >= FEWEST_CLUSTERS && edge.order_support >= LEAST_SUPPORT)
      .map((edge) => ({ ...edge, order_support: shownRatio(edge.order_support) })),
  };
};
