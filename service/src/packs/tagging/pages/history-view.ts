import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { ofDollars } from '../../../measures/money.ts';
import { count, moneyWords, percent, plural } from '../../../measures/words.ts';
import { day, time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import { hrefWith } from '../../../web/links.ts';
import type { Extent } from '../estate/estate.ts';
import { type HistoryPeriod, type HistoryPoint, historyBy, periods, type Trend, trendOf } from '../reports/history.ts';
import { scanPointOf } from '../scan/scans.ts';
import type { ScanSummary } from '../scan/stored-scan.ts';
import { ago } from './age.ts';
import { chart } from './chart.ts';
import { moreLinks } from './more-links.ts';

export interface HistoryProps {
  /** Oldest first, complete or not. */
  readonly scans: readonly ScanSummary[];
  /** What each of them looked at. */
  readonly extent: Extent;
  readonly days: number;
  readonly spans: readonly number[];
  readonly period: HistoryPeriod;
  readonly now: string;
}

const { path } = tagging.routes.complianceHistory;

const trends: Readonly<Record<Trend, string>> = {
  improving: '▲ improving',
  declining: '▼ declining',
  stable: '= stable, less than half a point',
  no_data: 'no data',
};

const month = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });
const periodWords = (start: string, period: HistoryPeriod): string => {
  if (period === 'month') return month.format(new Date(start));
  return period === 'week' ? `Week of ${day(start)}` : day(start);
};

const score = (value: number | null): string => (value === null ? 'no data' : percent(value));

const moved = (now: number | null, before: number | null | undefined): string => {
  if (now === null || before === null || before === undefined) return '–';
  const points = (now - before) * 100;
  if (Math.abs(points) < 0.05) return '= 0.0';
  return `${points > 0 ? '▲ +' : '▼ −'}${Math.abs(points).toFixed(1)}`;
};

const gap = ({ costGap }: ScanSummary): string => {
  const dollars = costGap === null ? undefined : ofDollars(costGap);
  return dollars === undefined ? 'not known' : moneyWords(dollars);
};

const policy = ({ scan }: HistoryPoint, before: HistoryPoint | undefined): Html =>
  html`<code class="value">${scan.policyVersion}</code>${before !== undefined && before.scan.policyVersion !== scan.policyVersion && html` <span class="quiet small">changed</span>`}`;

const row = (point: HistoryPoint, before: HistoryPoint | undefined, period: HistoryPeriod): Html =>
  html`<tr><th scope="row">${periodWords(point.periodStart, period)}</th><td>${time(point.scan.timestamp)}</td><td>${score(point.score)}</td><td>${moved(point.score, before?.score)}</td><td>${count(point.scan.counts.compliant)} of ${count(point.scan.counts.total)}</td><td>${count(point.scan.violationCount)}</td><td>${gap(point.scan)}</td><td>${policy(point, before)}</td></tr>`;

const headings = ['Period', 'Scan', 'Score', 'Points', 'Compliant', 'Violations', 'Cost gap, a month', 'Policy'];

const table = (points: readonly HistoryPoint[], period: HistoryPeriod): Html => {
  const caption = `One row a ${period}, newest first: its last complete scan`;
  const rows = points.map((point, at) => row(point, points[at - 1], period)).toReversed();
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="grid numbers"><caption>${caption}</caption><thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
};

const choices = ({ days, period, spans }: HistoryProps): Html => {
  const link = (label: string, chosen: boolean, query: { days: number; period: HistoryPeriod }) =>
    chosen ? html`<strong>${label}</strong> ` : html`<a href="${hrefWith(path, query)}">${label}</a> `;
  return html`<p>By ${periods.map((each) => link(each, each === period, { days, period: each }))}· Looking back ${spans.map((each) => link(plural(each, 'day'), each === days, { days: each, period }))}</p>`;
};

/** What the points rest on, and what they leave out. */
const basis = ({ scans, extent, period, now }: HistoryProps, last: HistoryPoint): Html => {
  const incomplete = scans.filter(({ quality }) => quality !== 'complete').length;
  const { accounts, regions, types } = extent;
  return html`<p>The newest is of ${time(last.scan.timestamp)} (${ago(last.scan.timestamp, now)}). Only scans of everything that is enabled now count: ${plural(accounts.length, 'account')}, ${plural(regions.length, 'region')}, ${plural(types.length, 'resource type')}. A ${period} without such a scan has no point.</p>
${incomplete > 0 && html`<p class="notice caution">${plural(incomplete, 'scan')} could not read everything and ${incomplete === 1 ? 'is' : 'are'} left out.</p>`}`;
};

const policyNote = (points: readonly HistoryPoint[]): Html | false =>
  new Set(points.map(({ scan }) => scan.policyVersion)).size > 1 &&
  html`<p class="notice caution">The policy changed meanwhile, so scores before and after were not judged by the same rules.</p>`;

const trend = (points: readonly HistoryPoint[]): Html => {
  const { trend: direction, earliest, latest } = trendOf(points);
  return html`<dl class="facts across panel"><div><dt>Trend</dt><dd>${trends[direction]}</dd></div><div><dt>First score</dt><dd>${score(earliest)}</dd></div><div><dt>Last score</dt><dd>${score(latest)}</dd></div></dl>`;
};

const drawn = (points: readonly HistoryPoint[]): Html =>
  chart(points.map((point) => ({ ...scanPointOf(point.scan), score: point.score })));

const shown = (props: HistoryProps): Html => {
  const points = historyBy(props.scans, props.period);
  const last = points.at(-1);
  if (last === undefined)
    return html`<div class="empty panel"><p><strong>No complete scan of everything in the last ${plural(props.days, 'day')}.</strong></p><p class="quiet">Ask an agent: “Check our tag compliance.”</p></div>`;
  return html`${basis(props, last)}${policyNote(points)}${trend(points)}${drawn(points)}${table(points, props.period)}`;
};

/** The score by day, week or month, as a chart and as a table. */
export const historyView = (props: HistoryProps): Html =>
  html`<h1>Tag compliance over time</h1>
${choices(props)}
${shown(props)}
${moreLinks('complianceHistory')}`;
