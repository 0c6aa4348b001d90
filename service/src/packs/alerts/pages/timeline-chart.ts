/** When clusters of alarms were, a row a site, as inline SVG with its figures beside it. The drawing stretches to the width it has. */
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import { count, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { day, time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import type { ClusterTimeline, TimelineRow } from '../analysis/charts.ts';
import type { ShownCluster } from '../analysis/clusters.ts';
import type { AnalysisWindow } from '../analysis/window.ts';
import { severityNames } from '../model/severity.ts';

/** Units of the drawing; x is time. */
const width = 1000;
const height = 20;
/** A cluster of one moment is seen too. */
const least = 4;

const round = (value: number): number => Math.round(value * 10) / 10;

const mark = ({ started_at, ended_at, max_severity }: ShownCluster, { from, to }: AnalysisWindow): Html => {
  const x = (at: string): number => ((Date.parse(at) - from) / (to - from)) * width;
  const wide = Math.max(least, x(ended_at) - x(started_at));
  // One at the end of the window stays within the drawing, and a graver one is also higher.
  const tall = max_severity * (height / 5);
  return html`<rect class="${max_severity >= 4 ? 'grave' : 'slight'}" x="${round(Math.min(x(started_at), width - wide))}" y="${height - tall}" width="${round(wide)}" height="${tall}"/>`;
};

const worstOf = ({ clusters }: TimelineRow): string =>
  severityNames[Math.max(0, ...clusters.map(({ max_severity }) => max_severity))] ?? '';

const words = (row: TimelineRow): Html => {
  const newest = row.clusters.at(-1);
  return html`${plural(row.clusters.length, 'cluster')}, ${plural(row.alarms, 'alarm')}, the worst ${worstOf(row)}${newest && html`<br><span class="quiet small">the newest ${time(newest.started_at)}, ${plural(newest.alarms, 'alarm')}</span>`}`;
};

const line = (row: TimelineRow, window: AnalysisWindow, days: number): Html =>
  html`<tr><th scope="row"><a href="${hrefWith(alerts.routes.analysis.path, { sites: row.site_code, days })}"><bdi>${clean(row.site_code)}</bdi></a></th><td data-column="When"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><path d="M0 ${height}H${width}"/>${row.clusters.map((cluster) => mark(cluster, window))}</svg></td><td data-column="In words">${words(row)}</td></tr>`;

export const timelineChart = ({ rows, sites_total }: ClusterTimeline, window: AnalysisWindow, days: number): Html =>
  html`<section><h2>Clusters of alarms</h2>
<p>Alarms of a site at most 45 minutes apart are one cluster. Those of two alarms or more, or with a major one, are drawn: the higher, the graver.</p>
${
  rows.length === 0
    ? html`<p class="panel">There was no significant cluster.</p>`
    : html`<table class="grid stacked timeline"><caption>${count(rows.length)} of ${plural(sites_total, 'site')} with clusters, most alarms first</caption><thead><tr><th scope="col">Site</th><th scope="col">${day(new Date(window.from).toISOString())} to ${day(new Date(window.to).toISOString())}</th><th scope="col">In words</th></tr></thead><tbody>${rows.map((row) => line(row, window, days))}</tbody></table>`
}</section>`;
