/** What a change of a daily amount means in money, and what an error cost. */
import type { FinancialImpact, FinancialReport } from '../../../measures/financial.ts';
import { type Money, percentOfChange, scale, subtract } from '../../../measures/money.ts';
import { BASELINE_DAYS, type DayRange, daysIn } from './days.ts';

// Google spends at most 30.4 daily budgets a month: https://support.google.com/google-ads/answer/2375420
const monthOf = (daily: Money): Money => scale(daily, 304n, 10n);

export const impactOf = (before: Money, after: Money): FinancialImpact => ({
  before,
  after,
  per: 'day',
  monthly: monthOf(subtract(after, before)),
  percent: percentOfChange(before, after),
});

/** Per day, of what was spent in the days of the baseline. Days on which nothing was count as zero. */
export const dailyBaseline = (spent: Money): Money => scale(spent, 1n, BigInt(BASELINE_DAYS));

/**
 * @param spent in the days of the baseline, all together
 * @param actual spent in the days of the error, all together
 */
export const costOfError = (days: DayRange, { spent, actual }: { spent: Money; actual: Money }): FinancialReport => {
  const expected = scale(spent, BigInt(daysIn(days)), BigInt(BASELINE_DAYS));
  return { ...days, actual, expected, excess: subtract(actual, expected), percent: percentOfChange(expected, actual) };
};
