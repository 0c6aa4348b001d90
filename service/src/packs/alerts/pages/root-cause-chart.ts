/** What clusters begin with, as bars with their figures in words. */
import { count, percent, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { time } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import type { DetailedPattern, RootCauseReport } from '../analysis/root-cause-report.ts';
import { elementItem } from './element-item.ts';

const MOST_ROWS = 10;

const bar = ({ score }: DetailedPattern): Html =>
  html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" width="100" height="10"/><rect class="share" width="${score}" height="10"/></svg>`;

const joined = (all: readonly Html[]): Html => html`${all.map((each, place) => html`${place > 0 && ', '}${each}`)}`;

const words = (pattern: DetailedPattern, clusters: number): Html =>
  html`Begins ${count(pattern.clusters)} of ${plural(clusters, 'cluster')}, with ${pattern.impact.toFixed(1)} alarms beside it on average. Its time agrees in ${percent(pattern.order_ok)}.${
    pattern.symptoms.length > 0 && html`<br>After it: ${joined(pattern.symptoms.map(({ name }) => elementItem(name)))}`
  }<br><span class="quiet small">${joined(pattern.sites.map(({ name }) => html`<bdi>${clean(name)}</bdi>`))}, last ${time(pattern.last_at)}</span>`;

const row = (pattern: DetailedPattern, clusters: number): Html =>
  html`<tr><th scope="row">${elementItem(pattern.key)}</th><td data-column="Score of 100"><strong>${pattern.score.toFixed(2)}</strong>${bar(pattern)}</td><td data-column="In words">${words(pattern, clusters)}</td></tr>`;

export const rootCauseChart = ({ clusters, patterns }: RootCauseReport): Html =>
  html`<section><h2>What clusters begin with</h2>
<p>Of each cluster of minor and graver alarms, the first by power, transmission, core and cell. It says what comes first, which proves no cause.</p>
${
  patterns.length === 0
    ? html`<p class="panel">There was no significant cluster of such alarms.</p>`
    : html`<table class="grid stacked causes"><caption>${plural(patterns.length, 'pattern')}, the most likely first</caption><thead><tr><th scope="col">Alarm</th><th scope="col">Score of 100</th><th scope="col">In words</th></tr></thead><tbody>${patterns.slice(0, MOST_ROWS).map((pattern) => row(pattern, clusters))}</tbody></table>${
        patterns.length > MOST_ROWS &&
        html`<p class="quiet">${plural(patterns.length - MOST_ROWS, 'pattern')} more: ask an agent to rank root causes.</p>`
      }`
}</section>`;
