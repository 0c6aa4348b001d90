import type { Impact } from '../../measures/impact.ts';
import { type ToldImpact, tellImpact } from '../../measures/tell-impact.ts';
import { time } from '../format.ts';
import { type Html, html } from '../html.ts';

/** When what the numbers rest on was read: what was read last week says little of today. */
const asOf = (impact: readonly Impact[]): Html | false => {
  const [oldest] = impact.flatMap((line) => line.asOf ?? []).sort();
  return oldest !== undefined && html`<p class="quiet small">As read ${time(oldest)}.</p>`;
};

const difference = ({ words: { change, percentChange } }: ToldImpact): Html =>
  html`${change ?? '–'}${percentChange !== undefined && html`<br><span class="quiet small">${percentChange}</span>`}`;

const row = (told: ToldImpact, now: string): Html => {
  const { before, after, per } = told.words;
  return html`<tr role="row"><th scope="row" role="rowheader">${told.label}${per !== undefined && html`<br><span class="quiet small">${per}</span>`}</th><td role="cell" data-column="${now}">${before}</td><td role="cell" data-column="After"><strong>${after}</strong></td><td role="cell" data-column="Difference">${difference(told)}</td></tr>`;
};

/** What the change affects, now and after; once it was decided, `now` is over. */
export const impactSection = (impact: readonly Impact[], isOpen: boolean): Html | false => {
  const now = isOpen ? 'Now' : 'Before';
  // Roles, because a row that a phone shows as a grid is no table row to a screen reader.
  return (
    impact.length > 0 &&
    html`<section aria-labelledby="impact"><h2 id="impact">${isOpen ? 'What it affects' : 'What it affects, as planned'}</h2><table class="grid numbers impact" role="table"><caption class="unseen">Effect of the change</caption><thead role="rowgroup"><tr role="row">${['Measure', now, 'After', 'Difference'].map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead><tbody role="rowgroup">${impact.map((line) => row(tellImpact(line), now))}</tbody></table>${asOf(impact)}</section>`
  );
};
