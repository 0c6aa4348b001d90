/** Search traffic of a made-up site: who searched for what, from where, and on which day. The same numbers each time. */
import { RE2JS } from 're2js';
import { z } from 'zod';

export interface Traffic {
  readonly query: string;
  readonly page: string;
  readonly country: string;
  readonly device: string;
  readonly searchAppearance: string;
  /** A day. */
  readonly clicks: number;
  readonly impressions: number;
  readonly position: number;
}

const countries = ['usa', 'deu', 'gbr', 'fra', 'jpn'] as const;
const devices = ['MOBILE', 'DESKTOP', 'TABLET'] as const;
const appearances = ['REVIEW_SNIPPET', 'VIDEO', 'TRANSLATED_RESULT'] as const;
const products = ['running shoes', 'trail shoes', 'rain jacket', 'wool socks', 'head lamp'] as const;
const at = <T>(list: readonly [T, ...T[]], place: number): T => list[place % list.length] ?? list[0];

/** One combination, the most clicked first. */
const trafficOf = (root: string, place: number): Traffic => {
  const product = at(products, place);
  return {
    query: place < products.length ? product : `${product} ${Math.floor(place / products.length)}`,
    page: `${root}${product.replaceAll(' ', '-')}/${Math.floor(place / 10)}`,
    country: at(countries, Math.floor(place / 3)),
    device: at(devices, place),
    searchAppearance: at(appearances, place),
    clicks: Math.floor(2000 / (place + 4)),
    impressions: Math.floor(30_000 / (place + 4)) + 1,
    position: 1 + (place % 40) / 4,
  };
};

export const trafficTo = (root: string, size: number): readonly Traffic[] =>
  Array.from({ length: size }, (_, place) => trafficOf(root, place));

/** Google matches with RE2, which takes time in proportion to the text whatever the expression. */
const matching = (expression: string) => {
  const compiled = RE2JS.compile(expression);
  return (value: string): boolean => compiled.matcher(value).find();
};

const isExpression = (text: string): boolean => {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
};

const Filter = z
  .object({
    dimension: z.enum(['query', 'page', 'country', 'device', 'searchAppearance']),
    operator: z
      .enum(['equals', 'notEquals', 'contains', 'notContains', 'includingRegex', 'excludingRegex'])
      .default('equals'),
    expression: z.string(),
  })
  .refine(({ operator, expression }) => !operator.endsWith('Regex') || isExpression(expression), {
    path: ['expression'],
  });
type Filter = z.infer<typeof Filter>;

export const TrafficQuery = z.looseObject({
  startDate: z.iso.date(),
  endDate: z.iso.date(),
  dimensions: z.array(z.enum(['query', 'page', 'country', 'device', 'searchAppearance', 'date', 'hour'])).default([]),
  type: z.string().default('web'),
  dataState: z.enum(['final', 'all', 'hourly_all']).default('final'),
  rowLimit: z.int().min(1).max(25_000).default(1000),
  startRow: z.int().min(0).default(0),
  dimensionFilterGroups: z.array(z.looseObject({ filters: z.array(Filter) })).default([]),
});
export type TrafficQuery = z.infer<typeof TrafficQuery>;

const lower = (text: string): string => text.toLowerCase();
type Holds = (value: string) => boolean;
/** Each makes of an expression, once for all rows, what tells whether a value is let through. */
const operators: Readonly<Record<Filter['operator'], (expression: string) => Holds>> = {
  equals: (expression) => (value) => lower(value) === lower(expression),
  notEquals: (expression) => (value) => lower(value) !== lower(expression),
  contains: (expression) => (value) => lower(value).includes(lower(expression)),
  notContains: (expression) => (value) => !lower(value).includes(lower(expression)),
  includingRegex: (expression) => matching(expression),
  excludingRegex: (expression) => {
    const matches = matching(expression);
    return (value) => !matches(value);
  },
};

const DAY = 86_400_000;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Days with data: final figures are there after three days, fresh ones at once. */
const daysOf = ({ startDate, endDate, dataState }: TrafficQuery, now: Date): string[] => {
  const last = Math.min(Date.parse(endDate), now.getTime() - (dataState === 'final' ? 3 * DAY : 0));
  const days: string[] = [];
  for (let time = Date.parse(startDate); time <= last; time += DAY) days.push(dayOf(time));
  return days;
};

/** When a row is of: of each day, of each hour, or of all days together. */
const timesOf = (query: TrafficQuery, days: readonly string[]): readonly { key: string; days: number }[] => {
  if (query.dimensions.includes('date')) return days.map((key) => ({ key, days: 1 }));
  if (!query.dimensions.includes('hour')) return days.length === 0 ? [] : [{ key: '', days: days.length }];
  const hours = Array.from({ length: 24 }, (_, hour) => `T${String(hour).padStart(2, '0')}:00:00-08:00`);
  return days.flatMap((day) => hours.map((hour) => ({ key: `${day}${hour}`, days: 1 / 24 })));
};

interface Sum {
  readonly keys: readonly string[];
  clicks: number;
  impressions: number;
  positions: number;
}

/** Rows grouped by the dimensions: by clicks, the most first, or by time where time is one of them. */
export const trafficRows = (traffic: readonly Traffic[], query: TrafficQuery, now: Date) => {
  const filters = query.dimensionFilterGroups
    .flatMap((group) => group.filters)
    .map(({ dimension, operator, expression }) => ({ dimension, holds: operators[operator](expression) }));
  const taken = traffic.filter((each) => filters.every(({ dimension, holds }) => holds(each[dimension])));
  const times = timesOf(query, daysOf(query, now));
  const sums = new Map<string, Sum>();
  for (const time of times)
    for (const each of taken) {
      const keys = query.dimensions.map((name) => (name === 'date' || name === 'hour' ? time.key : each[name]));
      const key = keys.join('\n');
      const sum = sums.get(key) ?? { keys, clicks: 0, impressions: 0, positions: 0 };
      sum.clicks += each.clicks * time.days;
      sum.impressions += each.impressions * time.days;
      sum.positions += each.position * each.impressions * time.days;
      sums.set(key, sum);
    }
  const ranked = query.type !== 'discover' && query.type !== 'googleNews';
  const rows = [...sums.values()].map(({ keys, positions, ...exact }) => {
    const [clicks, impressions] = [Math.round(exact.clicks), Math.max(1, Math.round(exact.impressions))];
    const position = positions / exact.impressions;
    return {
      ...(keys.length > 0 && { keys }),
      clicks,
      impressions,
      ctr: clicks / impressions,
      ...(ranked && { position }),
    };
  });
  const byTime = query.dimensions.some((name) => name === 'date' || name === 'hour');
  return byTime ? rows : rows.sort((one, other) => other.clicks - one.clicks);
};
