/**
 * Numbers as people read them, the same on pages, in tools' answers and in mails. English wherever the service runs,
 * and never rounded into something better than it is.
 */
import { minorDigits } from './currency.ts';
import { amountOf, type Money, perCurrency } from './money.ts';

const whole = new Intl.NumberFormat('en-US');
const toTenths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** Digits after the point of what is less than the smallest coin. */
const MICRO_DIGITS = 6;

export const count = (value: number): string => whole.format(value);
/** `1 resource`, `2 resources`. */
export const plural = (amount: number, noun: string, many = `${noun}s`): string =>
  `${whole.format(amount)} ${amount === 1 ? noun : many}`;

/** Percent to a tenth. Only what is complete reads 100.0%, and only nothing reads 0.0%. */
export const percentNumber = (value: number): string => {
  const size = Math.abs(value);
  const rounded = Math.round(size * 10) / 10;
  const sign = value < 0 ? '−' : '';
  if (rounded === 100 && size < 100) return `${sign}99.9%`;
  if (rounded === 0 && size > 0) return `${sign}0.1%`;
  return `${sign}${toTenths.format(rounded)}%`;
};

/** A ratio as a percentage: see `percentNumber`. */
export const percent = (ratio: number): string => percentNumber(ratio * 100);

const formats = new Map<string, Intl.NumberFormat>();
const formatOf = (currency: string, digits: number, most: number): Intl.NumberFormat => {
  const key = `${currency} ${digits} ${most}`;
  const found = formats.get(key);
  if (found) return found;
  const made = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: most,
  });
  formats.set(key, made);
  return made;
};

/** `€12.34`, `¥5,000`, `KWD 12.345`, `−$3.50`. Parts of the smallest coin are rounded; an amount less than one is not. */
export const moneyWords = (money: Money): string => {
  const digits = minorDigits(money.currency);
  const exact = amountOf(money);
  // As text: the formatter reads decimal text exactly, and a number of this size may not be.
  const shown = (most: number) => formatOf(money.currency, digits, most).format(exact as Intl.StringNumericLiteral);
  const rounded = shown(digits);
  const words = /[1-9]/.test(rounded) || !/[1-9]/.test(exact) ? rounded : shown(MICRO_DIGITS);
  return words.replace('-', '−');
};

/** `€1.20 and $0.03`; nothing at all is free of charge. */
export const chargesWords = (charges: readonly Money[]): string => {
  const due = perCurrency(charges);
  return due.length === 0 ? 'free of charge' : due.map(moneyWords).join(' and ');
};

const durations = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `2 hours 30 minutes`, `1 day 5 seconds`, to the second; what is less reads `less than a second`. */
export const durationWords = (seconds: number): string => {
  const size = Math.abs(seconds);
  if (size > 0 && size < 1) return 'less than a second';
  const parts: string[] = [];
  let rest = Math.round(size);
  for (const [unit, length] of durations) {
    const amount = Math.floor(rest / length);
    if (amount > 0) parts.push(plural(amount, unit));
    rest -= amount * length;
  }
  return `${seconds < 0 ? '−' : ''}${parts.length === 0 ? '0 seconds' : parts.join(' ')}`;
};
