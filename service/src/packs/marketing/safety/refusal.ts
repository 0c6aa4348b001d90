/** A change that a safety limit blocks. */
import { CountersignError } from '../../../errors.ts';
import { amountOf, type Money } from '../../../measures/money.ts';

/** By which limit: the dimension of the metric SafetyBlocks. */
export type LimitName =
  | 'increase'
  | 'decrease'
  | 'day'
  | 'budget-cap'
  | 'account-cap'
  | 'no-cap'
  | 'changes-per-day'
  | 'own-confirmation';

interface Bounds {
  /** The highest amount that would be let through now. */
  readonly maximum?: Money;
  /** The lowest. */
  readonly minimum?: Money;
}

/** @param because one sentence; what would be let through follows it */
export const limitExceeded = (
  limit: LimitName,
  because: string,
  { maximum, minimum }: Bounds = {},
): CountersignError => {
  const allowed = [
    ...(maximum === undefined ? [] : [`maximum ${amountOf(maximum)}`]),
    ...(minimum === undefined ? [] : [`minimum ${amountOf(minimum)}`]),
  ];
  const message = allowed.length === 0 ? because : `${because} Allowed: ${allowed.join(', ')}.`;
  return new CountersignError('safety_limit_exceeded', message, {
    details: {
      google_code: 'SAFETY_LIMIT_EXCEEDED',
      limit,
      ...(maximum && { maximum: amountOf(maximum), currency: maximum.currency }),
      ...(minimum && { minimum: amountOf(minimum), currency: minimum.currency }),
    },
  });
};

export const isLimit = (error: unknown): error is CountersignError =>
  error instanceof CountersignError && error.code === 'safety_limit_exceeded';
