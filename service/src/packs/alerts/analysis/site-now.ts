/** How a site is at a moment: its health, its status, and what both rest on. */
import { type AlarmsAt, isRecent } from './alarms-at.ts';
import { type Clusters, isSignificant } from './clusters.ts';
import { type AlarmColumns, cell, rowsOfSite } from './columns.ts';
import { healthOf, type SiteHealth, type SiteStatus } from './health.ts';
import type { AnalysisWindow } from './window.ts';

/** How a site is. All is null where it was never seen. */
export interface SiteNow {
  readonly site_code: string;
  /** `none`: nothing was ever heard of this site. */
  readonly data: 'ok' | 'none';
  readonly status: SiteStatus | null;
  /** How sure the status is, 0 to 1. */
  readonly confidence: number | null;
  /** 0 to 100. */
  readonly health: number | null;
  readonly open_alerts: number;
  readonly open_critical: number;
  /** Significant clusters that began in the last 24 hours. */
  readonly clusters_24h: number;
  /** In the window. */
  readonly alarms: number;
}

const nobody: AlarmsAt = { open: [], closed: [] };
const unknown = { data: 'none', status: null, confidence: null, health: null } as const;

interface SiteParts {
  readonly site_code: string;
  readonly alerts: AlarmsAt | undefined;
  readonly maintenance: boolean;
  readonly alarms: number;
  readonly recentClusters: number;
}

export const siteNow = ({ site_code, alerts, maintenance, alarms, recentClusters }: SiteParts): SiteNow => {
  const { open, closed } = alerts ?? nobody;
  const seen = alerts !== undefined || alarms > 0;
  const known: SiteHealth & { readonly data: 'ok' } = {
    data: 'ok',
    ...healthOf({ open, closed, recentClusters, maintenance }),
  };
  return {
    site_code,
    ...(seen ? known : unknown),
    open_alerts: open.length,
    open_critical: open.filter(({ severity }) => severity === 5).length,
    clusters_24h: recentClusters,
    alarms,
  };
};

/** By site code, its place in the columns. */
export const sitePlaces = ({ sites }: AlarmColumns): ReadonlyMap<string, number> =>
  new Map(sites.map((code, place) => [code, place]));

export const alarmsOf = (columns: AlarmColumns, place: number | undefined): number => {
  if (place === undefined) return 0;
  const [from, to] = rowsOfSite(columns, place);
  return to - from;
};

/** Significant clusters of the last 24 hours, by place of the site. */
export const recentClusters = (columns: AlarmColumns, clusters: Clusters, window: AnalysisWindow): Uint32Array => {
  const recent = new Uint32Array(columns.sites.length);
  for (let cluster = 0; cluster < clusters.count; cluster += 1) {
    if (!isSignificant(clusters, cluster)) continue;
    if (!isRecent(cell(columns.at, cell(clusters.start, cluster)), window)) continue;
    const site = cell(clusters.site, cluster);
    recent[site] = cell(recent, site) + 1;
  }
  return recent;
};
