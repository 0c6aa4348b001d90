/** Which alerts of each site were open at a moment, and which had been closed in the day before it. */
import type { Alert } from '../model/alert.ts';
import type { AnalysisWindow } from './window.ts';

const RECENT_MS = 24 * 3_600_000;

export interface AlarmsAt {
  readonly open: Alert[];
  /** Closed in the last 24 hours. */
  readonly closed: Alert[];
}

/** Known by then. A clock that is ahead of ours does not hide an alert that we have. */
const isSeen = ({ starts_at, first_seen_at }: Alert, moment: number): boolean =>
  Date.parse(starts_at) <= moment || Date.parse(first_seen_at) <= moment;

/** When it was closed, or undefined where it was open then. */
const closedAt = ({ status, resolved_at }: Alert, { to, live }: AnalysisWindow): number | undefined => {
  if (status !== 'resolved' || resolved_at === null) return undefined;
  const time = Date.parse(resolved_at);
  return live || time <= to ? time : undefined;
};

/** By site, of every site that had an alert until then. */
export const alarmsAt = (alerts: readonly Alert[], window: AnalysisWindow): ReadonlyMap<string, AlarmsAt> => {
  const sites = new Map<string, AlarmsAt>();
  for (const alert of alerts) {
    if (alert.site_code === '' || !isSeen(alert, window.to)) continue;
    const site = sites.get(alert.site_code) ?? { open: [], closed: [] };
    sites.set(alert.site_code, site);
    const closed = closedAt(alert, window);
    if (closed === undefined) site.open.push(alert);
    else if (closed >= window.to - RECENT_MS) site.closed.push(alert);
  }
  return sites;
};

/** Of the columns: clusters that began in the last 24 hours. */
export const isRecent = (time: number, { to }: AnalysisWindow): boolean => time >= to - RECENT_MS;
