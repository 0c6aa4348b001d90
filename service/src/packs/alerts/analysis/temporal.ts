/** Which alarms come together: of each cluster, the different `element_type|name` in it. */
import type { Clusters } from './clusters.ts';
import { type AlarmColumns, cell } from './columns.ts';
import type { PairThresholds } from './pair-figures.ts';
import { type FoundPairs, findPairs } from './pair-search.ts';
import type { Transactions } from './transactions.ts';
import type { WorkTurns } from './work-turns.ts';

/** Every cluster is a transaction, significant or not. */
export const clusterTransactions = async (
  columns: AlarmColumns,
  clusters: Clusters,
  turns: WorkTurns,
): Promise<Transactions> => {
  const [item, first] = [new Uint32Array(columns.size), new Float64Array(columns.size)];
  const start = new Uint32Array(clusters.count + 1);
  /** By item, the last cluster that has it, counted from 1. */
  const seen = new Uint32Array(columns.items.length);
  let size = 0;
  for (let cluster = 0; cluster < clusters.count; cluster += 1) {
    const to = cell(clusters.start, cluster + 1);
    for (let row = cell(clusters.start, cluster); row < to; row += 1) {
      if (turns.due()) await turns.pass();
      const each = cell(columns.item, row);
      if (cell(seen, each) === cluster + 1) continue;
      seen[each] = cluster + 1;
      item[size] = each;
      first[size] = cell(columns.at, row);
      size += 1;
    }
    start[cluster + 1] = size;
  }
  const items = columns.items.length;
  return { count: clusters.count, items, start, item: item.slice(0, size), first: first.slice(0, size) };
};

export const temporalPairs = async (
  columns: AlarmColumns,
  clusters: Clusters,
  thresholds: PairThresholds,
  turns: WorkTurns,
): Promise<FoundPairs> => {
  const transactions = await clusterTransactions(columns, clusters, turns);
  return findPairs(transactions, (item) => columns.items[item]?.key ?? '', thresholds, turns);
};
