/** The Chrome UX Report as the stand-in has it: one site that is fast on desktops, with a gap in its past. */
import { z } from 'zod';
import { type Area, refused, type StandInAnswer } from './stand-in.ts';

const Query = z.looseObject({
  origin: z.string().optional(),
  url: z.string().optional(),
  formFactor: z.enum(['PHONE', 'TABLET', 'DESKTOP']).optional(),
  collectionPeriodCount: z.int().min(1).max(40).default(25),
});
type Query = z.infer<typeof Query>;

/** p75 of all devices, and the shares of good, middling and poor visits. */
const figures = {
  largest_contentful_paint: { p75: 2500, shares: [0.75, 0.17, 0.08] },
  interaction_to_next_paint: { p75: 501, shares: [0.4, 0.34, 0.26] },
  cumulative_layout_shift: { p75: 0.11, shares: [0.71, 0.19, 0.1] },
  first_contentful_paint: { p75: 1810, shares: [0.74, 0.2, 0.06] },
  experimental_time_to_first_byte: { p75: 620, shares: [0.82, 0.14, 0.04] },
} as const;

/** Phones are slower. Too few people come with tablets. */
const factors = { PHONE: 1.2, DESKTOP: 0.6, TABLET: undefined } as const;
const SITE = 'https://www.example.com';
const pages: ReadonlySet<string> = new Set([`${SITE}/`, `${SITE}/running-shoes/0`]);

const DAY = 86_400_000;
const dateOf = (time: number) => {
  const date = new Date(time);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
};
/** Ends `weeks` before the last one, two days ago. */
const periodOf = (now: Date, weeks: number) => {
  const last = now.getTime() - (2 + 7 * weeks) * DAY;
  return { firstDate: dateOf(last - 27 * DAY), lastDate: dateOf(last) };
};

const p75Of = (metric: string, p75: number): number | string =>
  metric === 'cumulative_layout_shift' ? p75.toFixed(2) : Math.round(p75);

/** Layout shifts go by the hundredth. The fifth week from the end has no data, the sixth no layout shifts. */
const pastOf = (metric: string, p75: number, weeksAgo: number): number | string | null => {
  if (weeksAgo === 4) return null;
  if (weeksAgo === 5 && metric === 'cumulative_layout_shift') return 'NaN';
  return p75Of(metric, p75 * (1 + weeksAgo / 50));
};

const recordOf = (factor: number, now: Date) => ({
  metrics: Object.fromEntries(
    Object.entries(figures).map(([metric, { p75, shares }]) => [
      metric,
      {
        histogram: shares.map((density) => ({ density })),
        percentiles: { p75: p75Of(metric, p75 * factor) },
      },
    ]),
  ),
  collectionPeriod: periodOf(now, 0),
});

const historyOf = (factor: number, count: number, now: Date) => {
  const weeks = Array.from({ length: count }, (_, place) => count - 1 - place);
  return {
    metrics: Object.fromEntries(
      Object.entries(figures).map(([metric, { p75 }]) => [
        metric,
        { percentilesTimeseries: { p75s: weeks.map((ago) => pastOf(metric, p75 * factor, ago)) } },
      ]),
    ),
    collectionPeriods: weeks.map((ago) => periodOf(now, ago)),
  };
};

const noData = refused(404, 'NOT_FOUND', 'chrome ux report data not found');
const noKey = refused(403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers.", 'forbidden');

const answerTo = (query: Query, past: boolean, now: Date): StandInAnswer => {
  const { origin, url, formFactor, collectionPeriodCount } = query;
  if ((origin === undefined) === (url === undefined)) return refused(400, 'INVALID_ARGUMENT', 'Give origin or url.');
  const normalized = url?.replace(/[?#].*$/, '');
  const factor = formFactor === undefined ? 1 : factors[formFactor];
  const known = normalized === undefined ? origin === SITE : pages.has(normalized);
  if (!known || factor === undefined) return noData;
  const record = past ? historyOf(factor, collectionPeriodCount, now) : recordOf(factor, now);
  const key = { ...(origin ? { origin } : { url: normalized }), ...(formFactor && { formFactor }) };
  const details =
    normalized === url ? {} : { urlNormalizationDetails: { originalUrl: url, normalizedUrl: normalized } };
  return { body: { record: { key, ...record }, ...details } };
};

export const cruxArea =
  (): Area =>
  ({ method, path, query, body, now }) => {
    const [, asks] = /^\/v1\/records:(queryRecord|queryHistoryRecord)$/.exec(path) ?? [];
    if (asks === undefined || method !== 'POST') return undefined;
    if (!query.get('key')) return noKey;
    const parsed = Query.safeParse(body);
    if (!parsed.success) return refused(400, 'INVALID_ARGUMENT', 'Invalid query.');
    return answerTo(parsed.data, asks === 'queryHistoryRecord', now);
  };
