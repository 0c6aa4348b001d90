/** All sites of the network: how many are how well, and which are worst. */
import { alarmsAt } from './alarms-at.ts';
import { clustersOf } from './clusters.ts';
import { cell } from './columns.ts';
import { worstFirst } from './comparison.ts';
import { meanOf } from './figures.ts';
import { type SiteStatus, siteStatuses } from './health.ts';
import { type AnalysisCall, readAlarms } from './read-alarms.ts';
import { alarmsOf, recentClusters, type SiteNow, siteNow, sitePlaces } from './site-now.ts';
import type { AnalysisSources } from './sources.ts';
import type { AnalysisWindow } from './window.ts';
import { WorkTurns } from './work-turns.ts';

export interface NetworkHealth {
  readonly sites: readonly SiteNow[];
  readonly by_status: Readonly<Record<SiteStatus, number>>;
  /** Null without sites. */
  readonly mean_health: number | null;
  /** In the window. */
  readonly alarms: number;
  readonly alarms_without_site: number;
}

/** Every site that was ever seen, the worst health first. */
export const networkHealth = async (
  sources: AnalysisSources,
  window: AnalysisWindow,
  call: AnalysisCall,
): Promise<NetworkHealth> => {
  const now = alarmsAt(await sources.states.all(), window);
  const inMaintenance = await sources.maintenanceAt(new Date(window.to));
  const { columns, withoutSite } = await readAlarms(sources.events, window, call);
  const clusters = await clustersOf(columns, new WorkTurns(call.signal));
  const [places, recent] = [sitePlaces(columns), recentClusters(columns, clusters, window)];
  const sites = [...new Set([...now.keys(), ...columns.sites])].map((site_code) => {
    const place = places.get(site_code);
    return siteNow({
      site_code,
      alerts: now.get(site_code),
      maintenance: inMaintenance(site_code),
      alarms: alarmsOf(columns, place),
      recentClusters: place === undefined ? 0 : cell(recent, place),
    });
  });
  const count = (status: SiteStatus): number => sites.filter((site) => site.status === status).length;
  const mean = meanOf(sites.flatMap(({ health }) => health ?? []));
  return {
    sites: worstFirst(sites),
    by_status: Object.fromEntries(siteStatuses.map((status) => [status, count(status)])) as Record<SiteStatus, number>,
    mean_health: mean === null ? null : Math.round(mean * 10) / 10,
    alarms: columns.size,
    alarms_without_site: withoutSite,
  };
};
