/** What comes together: a matrix of the strongest pairs, with each of them in words beside it. */
import { count, durationWords, percent, plural } from '../../../measures/words.ts';
import { clean } from '../../../untrusted.ts';
import { type Html, html } from '../../../web/html.ts';
import type { CorrelationMatrix } from '../analysis/charts.ts';
import type { NetworkAnalysis } from '../analysis/network-analysis.ts';
import type { ItemPair } from '../analysis/pair-search.ts';
import { elementItem } from './element-item.ts';

/** Pairs that are told in words. */
const MOST_TOLD = 10;
/** Shares that are drawn in another strength, from which on. */
const STRONG = 0.75;
const FAIR = 0.4;

interface Drawn {
  readonly matrix: CorrelationMatrix;
  readonly pairs: readonly ItemPair[];
  readonly caption: string;
  readonly named: (key: string) => Html;
  /** What they have in common. */
  readonly inWhat: string;
}

const strength = (jaccard: number): string => (jaccard >= STRONG ? 'strong' : jaccard >= FAIR ? 'fair' : 'weak');

const square = (pair: ItemPair | null, same: boolean): Html => {
  if (same) return html`<td class="same"><span class="unseen">the same</span></td>`;
  if (pair === null) return html`<td><span class="quiet">–</span></td>`;
  return html`<td class="${strength(pair.jaccard)}">${percent(pair.jaccard)}</td>`;
};

const table = ({ matrix: { keys, cells }, caption, named }: Drawn): Html =>
  html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table class="grid numbers matrix"><caption>${caption}</caption><thead><tr><th scope="col">Number and name</th>${keys.map((_key, column) => html`<th scope="col">${column + 1}</th>`)}</tr></thead><tbody>${keys.map(
    (key, row) =>
      html`<tr><th scope="row">${row + 1} ${named(key)}</th>${(cells[row] ?? []).map((pair, column) => square(pair, row === column))}</tr>`,
  )}</tbody></table></div>`;

/** Which of the two comes first, and by how much. */
const order = (pair: ItemPair, named: Drawn['named']): Html | false => {
  if (pair.median_lag_s === 0) return false;
  const first = pair.median_lag_s > 0 ? pair.key_a : pair.key_b;
  return html` ${named(first)} usually comes first, by ${durationWords(Math.abs(pair.median_lag_s))}.`;
};

const told = (pair: ItemPair, { named, inWhat }: Drawn, ordered: boolean): Html =>
  html`<li>${named(pair.key_a)} and ${named(pair.key_b)}: together in ${count(pair.both)} ${inWhat}, of ${count(pair.a)} with the one and ${count(pair.b)} with the other; ${pair.lift.toFixed(1)} times as often as by chance.${ordered && order(pair, named)}</li>`;

const part = (drawn: Drawn, ordered: boolean): Html =>
  html`${table(drawn)}<ul>${drawn.pairs.slice(0, MOST_TOLD).map((pair) => told(pair, drawn, ordered))}</ul>${drawn.pairs.length > MOST_TOLD && html`<p class="quiet">${plural(drawn.pairs.length - MOST_TOLD, 'pair')} more: ask an agent what alarms belong together.</p>`}`;

export const correlationCharts = ({ temporal, spatial, correlations }: NetworkAnalysis): Html => {
  const alarms = correlations.temporal?.pairs ?? [];
  const sites = correlations.spatial?.pairs ?? [];
  return html`<section><h2>Alarms that come together</h2>
${
  alarms.length === 0
    ? html`<p class="panel">No two alarms came in the same clusters often enough.</p>`
    : part(
        {
          ...{ matrix: temporal, pairs: alarms, named: elementItem, inWhat: 'clusters' },
          caption: 'Share of the clusters with either that have both',
        },
        true,
      )
}</section>
<section><h2>Sites that fail together</h2>
${
  sites.length === 0
    ? html`<p class="panel">No two sites had alarms in the same 45 minutes often enough.</p>`
    : part(
        {
          ...{ matrix: spatial, pairs: sites, inWhat: 'spans of 45 minutes' },
          caption: 'Share of the spans of 45 minutes with either that have both',
          named: (key) => html`<bdi>${clean(key)}</bdi>`,
        },
        false,
      )
}</section>`;
};
