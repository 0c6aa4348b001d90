/** Which sites have alarms at the same time: of each 45 minutes, the sites with an alarm of severity 2 or more. */

import { CLUSTER_GAP_MS } from './clusters.ts';
import { type AlarmColumns, cell, rowsOfSite } from './columns.ts';
import type { PairThresholds } from './pair-figures.ts';
import { type FoundPairs, findPairs } from './pair-search.ts';
import type { Transactions } from './transactions.ts';
import type { AnalysisWindow } from './window.ts';
import type { WorkTurns } from './work-turns.ts';

const LEAST_SEVERITY = 2;
const BUCKET_MS = CLUSTER_GAP_MS;
const BUCKETS_PER_DAY = 32;
/** From here on, two sites are of one group. */
const GROUP_JACCARD = 0.5;

const bucketOf = (time: number): number => Math.floor(time / BUCKET_MS);

interface Entry {
  readonly bucket: number;
  readonly site: number;
  readonly first: number;
}

/** Once for each site and bucket. */
const entriesOf = async (columns: AlarmColumns, turns: WorkTurns): Promise<Entry[]> => {
  const entries: Entry[] = [];
  for (let site = 0; site < columns.sites.length; site += 1) {
    const [from, to] = rowsOfSite(columns, site);
    let last = Number.NEGATIVE_INFINITY;
    for (let row = from; row < to; row += 1) {
      if (turns.due()) await turns.pass();
      const [first, severity] = [cell(columns.at, row), cell(columns.severity, row)];
      const bucket = bucketOf(first);
      if (severity < LEAST_SEVERITY || bucket === last) continue;
      entries.push({ bucket, site, first });
      last = bucket;
    }
  }
  return entries;
};

/** Buckets without an alarm count too. */
export const bucketTransactions = async (
  columns: AlarmColumns,
  { from, days }: AnalysisWindow,
  turns: WorkTurns,
): Promise<Transactions> => {
  const entries = await entriesOf(columns, turns);
  // A window that begins within a bucket touches one more than its days have.
  const start = new Uint32Array(BUCKETS_PER_DAY * days + 2);
  const [item, first] = [new Uint32Array(entries.length), new Float64Array(entries.length)];
  const begin = bucketOf(from);
  for (const { bucket } of entries) start[bucket - begin + 1] = cell(start, bucket - begin + 1) + 1;
  const occupied = start.reduce((count, entriesThere) => count + Math.sign(entriesThere), 0);
  for (let bucket = 1; bucket < start.length; bucket += 1)
    start[bucket] = cell(start, bucket) + cell(start, bucket - 1);
  const free = start.slice();
  for (const entry of entries) {
    const place = cell(free, entry.bucket - begin);
    free[entry.bucket - begin] = place + 1;
    item[place] = entry.site;
    first[place] = entry.first;
  }
  return { count: Math.max(BUCKETS_PER_DAY * days, occupied), items: columns.sites.length, start, item, first };
};

/** Sets that grow together as members of theirs are found to belong together. */
class Components {
  readonly #parent = new Map<number, number>();

  join(a: number, b: number): void {
    this.#parent.set(this.#rootOf(a), this.#rootOf(b));
  }

  list(): number[][] {
    return [...Map.groupBy(this.#parent.keys(), (member) => this.#rootOf(member)).values()];
  }

  #rootOf(member: number): number {
    const parent = this.#parent.get(member) ?? member;
    const root = parent === member ? member : this.#rootOf(parent);
    this.#parent.set(member, root);
    return root;
  }
}

export interface SpatialPairs extends FoundPairs {
  /** Buckets of 45 minutes, empty ones among them. */
  readonly buckets: number;
  /** Sites that stand or fall together, the largest group first. */
  readonly groups: readonly (readonly string[])[];
}

export const spatialPairs = async (
  columns: AlarmColumns,
  window: AnalysisWindow,
  thresholds: PairThresholds,
  turns: WorkTurns,
): Promise<SpatialPairs> => {
  const transactions = await bucketTransactions(columns, window, turns);
  const components = new Components();
  const siteOf = (site: number): string => columns.sites[site] ?? '';
  const found = await findPairs(transactions, siteOf, thresholds, turns, (a, b, jaccard) => {
    if (jaccard >= GROUP_JACCARD) components.join(a, b);
  });
  const groups = components
    .list()
    .map((members) => members.map(siteOf).sort())
    .sort((a, b) => b.length - a.length || ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  return { ...found, buckets: transactions.count, groups };
};
