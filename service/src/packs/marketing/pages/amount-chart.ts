/**
 * Daily amounts over time as steps, in inline SVG. The drawing stretches to the width it has, while strokes keep theirs;
 * labels are HTML around it, so they stay readable on a phone.
 */
import type { Money } from '../../../measures/money.ts';
import { moneyWords, plural } from '../../../measures/words.ts';
import { day } from '../../../web/format.ts';
import { type Html, html } from '../../../web/html.ts';
import type { BudgetStep } from './budget-history.ts';

/** Units of the drawing; x is time, y is the amount, from nothing up to the most it was. */
const width = 1000;
const height = 100;
/** Where the first change stands, so that what was before it is seen. */
const lead = 80;

export interface ChartOfAmounts {
  /** Unique on its page. */
  readonly id: string;
  readonly name: string;
  /** Oldest first, at least one. */
  readonly changes: readonly BudgetStep[];
  /** To when the last amount is drawn. */
  readonly until: string;
}

const amountsOf = (changes: readonly BudgetStep[]): Money[] =>
  changes.flatMap(({ before, after }) => [before, after]).filter((money) => money !== undefined);

const byAmount = (one: Money, other: Money): number => {
  const difference = BigInt(one.micros) - BigInt(other.micros);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
};

const round = (value: number): number => Math.round(value * 100) / 100;

/** The height of an amount, from the top down. No budget is drawn as nothing. */
const placeIn = (most: Money | undefined) => {
  const top = BigInt(most?.micros ?? '0');
  return (money: Money | undefined): number => {
    if (money === undefined || top === 0n) return height;
    return round(height - Number((BigInt(money.micros) * 10_000n) / top) * (height / 10_000));
  };
};

const timesOf = (changes: readonly BudgetStep[], until: string) => {
  const first = Date.parse(changes[0]?.at ?? until);
  const span = Date.parse(until) - first;
  return (at: string): number =>
    span <= 0 ? width / 2 : round(lead + ((Date.parse(at) - first) / span) * (width - lead));
};

/** The line: level between two changes, upright at each. It is broken where the amount was not what the change before had left. */
export const stepPath = (changes: readonly BudgetStep[], until: string): string => {
  const x = timesOf(changes, until);
  const y = placeIn(amountsOf(changes).sort(byAmount).at(-1));
  const steps = changes.map(({ at, before, after, changedElsewhere }, index) => {
    const start = index === 0 ? `M0 ${y(before)}` : '';
    return `${start}H${x(at)}${changedElsewhere ? `M${x(at)} ${y(before)}` : ''}V${y(after)}`;
  });
  return `${steps.join('')}H${width}`;
};

const words = (money: Money | undefined): string => (money === undefined ? 'no budget' : `${moneyWords(money)} a day`);

/** The same in words. */
export const amountWords = (changes: readonly BudgetStep[]): string => {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return 'No change.';
  const sorted = amountsOf(changes).sort(byAmount);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  const range = lowest && highest ? ` Lowest ${moneyWords(lowest)}, highest ${moneyWords(highest)}.` : '';
  const elsewhere = changes.filter(({ changedElsewhere }) => changedElsewhere).length;
  return `${plural(changes.length, 'change')}: ${words(first.before)} before ${day(first.at)}, ${words(last.after)} since ${day(last.at)}.${range}${elsewhere === 0 ? '' : ` ${plural(elsewhere, 'time')} the amount was not what the change before had left.`}`;
};

export const amountChart = ({ id, name, changes, until }: ChartOfAmounts): Html => {
  const x = timesOf(changes, until);
  const most = amountsOf(changes).sort(byAmount).at(-1);
  const y = placeIn(most);
  const labels = [...new Set([changes[0]?.at ?? until, until].map(day))];
  return html`<figure class="amounts"><div class="amounts-plot"><div class="amounts-scale" aria-hidden="true"><span>${most && moneyWords(most)}</span><span>0</span></div>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-labelledby="${id}-title ${id}-words"><title id="${id}-title">Daily amount of ${name} over time</title>
<path class="amounts-rule" d="M0 0H${width}M0 ${height}H${width}"/><path class="amounts-line" d="${stepPath(changes, until)}"/>${changes.map(({ at, after }) => html`<path class="amounts-dot" d="M${x(at)} ${y(after)}h0"/>`)}</svg>
<div class="amounts-times" aria-hidden="true">${labels.map((label) => html`<span>${label}</span>`)}</div></div>
<figcaption class="quiet small" id="${id}-words">${amountWords(changes)}</figcaption></figure>`;
};
