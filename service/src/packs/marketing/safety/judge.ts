/** Whether a daily amount may become another one, and what to say of it. Amounts are exact; percents are not rounded. */
import { minorDigits } from '../../../measures/currency.ts';
import {
  add,
  amountOf,
  compareMoney,
  type Money,
  ofMicros,
  percentOfChange,
  subtract,
} from '../../../measures/money.ts';
import { type SafetyLimits, STEP_PERCENT, WARN_DECREASE_PERCENT, WARN_INCREASE_PERCENT } from './limits.ts';
import { type LimitName, limitExceeded } from './refusal.ts';

export interface AmountChange {
  readonly before: Money;
  readonly after: Money;
  /** What the budget was when the account's day began, as far as it is known. */
  readonly opening: Money;
  /** What all other budgets of the account may spend on this day. */
  readonly others: Money;
  /** It takes back another change: percents are not held against it, caps are. */
  readonly takesBack?: boolean;
}

export interface Judged {
  /** Of `before`; null where that is zero. */
  readonly percent: number | null;
  readonly warnings: readonly string[];
}

const zeroIn = ({ currency }: Money): Money => ofMicros('0', currency);
const lesser = (one: Money, other: Money): Money => (compareMoney(one, other) < 0 ? one : other);
const greater = (one: Money, other: Money): Money => (compareMoney(one, other) > 0 ? one : other);

/** Millionths of the smallest coin of a currency. */
const coinOf = ({ currency }: Money): bigint => 10n ** BigInt(6 - minorDigits(currency));

/** So many percent of it, in whole coins: downwards for a maximum, upwards for a minimum. */
const percentOf = (money: Money, percent: number, round: 'down' | 'up'): Money => {
  const coin = coinOf(money);
  const exact = BigInt(money.micros) * BigInt(percent);
  const whole = coin * 100n;
  return ofMicros(((exact + (round === 'up' ? whole - 1n : 0n)) / whole) * coin, money.currency);
};

/** A percent as a person checks it: to a thousandth, never rounded to a limit that it exceeds. */
export const percentWords = (percent: number): string => {
  const thousandths = (Math.sign(percent) * Math.ceil(Math.abs(percent) * 1000 - 1e-6)) / 1000;
  return `${percent > 0 ? '+' : ''}${thousandths} %`;
};

/** What may be reached from `from`; nothing bounds the way up from zero. */
const rangeFrom = (from: Money, { mostIncrease, mostDecrease }: SafetyLimits): { most?: Money; least: Money } =>
  BigInt(from.micros) === 0n
    ? { least: from }
    : { most: percentOf(from, 100 + mostIncrease, 'down'), least: percentOf(from, 100 - mostDecrease, 'up') };

/** The highest amount that all limits let through. */
const highest = ({ before, opening, others, takesBack }: AmountChange, limits: SafetyLimits): Money => {
  const caps = limits.caps.get(before.currency);
  if (caps === undefined) return zeroIn(before);
  const headroom = greater(subtract(caps.account, others), zeroIn(before));
  const capped = lesser(caps.budget, headroom);
  const steps = takesBack ? [] : [rangeFrom(before, limits).most, rangeFrom(opening, limits).most];
  return steps.reduce<Money>((most, step) => (step === undefined ? most : lesser(most, step)), capped);
};

/** @throws safety_limit_exceeded where it is raised by more, or lowered by more, than a step or a day may */
const holdPercents = (change: AmountChange, limits: SafetyLimits): void => {
  const { before, after, opening } = change;
  const from: readonly [LimitName | undefined, string, Money][] = [
    [undefined, 'what it is', before],
    ['day', 'what it was when the day of the account began', opening],
  ];
  for (const [name, what, base] of from) {
    const percent = percentOfChange(base, after);
    if (percent === null) continue;
    const because = `${amountOf(after)} ${after.currency} is ${percentWords(percent)} of ${what} (${amountOf(base)}).`;
    if (percent > limits.mostIncrease)
      throw limitExceeded(name ?? 'increase', because, { maximum: highest(change, limits) });
    if (percent < -limits.mostDecrease)
      throw limitExceeded(name ?? 'decrease', because, {
        minimum: greater(rangeFrom(before, limits).least, rangeFrom(opening, limits).least),
      });
  }
};

/**
 * Holds an amount against the caps of its currency. What is lowered passes where there is a cap.
 * @throws safety_limit_exceeded
 */
export const holdCaps = (change: AmountChange, limits: SafetyLimits): void => {
  const { before, after, others } = change;
  const caps = limits.caps.get(after.currency);
  if (caps === undefined)
    throw limitExceeded(
      'no-cap',
      `No daily cap is configured for ${after.currency}, so budgets in it are not changed. Operator: add it to GOOGLE_ADS_BUDGET_CAPS.`,
    );
  if (compareMoney(after, before) <= 0) return;
  const maximum = highest(change, limits);
  if (compareMoney(after, caps.budget) > 0)
    throw limitExceeded(
      'budget-cap',
      `${amountOf(after)} ${after.currency} is above the cap of ${amountOf(caps.budget)} per budget and day.`,
      { maximum },
    );
  const together = add(others, after);
  if (compareMoney(together, caps.account) > 0)
    throw limitExceeded(
      'account-cap',
      `All budgets of the account would come to ${amountOf(together)} ${after.currency}, above the cap of ${amountOf(caps.account)} per account and day.`,
      { maximum },
    );
};

const warningsOf = (percent: number | null): string[] => {
  if (percent === null) return ['There is no amount to compare with: it is zero now. Only the caps limit it.'];
  const warnings: string[] = [];
  if (percent > WARN_INCREASE_PERCENT)
    warnings.push(`The budget is raised by more than ${WARN_INCREASE_PERCENT} % (${percentWords(percent)}).`);
  if (percent < -WARN_DECREASE_PERCENT)
    warnings.push(`The budget is lowered by more than ${WARN_DECREASE_PERCENT} % (${percentWords(percent)}).`);
  if (Math.abs(percent) > STEP_PERCENT)
    warnings.push(`Advice: change budgets in steps of at most ${STEP_PERCENT} %, some days apart.`);
  return warnings;
};

/** @throws safety_limit_exceeded, with the highest or lowest amount that would be let through */
export const judgeAmount = (change: AmountChange, limits: SafetyLimits): Judged => {
  const percent = percentOfChange(change.before, change.after);
  if (limits.caps.has(change.after.currency) && !change.takesBack) holdPercents(change, limits);
  holdCaps(change, limits);
  return { percent, warnings: warningsOf(percent) };
};
