/** Exact amounts of money. They are added and compared within one currency only, and no float ever holds one. */
import { z } from 'zod';
import { CountersignError } from '../errors.ts';
import { Currency, currencyOf, minorDigits } from './currency.ts';

/** Millionths of the currency's unit, a whole number as text: JSON numbers and floats lose digits above 2^53. */
export const Micros = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,18})$/)
  .brand<'Micros'>();
export type Micros = z.infer<typeof Micros>;

/** An amount as it is kept. Upstreams that count in micros send just that: `187654321` is 187.65 of the currency. */
export const Money = z.object({ micros: Micros, currency: Currency });
export type Money = z.infer<typeof Money>;

/** An amount as answers spell it, exact to the last digit. */
export const AmountAnswer = z.object({ amount: z.string(), currency: z.string() });
export type AmountAnswer = z.infer<typeof AmountAnswer>;

const MICRO_DIGITS = 6;
const MICRO = 10n ** BigInt(MICRO_DIGITS);
/** int64, as upstreams hold micros. */
const MOST = 2n ** 63n - 1n;

const moneyOf = (micros: bigint, currency: Currency, field: string): Money => {
  if (micros > MOST || micros < -MOST)
    throw new CountersignError('invalid_input', `${field}: the amount is larger than any that can be counted.`);
  return { micros: Micros.parse(String(micros)), currency };
};

/** @throws invalid_input for what is no whole number, or too large */
export const ofMicros = (micros: string | bigint, currency: string, field = 'amount'): Money => {
  if (typeof micros === 'string' && !/^-?\d{1,30}$/.test(micros))
    throw new CountersignError('invalid_input', `${field}: must be a whole number of micros such as 187654321.`);
  return moneyOf(BigInt(micros), currencyOf(currency), field);
};

/**
 * US dollars that something holds as a number, to the nearest micro. New code reads text: a number has lost digits already.
 * @returns undefined for more than a number holds exactly
 */
export const ofDollars = (value: number): Money | undefined => {
  const micros = Math.round(value * Number(MICRO));
  return Number.isSafeInteger(micros) ? moneyOf(BigInt(micros), currencyOf('USD'), 'amount') : undefined;
};

interface Reading {
  /** What the message names. Default: amount. */
  readonly field?: string;
  /** `minor`, the default: only what can be paid. `micros`: prices, which go below the minor unit. */
  readonly to?: 'minor' | 'micros';
}

const decimal = /^(-?)(\d{1,13})(?:[.](\d{1,30}))?$/;

/**
 * Reads an amount that somebody wrote: `8.2`, `-12.34`, `5000`.
 * @throws invalid_input for parts of the currency's minor unit (`12.345` EUR), for `1e21`, `1,000`, `$5`, words and blanks
 */
export const parseMoney = (text: string, code: string, { field = 'amount', to = 'minor' }: Reading = {}): Money => {
  const currency = currencyOf(code);
  const [, sign, whole, parts = ''] = decimal.exec(text) ?? [];
  if (whole === undefined)
    throw new CountersignError(
      'invalid_input',
      `${field}: must be a plain amount in ${currency} such as ${exampleOf(currency)}: digits and a point, no exponent, grouping or sign of the currency.`,
    );
  const digits = to === 'minor' ? minorDigits(currency) : MICRO_DIGITS;
  const significant = parts.replace(/0+$/, '');
  if (significant.length > digits)
    throw new CountersignError(
      'invalid_input',
      `${field}: amounts in ${currency} have ${digits === 0 ? 'no digits' : `at most ${digits} digits`} after the point.`,
    );
  const micros = BigInt(whole) * MICRO + BigInt(significant.padEnd(MICRO_DIGITS, '0'));
  return moneyOf(sign === '-' ? -micros : micros, currency, field);
};

const exampleOf = (currency: Currency): string => (minorDigits(currency) === 0 ? '5000' : '12.34');

const amountIn = ({ micros }: Money): bigint => BigInt(micros);

/** @throws Error for two currencies: whoever compares them has forgotten one */
const same = (one: Money, other: Money): Currency => {
  if (one.currency === other.currency) return one.currency;
  throw new Error(`${one.currency} and ${other.currency} are neither added nor compared`);
};

/** Negative, zero or positive, as sorting wants it. @throws Error for two currencies */
export const compareMoney = (one: Money, other: Money): number => {
  same(one, other);
  const difference = amountIn(one) - amountIn(other);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
};

/** @throws Error for two currencies */
export const add = (one: Money, other: Money): Money =>
  moneyOf(amountIn(one) + amountIn(other), same(one, other), 'amount');

/** @throws Error for two currencies */
export const subtract = (one: Money, other: Money): Money =>
  moneyOf(amountIn(one) - amountIn(other), same(one, other), 'amount');

/** `times` over `per`, to the nearest micro, halves away from zero: `scale(daily, 304n, 10n)` is 30.4 days of it. */
export const scale = (money: Money, times: bigint, per = 1n): Money => {
  const twice = 2n * amountIn(money) * times * (per < 0n ? -1n : 1n);
  const size = per < 0n ? -per : per;
  return moneyOf((twice + (twice < 0n ? -size : size)) / (2n * size), money.currency, 'amount');
};

/** Exact, with at least the digits of the minor unit: `150.00`, `5000`, `187.654321`. */
export const amountOf = (money: Money): string => {
  const micros = amountIn(money);
  const digits = String(micros < 0n ? -micros : micros).padStart(MICRO_DIGITS + 1, '0');
  const least = minorDigits(money.currency);
  const parts = digits.slice(-MICRO_DIGITS);
  const shown = parts.slice(0, least) + parts.slice(least).replace(/0+$/, '');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -MICRO_DIGITS)}${shown === '' ? '' : `.${shown}`}`;
};

export const amountAnswer = (money: Money): AmountAnswer => ({ amount: amountOf(money), currency: money.currency });

/** Ten thousand millionths of a percent: finer than any limit is written. */
const PERCENT_PARTS = 10n ** 10n;

/**
 * The change in percent of what was there before. What does not divide is rounded away from zero, so that it never
 * looks smaller than a limit it exceeds.
 * @returns null where there was nothing before, or less than nothing: no percentage says what happened
 */
export const percentOfChange = (before: Money, after: Money): number | null => {
  same(before, after);
  const [from, to] = [amountIn(before), amountIn(after)];
  if (from <= 0n) return null;
  const [sign, size] = to < from ? [-1, from - to] : [1, to - from];
  const parts = (size * 100n * PERCENT_PARTS + from - 1n) / from;
  return sign * (Number(parts) / Number(PERCENT_PARTS));
};

/** One amount per currency, in the order of their codes, none of them zero. What is in different currencies is never one sum. */
export const perCurrency = (amounts: readonly Money[]): Money[] => {
  const sums = new Map<Currency, Money>();
  for (const money of amounts) {
    const sum = sums.get(money.currency);
    sums.set(money.currency, sum === undefined ? money : add(sum, money));
  }
  const due = [...sums.values()].filter(({ micros }) => micros !== '0');
  return due.sort((one, other) => (one.currency < other.currency ? -1 : 1));
};

/** Whether it exceeds the limit in its own currency. Without a limit in that currency, every amount but zero does. */
export const exceeds = (amounts: readonly Money[], limits: readonly Money[]): boolean =>
  perCurrency(amounts).some((sum) => {
    const limit = limits.find(({ currency }) => currency === sum.currency);
    return limit === undefined ? amountIn(sum) > 0n : compareMoney(sum, limit) > 0;
  });
