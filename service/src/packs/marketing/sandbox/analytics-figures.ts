/** Visits of a made-up site, as reports of Google Analytics count them. The same numbers each time. */
import { z } from 'zod';

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
const Names = z
  .array(z.object({ name: z.string() }))
  .default([])
  .transform(names);
const Count = z.union([z.string().regex(/^\d+$/), z.int().min(0)]).transform(Number);

export const ReportRequest = z.looseObject({
  dateRanges: z
    .array(z.object({ startDate: z.string(), endDate: z.string() }))
    .max(4)
    .default([]),
  dimensions: Names,
  metrics: Names,
  limit: Count.default(10_000),
  offset: Count.default(0),
  metricAggregations: z.array(z.string()).default([]),
  orderBys: z
    .array(
      z.looseObject({
        metric: z.object({ metricName: z.string() }).optional(),
        dimension: z.object({ dimensionName: z.string() }).optional(),
        desc: z.boolean().default(false),
      }),
    )
    .default([]),
  returnPropertyQuota: z.boolean().default(false),
});
export type ReportRequest = z.infer<typeof ReportRequest>;

/** How a day's users become a metric. Users of two rows may be one person, so their total is less than the sum. */
const metrics: Readonly<Record<string, { readonly type: string; readonly of: (users: number) => string }>> = {
  activeUsers: { type: 'TYPE_INTEGER', of: (users) => String(users) },
  sessions: { type: 'TYPE_INTEGER', of: (users) => String(Math.round(users * 1.3)) },
  screenPageViews: { type: 'TYPE_INTEGER', of: (users) => String(users * 4) },
  eventCount: { type: 'TYPE_INTEGER', of: (users) => String(users * 12) },
  keyEvents: { type: 'TYPE_FLOAT', of: (users) => String(Math.floor(users / 20)) },
  totalRevenue: { type: 'TYPE_CURRENCY', of: (users) => (users * 3.17).toFixed(2) },
  averageSessionDuration: { type: 'TYPE_SECONDS', of: () => '85.5' },
};

export interface Visit
  extends Readonly<Record<'country' | 'deviceCategory' | 'pagePath' | 'sessionSource' | 'eventName', string>> {
  readonly users: number;
}
const dimensions: ReadonlySet<string> = new Set([
  'country',
  'deviceCategory',
  'pagePath',
  'sessionSource',
  'eventName',
  'date',
]);
const isOfVisit = (name: string): name is Exclude<keyof Visit, 'users'> => name !== 'date' && dimensions.has(name);

const pick = (list: readonly string[], place: number): string => list[place % list.length] ?? '';
export const visitsTo = (pages: number): readonly Visit[] =>
  Array.from({ length: pages }, (_, place) => ({
    country: pick(['Germany', 'United States', 'Japan', 'France'], Math.floor(place / 2)),
    deviceCategory: pick(['mobile', 'desktop', 'tablet'], place),
    pagePath: `/page-${place}`,
    sessionSource: pick(['google', '(direct)', 'newsletter'], place),
    eventName: pick(['page_view', 'purchase'], place),
    users: 1 + Math.floor(3000 / (place + 3)),
  }));

const DAY = 86_400_000;
/** @returns undefined for what is no date of the API */
const timeOf = (text: string, now: Date): number | undefined => {
  const today = Date.parse(now.toISOString().slice(0, 10));
  const [, days] = /^(\d+)daysAgo$/.exec(text) ?? [];
  if (text === 'today') return today;
  if (text === 'yesterday') return today - DAY;
  if (days !== undefined) return today - Number(days) * DAY;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

/** Days until today, as YYYYMMDD. */
const daysOf = ({ dateRanges: [range] }: ReportRequest, now: Date): string[] | undefined => {
  const [start, end] = [timeOf(range?.startDate ?? '', now), timeOf(range?.endDate ?? '', now)];
  if (start === undefined || end === undefined || end < start) return undefined;
  const days: string[] = [];
  for (let time = start; time <= Math.min(end, now.getTime()); time += DAY)
    days.push(new Date(time).toISOString().slice(0, 10).replaceAll('-', ''));
  return days;
};

/** @returns what is wrong with it */
export const faultIn = (request: ReportRequest, now: Date): string | undefined => {
  const wrong = request.dimensions.find((name) => !dimensions.has(name));
  if (wrong !== undefined) return `Field ${wrong} is not a valid dimension.`;
  const unknown = request.metrics.find((name) => metrics[name] === undefined);
  if (unknown !== undefined) return `Field ${unknown} is not a valid metric.`;
  if (request.metrics.length === 0 && request.dimensions.length === 0) return 'At least one metric is needed.';
  return request.dateRanges.length > 0 && daysOf(request, now) === undefined ? 'Invalid date range.' : undefined;
};

interface Group {
  readonly values: readonly string[];
  users: number;
}

const grouped = (visits: readonly Visit[], request: ReportRequest, days: readonly string[]): Group[] => {
  const groups = new Map<string, Group>();
  const times = request.dimensions.includes('date')
    ? days.map((day) => ({ day, days: 1 }))
    : [{ day: '', days: days.length }];
  for (const time of times)
    for (const visit of visits) {
      const values = request.dimensions.map((name) => (isOfVisit(name) ? visit[name] : time.day));
      const key = values.join('\n');
      const group = groups.get(key) ?? { values, users: 0 };
      group.users += visit.users * time.days;
      groups.set(key, group);
    }
  return days.length === 0 ? [] : [...groups.values()];
};

const ordered = (groups: readonly Group[], { dimensions: asked, orderBys: [by] }: ReportRequest): Group[] => {
  if (by?.dimension === undefined) return groups.toSorted((one, two) => two.users - one.users);
  const place = asked.indexOf(by.dimension.dimensionName);
  return groups.toSorted((one, two) => (one.values[place] ?? '').localeCompare(two.values[place] ?? ''));
};

const valued = (values: readonly string[]) => values.map((value) => ({ value }));

/** Headers, the asked page of rows as text, how many there are, and the totals over all. */
export const reportOn = (visits: readonly Visit[], request: ReportRequest, now: Date) => {
  const days = request.dateRanges.length === 0 ? ['now'] : (daysOf(request, now) ?? []);
  const groups = ordered(grouped(visits, request, days), request);
  const metricsOf = (users: number) => valued(request.metrics.map((name) => metrics[name]?.of(users) ?? ''));
  const rows = groups.slice(request.offset, request.offset + request.limit).map(({ values, users }) => ({
    ...(values.length > 0 && { dimensionValues: valued(values) }),
    metricValues: metricsOf(users),
  }));
  const people = Math.round(groups.reduce((sum, { users }) => sum + users, 0) * 0.8);
  const total = request.metricAggregations.includes('TOTAL') && groups.length > 0;
  return {
    ...(request.dimensions.length > 0 && { dimensionHeaders: request.dimensions.map((name) => ({ name })) }),
    metricHeaders: request.metrics.map((name) => ({ name, type: metrics[name]?.type })),
    ...(rows.length > 0 && { rows }),
    ...(groups.length > 0 && { rowCount: groups.length }),
    ...(total && { totals: [{ metricValues: metricsOf(groups.length === 1 ? (groups[0]?.users ?? 0) : people) }] }),
  };
};
