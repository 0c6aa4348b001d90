/** What budgets may become, as the operator configured it: docs/adr/0058-what-budgets-may-become.md. */

import { digest } from '../../../canonical.ts';
import type { Currency } from '../../../measures/currency.ts';
import { type Money, parseMoney } from '../../../measures/money.ts';
import type { PackServices } from '../../pack.ts';

export interface Caps {
  /** The most that one budget may spend on a day. */
  readonly budget: Money;
  /** The most that all budgets of an account together may spend on a day. */
  readonly account: Money;
}

export interface SafetyLimits {
  /** A currency that is not here has no cap, so nothing in it is changed. */
  readonly caps: ReadonlyMap<string, Caps>;
  /** What budgets of one account may be raised by on a day with the requester's own confirmation. Not here: nothing. */
  readonly confirmUpTo: ReadonlyMap<string, Money>;
  /** Percent by which a budget may be raised with the requester's own confirmation. */
  readonly confirmPercent: number;
  /** Percent of what a budget was before, and when the account's day began. Beyond it nobody may go. */
  readonly mostIncrease: number;
  readonly mostDecrease: number;
  readonly changesPerDay: number;
}

/** Beyond these an approver is warned. */
export const WARN_INCREASE_PERCENT = 100;
export const WARN_DECREASE_PERCENT = 50;
/** Beyond this a change is better made in steps. */
export const STEP_PERCENT = 20;

/** Variables of the contract that the limits are made of. */
export type LimitVariables = Pick<
  PackServices['config'],
  | 'GOOGLE_ADS_BUDGET_CAPS'
  | 'GOOGLE_ADS_CONFIRM_UP_TO'
  | 'GOOGLE_ADS_CONFIRM_PERCENT'
  | 'GOOGLE_ADS_MOST_INCREASE_PERCENT'
  | 'GOOGLE_ADS_MOST_DECREASE_PERCENT'
  | 'GOOGLE_ADS_CHANGES_PER_DAY'
>;

const entryOf = (text: string): [string, string] => {
  const [currency = '', amounts = ''] = text.split(':');
  return [currency, amounts];
};

/** @throws invalid_input that names the variable, for a currency or an amount that is none */
export const limitsOf = (config: LimitVariables): SafetyLimits => ({
  caps: new Map(
    config.GOOGLE_ADS_BUDGET_CAPS.map(entryOf).map(([currency, amounts]) => {
      const [budget = '', account = ''] = amounts.split('/');
      const amount = (text: string) => parseMoney(text, currency, { field: 'GOOGLE_ADS_BUDGET_CAPS' });
      return [currency, { budget: amount(budget), account: amount(account) }];
    }),
  ),
  confirmUpTo: new Map(
    config.GOOGLE_ADS_CONFIRM_UP_TO.map(entryOf).map(([currency, amount]) => [
      currency,
      parseMoney(amount, currency, { field: 'GOOGLE_ADS_CONFIRM_UP_TO' }),
    ]),
  ),
  confirmPercent: config.GOOGLE_ADS_CONFIRM_PERCENT,
  mostIncrease: config.GOOGLE_ADS_MOST_INCREASE_PERCENT,
  mostDecrease: config.GOOGLE_ADS_MOST_DECREASE_PERCENT,
  changesPerDay: config.GOOGLE_ADS_CHANGES_PER_DAY,
});

/** Another one for other limits, so that what was approved under these is planned anew under those. */
export const policyVersionOf = (limits: SafetyLimits): string => {
  const { caps, confirmUpTo, ...numbers } = limits;
  const amounts = (entries: ReadonlyMap<string, unknown>) => Object.fromEntries(entries);
  return `budget-limits-${digest({ ...numbers, caps: amounts(caps), confirmUpTo: amounts(confirmUpTo) }).slice(0, 12)}`;
};

export const capsIn = (limits: SafetyLimits, currency: Currency): Caps | undefined => limits.caps.get(currency);
