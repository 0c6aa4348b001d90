/** Lines of impact as pages, answers and mails tell them: the words are the same wherever they are read. */
import { z } from 'zod';
import { currencyOf } from './currency.ts';
import type { Amount, Dollars, Figure, Impact } from './impact.ts';
import { amountOf, type Micros, type Money, ofDollars, percentOfChange, subtract } from './money.ts';
import { count, durationWords, moneyWords, percent, percentNumber, plural } from './words.ts';

/** A line as it is told. */
export interface ToldImpact {
  readonly label: string;
  /** `ratio`, `percent`, `count`, `days`, `seconds`, or the currency: `EUR`, `EUR/day`, `EUR/month`. */
  readonly unit: string;
  /** Numbers; amounts of money as exact decimal text. Null: not known. */
  readonly before: number | string | null;
  readonly after: number | string | null;
  /** Percent of `before`; null where that is not known, nothing or less, and for what is a percentage itself. */
  readonly percentChange: number | null;
  readonly words: {
    readonly before: string;
    readonly after: string;
    /** `+€50.00`, `−3.8 points`, `no change`; undefined where one of both is not known. */
    readonly change: string | undefined;
    /** `+50.0%`; undefined where there is no such number. */
    readonly percentChange: string | undefined;
    /** `per day`; undefined where it is not about a time. */
    readonly per: string | undefined;
  };
  readonly asOf: string | undefined;
}

const UNKNOWN = 'no data';

const signed = (change: number, size: string): string =>
  change === 0 ? 'no change' : `${change > 0 ? '+' : '−'}${size}`;

/** A change of nothing is told as such already. */
const percentWords = (change: number | null): string | undefined =>
  change === null || change === 0 ? undefined : `${change > 0 ? '+' : ''}${percentNumber(change)}`;

const points = (value: number): string => `${value.toFixed(1)} points`;

interface FigureWords {
  readonly value: (value: number) => string;
  readonly change: (size: number) => string;
  /** Whether a percentage of it says something: of percentages it misleads. */
  readonly hasPercent: boolean;
}
const days = (value: number): string => plural(value, 'day');
const figureWords: Readonly<Record<Figure['unit'], FigureWords>> = {
  ratio: { value: percent, change: (size) => points(size * 100), hasPercent: false },
  percent: { value: percentNumber, change: points, hasPercent: false },
  count: { value: count, change: count, hasPercent: true },
  days: { value: days, change: days, hasPercent: true },
  seconds: { value: durationWords, change: durationWords, hasPercent: true },
};

const tellFigure = ({ label, unit, before, after, asOf }: Figure): ToldImpact => {
  const words = figureWords[unit];
  const known = before !== null && after !== null;
  const percentChange = known && words.hasPercent && before > 0 ? ((after - before) * 100) / before : null;
  return {
    label,
    unit,
    before,
    after,
    percentChange,
    words: {
      before: before === null ? UNKNOWN : words.value(before),
      after: after === null ? UNKNOWN : words.value(after),
      change: known ? signed(after - before, words.change(Math.abs(after - before))) : undefined,
      percentChange: percentWords(percentChange),
      per: undefined,
    },
    asOf,
  };
};

const tellAmount = ({ label, currency, per, before, after, asOf }: Amount): ToldImpact => {
  const [from, to] = [before, after].map((micros) => (micros === null ? null : { micros, currency }));
  const known = from && to ? { from, to } : undefined;
  const percentChange = known ? percentOfChange(known.from, known.to) : null;
  const difference = known && subtract(known.to, known.from);
  return {
    label,
    unit: per === undefined ? currency : `${currency}/${per}`,
    before: from ? amountOf(from) : null,
    after: to ? amountOf(to) : null,
    percentChange,
    words: {
      before: from ? moneyWords(from) : UNKNOWN,
      after: to ? moneyWords(to) : UNKNOWN,
      change: difference && changeWords(difference),
      percentChange: percentWords(percentChange),
      per: per === undefined ? undefined : `per ${per}`,
    },
    asOf,
  };
};

const changeWords = (difference: Money): string => {
  const words = moneyWords(difference);
  if (difference.micros === '0') return 'no change';
  return words.startsWith('−') ? words : `+${words}`;
};

/** What was written as a number of dollars. Null for more than can be counted exactly. */
const fromDollars = (value: number | null): Micros | null =>
  (value === null ? undefined : ofDollars(value))?.micros ?? null;

const asMoney = ({ unit, before, after, ...rest }: Dollars): Amount => ({
  ...rest,
  unit: 'money',
  currency: currencyOf('USD'),
  ...(unit === 'USD/month' ? { per: 'month' as const } : {}),
  before: fromDollars(before),
  after: fromDollars(after),
});

export const tellImpact = (impact: Impact): ToldImpact => {
  switch (impact.unit) {
    case 'money':
      return tellAmount(impact);
    case 'USD':
    case 'USD/month':
      return tellAmount(asMoney(impact));
    default:
      return tellFigure(impact);
  }
};

/** The line in one sentence: `Daily budget: €100.00 → €150.00 per day (+€50.00, +50.0%)`. */
export const impactSentence = ({ label, words }: ToldImpact): string => {
  const per = words.per === undefined ? '' : ` ${words.per}`;
  const change = [words.change, words.percentChange].filter((part) => part !== undefined);
  return `${label}: ${words.before} → ${words.after}${per}${change.length === 0 ? '' : ` (${change.join(', ')})`}`;
};

/** A line as tools answer it: see `ToldImpact`. The words explain it to a model, so descriptions would only cost tokens. */
export const ImpactAnswer = z.object({
  label: z.string(),
  unit: z.string(),
  before: z.union([z.number(), z.string()]).nullable(),
  after: z.union([z.number(), z.string()]).nullable(),
  percent_change: z.number().nullable(),
  in_words: z.string(),
  /** When `before` was read; null: when this was planned. */
  as_of: z.string().nullable(),
});
export type ImpactAnswer = z.infer<typeof ImpactAnswer>;

/** @param plannedAt when the plan was made, where that is known */
export const impactAnswer = (impact: Impact, plannedAt?: string): ImpactAnswer => {
  const told = tellImpact(impact);
  const { label, unit, before, after, percentChange, asOf = plannedAt ?? null } = told;
  return { label, unit, before, after, percent_change: percentChange, in_words: impactSentence(told), as_of: asOf };
};
