import type { Impact } from '../../operations/plan.ts';
import { count, percent, time, usd } from '../format.ts';
import { type Html, html } from '../html.ts';

const show: Readonly<Record<Impact['unit'], (value: number) => string>> = {
  ratio: percent,
  count,
  USD: usd,
  'USD/month': usd,
};

const shown = (value: number | null, unit: Impact['unit']): string => (value === null ? 'no data' : show[unit](value));

const difference = ({ before, after, unit }: Impact): string => {
  if (before === null || after === null) return '–';
  const delta = after - before;
  if (delta === 0) return 'no change';
  const amount = unit === 'ratio' ? `${(Math.abs(delta) * 100).toFixed(1)} points` : show[unit](Math.abs(delta));
  return `${delta > 0 ? '+' : '−'}${amount}`;
};

/** When what the numbers rest on was read; a scan of last week is no scan of today. */
const asOf = (impact: readonly Impact[]): Html | false => {
  const [oldest] = impact.flatMap((line) => line.asOf ?? []).sort();
  return oldest !== undefined && html`<p class="quiet small">As of the scan of ${time(oldest)}.</p>`;
};

/** What the change affects, now and after; once it was decided, `now` is over. */
export const impactSection = (impact: readonly Impact[], isOpen: boolean): Html | false =>
  impact.length > 0 &&
  html`<section aria-labelledby="impact"><h2 id="impact">${isOpen ? 'What it affects' : 'What it affects, as planned'}</h2><table class="grid numbers"><caption class="unseen">Effect of the change</caption><thead><tr><th scope="col">Measure</th><th scope="col">${isOpen ? 'Now' : 'Before'}</th><th scope="col">After</th><th scope="col">Difference</th></tr></thead><tbody>${impact.map(
    (line) =>
      html`<tr><th scope="row">${line.label}${line.unit === 'USD/month' && html`<br><span class="quiet small">per month</span>`}</th><td>${shown(line.before, line.unit)}</td><td><strong>${shown(line.after, line.unit)}</strong></td><td>${difference(line)}</td></tr>`,
  )}</tbody></table>${asOf(impact)}</section>`;
