/** Who must agree to a change of what an account spends. */
import { add, compareMoney, type Money, ofMicros, percentOfChange, subtract } from '../../../measures/money.ts';
import type { Countersign } from '../../../operations/operation.ts';
import { type SafetyLimits, WARN_DECREASE_PERCENT } from './limits.ts';
import { limitExceeded } from './refusal.ts';

export type Agreement = Exclude<Countersign, 'none'>;

export interface Raise {
  readonly before: Money;
  /** What the budget was when the account's day began. */
  readonly opening: Money;
  readonly after: Money;
  /** What budgets of the account were raised by on this day with their requesters' own confirmations. */
  readonly confirmedToday: Money;
}

/** What it is raised by; zero where it is lowered. */
export const raiseOf = ({ before, after }: Pick<Raise, 'before' | 'after'>): Money =>
  compareMoney(after, before) > 0 ? subtract(after, before) : ofMicros('0', after.currency);

/**
 * The requester alone where the raise is small by percent, at once and on the day, and by amount, together with what they and others confirmed on the same
 * day. A second person for anything else, for a cut that an approver would be warned of, and wherever no amount is configured.
 */
export const agreementTo = (raise: Raise, limits: SafetyLimits): Agreement => {
  const { before, after, opening, confirmedToday } = raise;
  const most = limits.confirmUpTo.get(after.currency);
  if (most === undefined) return 'second-person';
  // Of the day too: three raises of 20 % are one of 73 %.
  for (const from of [before, opening]) {
    const percent = percentOfChange(from, after);
    if (percent === null || percent > limits.confirmPercent || percent < -WARN_DECREASE_PERCENT) return 'second-person';
  }
  return compareMoney(add(confirmedToday, raiseOf(raise)), most) > 0 ? 'second-person' : 'same-person';
};

/**
 * Of a change that its requester confirmed alone: whether the day still has room for it, when it is written.
 * @throws safety_limit_exceeded
 */
export const holdOwnConfirmation = (raise: Raise, limits: SafetyLimits): void => {
  if (agreementTo(raise, limits) === 'same-person') return;
  throw limitExceeded(
    'own-confirmation',
    'Since this was planned, other changes used up what may be raised on this day with the requester’s own confirmation. Ask for it again: a second person then countersigns it.',
  );
};
