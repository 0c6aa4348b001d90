/** The analyses as pages draw them. They are the figures of the tools, in rows and cells. */
import { type Clusters, isSignificant, type ShownCluster, shownCluster } from './clusters.ts';
import { type AlarmColumns, cell } from './columns.ts';
import type { ItemPair } from './pair-search.ts';

export interface TimelineRow {
  readonly site_code: string;
  /** Alarms in its significant clusters. */
  readonly alarms: number;
  /** Significant ones, the oldest first. */
  readonly clusters: readonly ShownCluster[];
}

export interface ClusterTimeline {
  /** Those with most alarms. */
  readonly rows: readonly TimelineRow[];
  /** With a significant cluster. */
  readonly sites_total: number;
}

/** @param most sites, and newest clusters of each, that a page has room for */
export const clusterTimeline = (
  columns: AlarmColumns,
  clusters: Clusters,
  most: { readonly sites: number; readonly clusters: number },
): ClusterTimeline => {
  const bySite = new Map<number, { alarms: number; clusters: number[] }>();
  for (let cluster = 0; cluster < clusters.count; cluster += 1) {
    if (!isSignificant(clusters, cluster)) continue;
    const site = bySite.get(cell(clusters.site, cluster)) ?? { alarms: 0, clusters: [] };
    bySite.set(cell(clusters.site, cluster), site);
    site.alarms += cell(clusters.start, cluster + 1) - cell(clusters.start, cluster);
    site.clusters.push(cluster);
  }
  const rows = [...bySite]
    .map(([site, found]) => ({ site_code: columns.sites[site] ?? '', ...found }))
    .sort((a, b) => b.alarms - a.alarms || (a.site_code < b.site_code ? -1 : 1))
    .slice(0, most.sites)
    .map((row) => ({
      ...row,
      clusters: row.clusters.slice(-most.clusters).map((cluster) => shownCluster(columns, clusters, cluster)),
    }));
  return { rows, sites_total: bySite.size };
};

export interface CorrelationMatrix {
  /** Of rows and columns alike: those of the strongest pairs first. */
  readonly keys: readonly string[];
  /** By row and column; null where no pair is reported. */
  readonly cells: readonly (readonly (ItemPair | null)[])[];
}

/** @param most keys that a page has room for */
export const correlationMatrix = (pairs: readonly ItemPair[], most: number): CorrelationMatrix => {
  const keys = new Set<string>();
  for (const { key_a, key_b } of pairs) {
    const added = [key_a, key_b].filter((key) => !keys.has(key)).length;
    if (keys.size + added <= most) keys.add(key_a).add(key_b);
  }
  const found = new Map(pairs.map((pair) => [JSON.stringify([pair.key_a, pair.key_b]), pair]));
  const pairOf = (a: string, b: string): ItemPair | null =>
    found.get(JSON.stringify([a, b])) ?? found.get(JSON.stringify([b, a])) ?? null;
  const list = [...keys];
  return { keys: list, cells: list.map((row) => list.map((column) => pairOf(row, column))) };
};
