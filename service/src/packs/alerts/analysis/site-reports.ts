/** Reports of sites: how each is and what happened there, one by itself or several side by side. */
import type { Alert } from '../model/alert.ts';
import { alarmsAt } from './alarms-at.ts';
import { clustersAt, clustersOf, type ShownCluster, shownCluster } from './clusters.ts';
import { type AlarmColumns, cell, rowsOfSite } from './columns.ts';
import { compareFigures, type SiteComparison, worstFirst } from './comparison.ts';
import { type AnalysisCall, readSites } from './read-alarms.ts';
import { type SiteMetrics, siteMetrics } from './site-metrics.ts';
import { alarmsOf, recentClusters, type SiteNow, siteNow, sitePlaces } from './site-now.ts';
import type { AnalysisSources } from './sources.ts';
import type { AnalysisWindow } from './window.ts';
import { WorkTurns } from './work-turns.ts';

export interface SiteReport extends SiteNow {
  readonly metrics: SiteMetrics | null;
  /** The newest first. */
  readonly clusters: readonly ShownCluster[];
  /** Names of its alarms in the window. */
  readonly names: ReadonlySet<string>;
}

const namesOf = (columns: AlarmColumns, place: number | undefined): ReadonlySet<string> => {
  if (place === undefined) return new Set();
  const [from, to] = rowsOfSite(columns, place);
  const names = new Set<string>();
  for (let row = from; row < to; row += 1) names.add(columns.items[cell(columns.item, row)]?.name ?? '');
  return names;
};

/**
 * Reports of some sites, in the order in which they were named.
 * @example const [site] = await siteReports(sources, ['CZA0021'], windowOf(undefined, 7, now), context);
 */
export const siteReports = async (
  sources: AnalysisSources,
  siteCodes: readonly string[],
  window: AnalysisWindow,
  call: AnalysisCall,
): Promise<SiteReport[]> => {
  const alerts = await sources.states.all();
  const inMaintenance = await sources.maintenanceAt(new Date(window.to));
  const { columns, episodes } = await readSites(sources.events, siteCodes, window, call);
  const clusters = await clustersOf(columns, new WorkTurns(call.signal));
  const [places, now] = [sitePlaces(columns), alarmsAt(alerts, window)];
  const recent = recentClusters(columns, clusters, window);
  const bySite = Map.groupBy(alerts, ({ site_code }: Alert) => site_code);
  return siteCodes.map((site_code) => {
    const place = places.get(site_code);
    const site = siteNow({
      site_code,
      alerts: now.get(site_code),
      maintenance: inMaintenance(site_code),
      alarms: alarmsOf(columns, place),
      recentClusters: place === undefined ? 0 : cell(recent, place),
    });
    const figures = episodes.get(site_code)?.end(bySite.get(site_code) ?? []);
    const measured = site.data === 'ok' && figures !== undefined;
    return {
      ...site,
      metrics: measured ? siteMetrics(columns, clusters, place, figures, window) : null,
      clusters:
        place === undefined
          ? []
          : [...clustersAt(columns, clusters, place)]
              .map((cluster) => shownCluster(columns, clusters, cluster))
              .reverse(),
      names: namesOf(columns, place),
    };
  });
};

export interface ComparedReports extends SiteComparison {
  /** The worst health first. */
  readonly sites: readonly SiteReport[];
}

export const compareReports = (reports: readonly SiteReport[]): ComparedReports => ({
  sites: worstFirst(reports),
  ...compareFigures(reports),
});
