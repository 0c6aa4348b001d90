/** What a change affects: one measure a line, with its value now and after. */
import { z } from 'zod';
import { Currency, currencyOf } from './currency.ts';
import { Micros, type Money } from './money.ts';

const line = {
  label: z.string(),
  /** When what `before` rests on was read. Absent: when the plan was made. */
  asOf: z.iso.datetime().optional(),
};
const figure = z.number().nullable();

/** `ratio`: 0 to 1. `percent`: 43 is 43 %. `days` and `seconds`: how long. */
const Figure = z.object({
  ...line,
  unit: z.enum(['ratio', 'percent', 'count', 'days', 'seconds']),
  before: figure,
  after: figure,
});
export type Figure = z.infer<typeof Figure>;

const Amount = z.object({
  ...line,
  unit: z.literal('money'),
  /** Of both amounts: from one currency to another there is no difference. */
  currency: Currency,
  /** Absent: once. */
  per: z.enum(['day', 'month']).optional(),
  before: Micros.nullable(),
  after: Micros.nullable(),
});
export type Amount = z.infer<typeof Amount>;

/** US dollars as the release before this one wrote and still reads them: docs/adr/0040-exact-money.md. */
const Dollars = z.object({ ...line, unit: z.enum(['USD', 'USD/month']), before: figure, after: figure });
export type Dollars = z.infer<typeof Dollars>;

/** One line of what a change affects. Null: not known. */
export const Impact = z.discriminatedUnion('unit', [Figure, Amount, Dollars]);
export type Impact = z.infer<typeof Impact>;

interface MoneyLine {
  readonly label: string;
  readonly currency: string;
  readonly per?: 'day' | 'month';
  readonly before: Money | null;
  readonly after: Money | null;
  readonly asOf?: string;
}

/**
 * A line about money, in any currency. A plan may have lines in several; nothing adds them up.
 * @throws Error when an amount is not in the line's currency
 * @example moneyLine({ label: 'Daily budget', currency: 'EUR', per: 'day', before: parseMoney('100', 'EUR'), after })
 */
export const moneyLine = ({ currency: code, before, after, ...rest }: MoneyLine): Impact => {
  const currency = currencyOf(code);
  const micros = (money: Money | null): Micros | null => {
    if (money === null) return null;
    if (money.currency !== currency) throw new Error(`${rest.label}: ${money.currency} in a line of ${currency}`);
    return money.micros;
  };
  return { ...rest, unit: 'money', currency, before: micros(before), after: micros(after) };
};

/** The line of the change that takes it back. What it rests on is read anew, so `asOf` goes. */
export const turnedRound = <Line extends Impact>(line: Line): Line => {
  const turned = { ...line, before: line.after, after: line.before };
  delete turned.asOf;
  return turned;
};
