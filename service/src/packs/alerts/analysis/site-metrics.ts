/** What happened at one site within a window, in figures. */
import { severityNames } from '../model/severity.ts';
import { type Clusters, clustersAt, isSignificant } from './clusters.ts';
import { type AlarmColumns, cell, rowsOfSite } from './columns.ts';
import type { EpisodeFigures } from './episodes.ts';
import { medianOf, shownMinutes, shownOr, shownRatio } from './figures.ts';
import { type AnalysisWindow, HOUR_MS } from './window.ts';

const MINUTE_MS = 60_000;
/** A name with so many raises within an hour flaps. */
const FLAPPING_RAISES = 3;

export interface FlappingName {
  readonly name: string;
  /** The most raises within 60 minutes. */
  readonly raises_in_hour: number;
}

export interface SiteMetrics {
  readonly alarms: number;
  readonly alarms_per_day: number;
  /** Null without alarms. */
  readonly mean_severity_score: number | null;
  /** Shares by name of the severity. */
  readonly severity_mix: Readonly<Record<string, number>>;
  /** Null where nothing was cleared. */
  readonly mttr_min: number | null;
  /** Null with fewer than two significant clusters. */
  readonly mtbe_min: number | null;
  readonly availability: number;
  /** Null without posts. */
  readonly noise_ratio: number | null;
  readonly flapping: readonly FlappingName[];
  /** Alarms by the hour of the day, UTC. */
  readonly hourly_counts: readonly number[];
}

/** The most of sorted times that lie within an hour, its end inclusive. */
const mostInHour = (times: readonly number[]): number => {
  let [first, most] = [0, 0];
  times.forEach((time, at) => {
    while (time - (times[first] ?? time) > HOUR_MS) first += 1;
    most = Math.max(most, at - first + 1);
  });
  return most;
};

/** By name, whatever its element type. The worst first. */
const flappingOf = (columns: AlarmColumns, from: number, to: number): FlappingName[] => {
  const times = new Map<string, number[]>();
  for (let row = from; row < to; row += 1) {
    const name = columns.items[cell(columns.item, row)]?.name ?? '';
    const known = times.get(name);
    if (known === undefined) times.set(name, [cell(columns.at, row)]);
    else known.push(cell(columns.at, row));
  }
  return [...times]
    .map(([name, each]) => ({ name, raises_in_hour: mostInHour(each) }))
    .filter(({ raises_in_hour }) => raises_in_hour >= FLAPPING_RAISES)
    .sort((a, b) => b.raises_in_hour - a.raises_in_hour || (a.name < b.name ? -1 : 1));
};

/** Minutes between the starts of significant clusters, on average. */
const mtbeOf = (columns: AlarmColumns, clusters: Clusters, site: number): number | null => {
  const starts = [...clustersAt(columns, clusters, site)]
    .filter((cluster) => isSignificant(clusters, cluster))
    .map((cluster) => cell(columns.at, cell(clusters.start, cluster)));
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined || starts.length < 2) return null;
  return (last - first) / (starts.length - 1) / MINUTE_MS;
};

const mixOf = (counts: readonly number[], all: number): Record<string, number> =>
  Object.fromEntries(
    severityNames
      .slice(1)
      .map((name, index) => [name.toLowerCase(), all === 0 ? 0 : shownRatio((counts[index + 1] ?? 0) / all)]),
  );

/** @param site undefined for a site without an alarm in the window */
export const siteMetrics = (
  columns: AlarmColumns,
  clusters: Clusters,
  site: number | undefined,
  { repairs, criticalMs, raises, duplicates }: EpisodeFigures,
  window: AnalysisWindow,
): SiteMetrics => {
  const [from, to] = site === undefined ? [0, 0] : rowsOfSite(columns, site);
  const hours = new Array<number>(24).fill(0);
  const severities = new Array<number>(severityNames.length).fill(0);
  for (let row = from; row < to; row += 1) {
    const hour = Math.floor(cell(columns.at, row) / HOUR_MS) % 24;
    hours[hour] = (hours[hour] ?? 0) + 1;
    const severity = cell(columns.severity, row);
    severities[severity] = (severities[severity] ?? 0) + 1;
  }
  const alarms = to - from;
  const scores = severities.reduce((sum, count, severity) => sum + count * severity, 0) / 5;
  const repair = medianOf(repairs);
  return {
    alarms,
    alarms_per_day: shownRatio(alarms / window.days),
    mean_severity_score: alarms === 0 ? null : shownRatio(scores / alarms),
    severity_mix: mixOf(severities, alarms),
    mttr_min: shownOr(repair === null ? null : repair / MINUTE_MS, shownMinutes),
    mtbe_min: shownOr(site === undefined ? null : mtbeOf(columns, clusters, site), shownMinutes),
    availability: shownRatio(1 - criticalMs / (window.to - window.from)),
    noise_ratio: duplicates + raises === 0 ? null : shownRatio(duplicates / (duplicates + raises)),
    flapping: flappingOf(columns, from, to),
    hourly_counts: hours,
  };
};
