/** Gap clustering: alarms of a site that follow one another closely are one disturbance. */
import { type AlarmColumns, cell, rowsOfSite } from './columns.ts';
import type { WorkTurns } from './work-turns.ts';

/** A longer gap begins a new cluster; one of exactly 45 minutes does not. Equal to DBSCAN in one dimension with minPts 1. */
export const CLUSTER_GAP_MS = 2_700_000;
const CHAINED_MS = 24 * 3_600_000;

/** Clusters are runs of rows of the columns: site after site, in each by time. */
export interface Clusters {
  readonly count: number;
  /** The first row of each, and behind them the number of rows. */
  readonly start: Uint32Array;
  readonly site: Uint32Array;
  /** The highest severity of each. */
  readonly worst: Uint8Array;
}

export const clustersOf = async (columns: AlarmColumns, turns: WorkTurns): Promise<Clusters> => {
  const { at, severity, size } = columns;
  const [start, sites, worst] = [new Uint32Array(size + 1), new Uint32Array(size), new Uint8Array(size)];
  let count = 0;
  for (let site = 0; site < columns.sites.length; site += 1) {
    const [from, to] = rowsOfSite(columns, site);
    for (let row = from; row < to; row += 1) {
      if (turns.due()) await turns.pass();
      if (row === from || cell(at, row) - cell(at, row - 1) > CLUSTER_GAP_MS) {
        start[count] = row;
        sites[count] = site;
        count += 1;
      }
      worst[count - 1] = Math.max(cell(worst, count - 1), cell(severity, row));
    }
  }
  start[count] = size;
  return { count, start: start.slice(0, count + 1), site: sites.slice(0, count), worst: worst.slice(0, count) };
};

export const clusterSize = ({ start }: Clusters, cluster: number): number =>
  cell(start, cluster + 1) - cell(start, cluster);

/** Two alarms or more, or a Major one. */
export const isSignificant = (clusters: Clusters, cluster: number): boolean =>
  clusterSize(clusters, cluster) >= 2 || cell(clusters.worst, cluster) >= 4;

/** A cluster as answers and pages show it. */
export interface ShownCluster {
  readonly site_code: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly alarms: number;
  readonly max_severity: number;
  readonly significant: boolean;
  /** Its alarms follow one another for more than a day, which says more about the site than about one disturbance. */
  readonly chained: boolean;
}

export const shownCluster = (columns: AlarmColumns, clusters: Clusters, cluster: number): ShownCluster => {
  const [from, to] = [cell(clusters.start, cluster), cell(clusters.start, cluster + 1)];
  const [first, last] = [cell(columns.at, from), cell(columns.at, to - 1)];
  const worst = cell(clusters.worst, cluster);
  return {
    site_code: columns.sites[cell(clusters.site, cluster)] ?? '',
    started_at: new Date(first).toISOString(),
    ended_at: new Date(last).toISOString(),
    alarms: to - from,
    max_severity: worst,
    significant: isSignificant(clusters, cluster),
    chained: last - first > CHAINED_MS,
  };
};

/** The clusters of one site, oldest first. */
export function* clustersAt(columns: AlarmColumns, clusters: Clusters, site: number): Generator<number> {
  const [from, to] = rowsOfSite(columns, site);
  let cluster = firstAtOrAfter(clusters.start.subarray(0, clusters.count), from);
  for (; cluster < clusters.count && cell(clusters.start, cluster) < to; cluster += 1) yield cluster;
}

/** The first place whose value is not below. */
const firstAtOrAfter = (sorted: Uint32Array, value: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell(sorted, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
