/** The compliance page: the latest scan, a chart, every scan as a table, and the policy. */
import { ofDollars } from '../../../measures/money.ts';
import { count, moneyWords, percent, plural } from '../../../measures/words.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import type { ScanPoint } from '../scan/scans.ts';
import { chart } from './chart.ts';
import { moreLinks } from './more-links.ts';

export interface ComplianceProps {
  /** Oldest first. Empty: nobody has scanned yet. */
  readonly history: readonly ScanPoint[];
  readonly days: number;
  /** Resources this service wrote after the newest scan. */
  readonly changedSince: number;
  readonly policy: { readonly version: string; readonly requiredTags: readonly string[]; readonly source: string };
}

/** Scans of the table that are open at first. */
const openRows = 10;

const quality: Readonly<Record<ScanPoint['dataQuality'], Html>> = {
  complete: html`<span class="badge good"><span class="sign" aria-hidden="true">●</span>Complete</span>`,
  partial: html`<span class="badge caution"><span class="sign" aria-hidden="true">○</span>Partial</span>`,
  failed: html`<span class="badge bad"><span class="sign" aria-hidden="true">✕</span>Failed</span>`,
};

const score = (point: ScanPoint): string => (point.score === null ? 'no data' : percent(point.score));
const gap = ({ costGap }: ScanPoint): string => {
  const dollars = costGap === null ? undefined : ofDollars(costGap);
  return dollars ? moneyWords(dollars) : 'not known';
};

/** The same two kinds that check_tag_compliance counts. */
const kindsOf = ({ violationCount, errorCount }: ScanPoint): string =>
  errorCount === undefined
    ? 'errors; warnings were not counted then'
    : `${plural(errorCount, 'error')} and ${plural(violationCount - errorCount, 'warning')}`;

const trend = (point: ScanPoint, before: ScanPoint | undefined): string => {
  if (point.score === null || before === undefined || before.score === null) return '';
  const points = (point.score - before.score) * 100;
  if (Math.abs(points) < 0.05) return 'as in the scan before';
  return `${points > 0 ? '▲' : '▼'} ${Math.abs(points).toFixed(1)} points ${points > 0 ? 'up' : 'down'} since the scan before`;
};

const figure = (name: string, value: string, remark: string): Html =>
  html`<div><dt>${name}</dt><dd><span class="number">${value}</span><span class="quiet small">${remark}</span></dd></div>`;

const figures = (point: ScanPoint, before: ScanPoint | undefined): Html =>
  html`<dl class="figures panel">${figure('Compliance', score(point), trend(point, before))}${figure('Resources in scope', count(point.totalResources), 'that the policy asks tags of')}${figure('Violations', count(point.violationCount), kindsOf(point))}${figure('Cost gap', gap(point), 'a month that cannot be attributed')}</dl>`;

/** What a scan could not do, and why. */
const shortfall: Readonly<Record<ScanPoint['dataQuality'], string>> = {
  complete: '',
  partial: 'This scan did not see everything. Its figures cover only what could be read.',
  failed: 'This scan could read nothing, so it says nothing about the estate.',
};

const latest = (history: readonly ScanPoint[], point: ScanPoint): Html => {
  const earlier = history.slice(0, history.indexOf(point));
  const whole =
    point.dataQuality === 'complete' ? undefined : earlier.findLast((each) => each.dataQuality === 'complete');
  return html`<section aria-labelledby="latest"><h2 id="latest">Latest scan</h2><p>${time(point.timestamp)} ${quality[point.dataQuality]}</p>
${point.dataQuality !== 'complete' && html`<p class="notice caution">${shortfall[point.dataQuality]}${point.failure !== undefined && html`<br><bdi>${point.failure}</bdi>`}</p>`}
${point.dataQuality !== 'failed' && figures(point, earlier.at(-1))}</section>${
    whole !== undefined &&
    html`<section aria-labelledby="complete"><h2 id="complete">Latest complete scan</h2><p>${time(whole.timestamp)} ${quality.complete}</p>${figures(whole, undefined)}</section>`
  }`;
};

const row = (point: ScanPoint): Html =>
  html`<tr><th scope="row">${time(point.timestamp)}</th><td>${score(point)}</td><td>${count(point.totalResources)}</td><td>${count(point.violationCount)}</td><td>${gap(point)}</td><td>${quality[point.dataQuality]}</td></tr>`;

const table = (points: readonly ScanPoint[], caption: string): Html =>
  html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="grid numbers"><caption>${caption}</caption><thead><tr><th scope="col">Scan</th><th scope="col">Score</th><th scope="col">Resources</th><th scope="col">Violations</th><th scope="col">Cost gap, a month</th><th scope="col">Data</th></tr></thead><tbody>${points.map(row)}</tbody></table></div>`;

const scans = (history: readonly ScanPoint[]): Html => {
  const newest = history.toReversed();
  const older = newest.slice(openRows);
  return html`<section aria-labelledby="scans"><h2 id="scans">All scans</h2>${table(newest.slice(0, openRows), older.length > 0 ? `The newest ${openRows} scans` : 'Scans, newest first')}${
    older.length > 0 &&
    html`<details><summary>${plural(older.length, 'older scan')}</summary>${table(older, 'Older scans')}</details>`
  }</section>`;
};

const policySection = ({ policy }: ComplianceProps): Html =>
  html`<section aria-labelledby="policy"><h2 id="policy">The policy it is judged by</h2><dl class="facts across panel"><div><dt>Required tags</dt><dd>${
    policy.requiredTags.length === 0
      ? 'none'
      : html`<ul class="chips">${policy.requiredTags.map((tag) => html`<li><code class="value">${tag}</code></li>`)}</ul>`
  }</dd></div><div><dt>Version</dt><dd><code class="value">${policy.version}</code></dd></div><div><dt>Comes from</dt><dd>${policy.source}</dd></div></dl></section>`;

/** What a scan cannot know of yet. */
const changes = (changedSince: number): Html | false =>
  changedSince > 0 &&
  html`<p class="notice caution">${plural(changedSince, 'resource')} changed through this service since the latest scan. The figures are those of the scan; check compliance again to count them.</p>`;

/** Tag compliance over the last days. */
export const complianceView = (props: ComplianceProps): Html => {
  const { history, days } = props;
  const newest = history.at(-1);
  return html`<h1>Tag compliance</h1>
${
  newest === undefined
    ? html`<div class="empty panel"><p><strong>Nobody has scanned in the last ${plural(days, 'day')}.</strong></p><p class="quiet">Ask an agent: “Check our tag compliance.” Each scan becomes a point here.</p></div>`
    : html`${changes(props.changedSince)}${latest(history, newest)}<section aria-labelledby="trend"><h2 id="trend">The last ${plural(days, 'day')}</h2>${chart(history)}</section>${scans(history)}`
}
${policySection(props)}
${moreLinks('compliance')}`;
};
