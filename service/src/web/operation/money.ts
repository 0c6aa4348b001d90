/** What a change means in money, and what the change that a revert takes back has cost: as its pack worked it out. */
import type { FinancialImpact, FinancialReport } from '../../measures/financial.ts';
import type { Money } from '../../measures/money.ts';
import { moneyWords, percentNumber } from '../../measures/words.ts';
import type { Plan } from '../../operations/plan.ts';
import { type Html, html } from '../html.ts';

const signed = (money: Money): string => `${BigInt(money.micros) > 0n ? '+' : ''}${moneyWords(money)}`;
const percentWords = (value: number | null): string =>
  value === null ? '' : ` (${value > 0 ? '+' : ''}${percentNumber(value)})`;

export const impactWords = ({ before, after, per, monthly, percent }: FinancialImpact): string =>
  `${moneyWords(before)} a ${per} now, ${moneyWords(after)} then${percentWords(percent)}: ${signed(monthly)} a month`;

export const reportWords = ({ from, to, actual, expected, excess, percent }: FinancialReport): string =>
  `${from} to ${to}: ${moneyWords(actual)} spent, ${moneyWords(expected)} expected, excess ${moneyWords(excess)}${percentWords(percent)}`;

/** @param isOpen still to be decided: after that, `now` is over */
export const moneySection = ({ financialImpact, financialReport }: Plan, isOpen: boolean): Html | false =>
  (financialImpact !== undefined || financialReport !== undefined) &&
  html`<section class="panel" aria-labelledby="money"><h2 id="money">${isOpen ? 'In money' : 'In money, as planned'}</h2><dl class="facts">${
    financialImpact !== undefined && html`<div><dt>What it changes</dt><dd>${impactWords(financialImpact)}</dd></div>`
  }${
    financialReport !== undefined &&
    html`<div><dt>What the change it takes back has cost</dt><dd>${reportWords(financialReport)}</dd></div>`
  }</dl></section>`;
