/** Answers googleAds:search. */
import { createHash } from 'node:crypto';
import { dayIn, daysBetween, daysFrom } from './clock.ts';
import { camel, fieldTypes } from './fields.ts';
import { metricsFrom, sumOf } from './figures.ts';
import { type Condition, type ParsedQuery, parseGaql } from './gaql.ts';
import { AdsRefusal, adsError } from './refusals.ts';
import { type AdsRow, type FoundRow, rowsOf } from './rows.ts';
import type { AdsState, Customer, Json } from './state.ts';

/** Fixed: https://developers.google.com/google-ads/api/docs/reporting/paging */
const PAGE = 10_000;
/** Days of figures that are asked for without a condition on the day. */
const DAYS = 90;

export interface SearchRequest {
  readonly query?: unknown;
  readonly pageToken?: unknown;
  readonly pageSize?: unknown;
}

const refuse = (family: string, value: string, message: string): never => {
  throw new AdsRefusal('INVALID_ARGUMENT', adsError(family, value, message));
};

const paths = new Map([...fieldTypes.keys()].map((field) => [field, field.split('.').map(camel)]));
const pathOf = (field: string): readonly string[] => paths.get(field) ?? field.split('.').map(camel);

const valueIn = (row: AdsRow, field: string): Json | undefined => {
  let value: Json | undefined = row;
  for (const part of pathOf(field)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = value[part];
  }
  return value;
};

/** Negative, zero or positive. What is not set comes first. */
const compare = (field: string, one: Json | undefined, other: Json | undefined): number => {
  if (fieldTypes.get(field) === 'number') {
    const difference = Number(one ?? 0) - Number(other ?? 0);
    return difference < 0 ? -1 : difference > 0 ? 1 : 0;
  }
  const [a, b] = [String(one ?? ''), String(other ?? '')];
  return a < b ? -1 : a > b ? 1 : 0;
};

const likeOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*')}$`, 'is');

type Judge = (order: (at: number) => number, value: string, values: readonly string[]) => boolean;
const judges: Readonly<Record<Condition['operator'], Judge>> = {
  '=': (order) => order(0) === 0,
  '!=': (order) => order(0) !== 0,
  '<': (order) => order(0) < 0,
  '<=': (order) => order(0) <= 0,
  '>': (order) => order(0) > 0,
  '>=': (order) => order(0) >= 0,
  IN: (order, _, values) => values.some((_value, at) => order(at) === 0),
  'NOT IN': (order, _, values) => values.every((_value, at) => order(at) !== 0),
  LIKE: (_order, value, [pattern = '']) => likeOf(pattern).test(value),
  BETWEEN: (order) => order(0) >= 0 && order(1) <= 0,
  DURING: () => false,
};

const holds = (row: AdsRow, { field, operator, values }: Condition): boolean => {
  const value = valueIn(row, field);
  const ofType = (text: string | undefined): Json | undefined =>
    fieldTypes.get(field) === 'bool' ? text?.toLowerCase() : text;
  return judges[operator]((at) => compare(field, value, ofType(values[at])), String(value ?? ''), values);
};

/** The complete days of `LAST_30_DAYS` and its like. */
const during = ({ values: [range = ''], ...condition }: Condition, today: string): Condition => {
  const [, days] = /^LAST_(7|14|30)_DAYS$/.exec(range) ?? [];
  const [from, to] =
    days !== undefined
      ? [daysFrom(today, -Number(days)), daysFrom(today, -1)]
      : range === 'TODAY'
        ? [today, today]
        : range === 'YESTERDAY'
          ? [daysFrom(today, -1), daysFrom(today, -1)]
          : refuse('queryError', 'INVALID_VALUE_WITH_DURING_OPERATOR', `Invalid date literal supplied: ${range}.`);
  return { ...condition, operator: 'BETWEEN', values: [from, to] };
};

/** One row per day where the day is selected, without those on which nothing was; otherwise the sum of the days. */
const measured = (state: AdsState, { row, figuresOf }: FoundRow, days: readonly string[], byDay: boolean): AdsRow[] => {
  const on = (date: string) => figuresOf.flatMap((name) => state.world.figures?.(name, date) ?? []);
  if (!byDay) return [{ ...row, metrics: metricsFrom(sumOf(days.flatMap(on))) }];
  return days.flatMap((date) => {
    const found = on(date);
    return found.length === 0 ? [] : [{ ...row, segments: { date }, metrics: metricsFrom(sumOf(found)) }];
  });
};

const fieldsOf = ({ select, where, orderBy }: ParsedQuery): string[] => [
  ...select,
  ...[...where, ...orderBy].map(({ field }) => field),
];

const withFigures = (state: AdsState, query: ParsedQuery, today: string, found: FoundRow[]): AdsRow[] => {
  if (!fieldsOf(query).some((field) => field.startsWith('metrics.') || field === 'segments.date'))
    return found.map(({ row }) => row);
  const onDays = query.where.filter(({ field }) => field === 'segments.date');
  const days = daysBetween(daysFrom(today, -DAYS), today).filter((date) =>
    onDays.every((condition) => holds({ segments: { date } }, condition)),
  );
  const byDay = query.select.includes('segments.date');
  return found.flatMap((each) => measured(state, each, days, byDay));
};

const ofChangeEvents = ({ where, limit }: ParsedQuery, today: string): void => {
  if (limit === undefined) refuse('changeEventError', 'LIMIT_NOT_SPECIFIED', 'The LIMIT is not specified.');
  if (limit !== undefined && limit > PAGE)
    refuse('changeEventError', 'INVALID_LIMIT_CLAUSE', 'The LIMIT should be less than or equal to 10K.');
  const dated = where.filter(({ field }) => field === 'change_event.change_date_time');
  const from = dated.find(({ operator }) => ['>', '>=', 'BETWEEN'].includes(operator))?.values[0];
  const until = dated.some(({ operator }) => ['<', '<=', 'BETWEEN'].includes(operator));
  if (from === undefined || !until)
    refuse('changeEventError', 'CHANGE_DATE_RANGE_INFINITE', 'A finite range of change_date_time is needed.');
  if ((from ?? '').slice(0, 10) < daysFrom(today, -30))
    refuse('changeEventError', 'START_DATE_TOO_OLD', 'The requested start date is older than 30 days.');
};

const sorted = (rows: AdsRow[], { orderBy }: ParsedQuery): AdsRow[] =>
  rows
    .map((row) => ({ row, keys: orderBy.map(({ field }) => valueIn(row, field)) }))
    .sort((one, other) => {
      for (const [at, { field, descending }] of orderBy.entries()) {
        const order = compare(field, one.keys[at], other.keys[at]);
        if (order !== 0) return descending ? -order : order;
      }
      return 0;
    })
    .map(({ row }) => row);

/** All rows of a query, whole. */
const find = (state: AdsState, customer: Customer, parsed: ParsedQuery, now: Date): AdsRow[] => {
  const today = dayIn(customer.timeZone, now);
  const where = parsed.where.map((each) => (each.operator === 'DURING' ? during(each, today) : each));
  const query = { ...parsed, where };
  if (query.from === 'change_event') ofChangeEvents(query, today);
  const own = where.filter(({ field }) => field !== 'segments.date' && !field.startsWith('metrics.'));
  const found = rowsOf(state, customer, query.from).filter(({ row }) => own.every((each) => holds(row, each)));
  const figured = where.filter(({ field }) => field.startsWith('metrics.'));
  const rows = withFigures(state, query, today, found).filter((row) => figured.every((each) => holds(row, each)));
  return sorted(rows, query).slice(0, query.limit);
};

const put = (target: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: Json): void => {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = target[first];
  const next: Record<string, unknown> = typeof inner === 'object' && inner !== null ? Object(inner) : {};
  target[first] = next;
  put(next, rest, value);
};

/** Only what was selected, and names of the resources that it is of. Fields that are not set are left out. */
const selected = (row: AdsRow, { select, from }: ParsedQuery): unknown => {
  const answer: Record<string, unknown> = {};
  const owners = [from, ...select.map((field) => field.split('.')[0] ?? '')];
  const names = [...new Set(owners)].map((owner) => `${owner}.resource_name`);
  for (const field of [...names, ...select]) {
    const value = valueIn(row, field);
    if (value !== undefined) put(answer, pathOf(field), value);
  }
  return answer;
};

const tokenOf = (query: string, offset: number): string =>
  `${offset}.${createHash('sha256').update(query).digest('base64url').slice(0, 16)}`;

const offsetOf = (query: string, token: unknown): number => {
  if (token === undefined || token === '') return 0;
  const offset = Number(String(token).split('.')[0]);
  if (token !== tokenOf(query, offset)) refuse('requestError', 'INVALID_PAGE_TOKEN', 'Page token is invalid.');
  return offset;
};

/** @throws AdsRefusal */
export const search = (state: AdsState, customer: Customer, request: SearchRequest, now: Date): unknown => {
  const { query, pageToken, pageSize } = request;
  if (pageSize !== undefined)
    refuse('requestError', 'PAGE_SIZE_NOT_SUPPORTED', 'Setting the page size is not supported. It is 10000 rows.');
  if (typeof query !== 'string' || query === '') return refuse('queryError', 'QUERY_MISSING', 'A query is required.');
  const parsed = parseGaql(query);
  const rows = find(state, customer, parsed, now);
  const offset = offsetOf(query, pageToken);
  const page = rows.slice(offset, offset + PAGE);
  return {
    results: page.map((row) => selected(row, parsed)),
    fieldMask: parsed.select.map((field) => pathOf(field).join('.')).join(','),
    ...(offset + PAGE < rows.length && { nextPageToken: tokenOf(query, offset + PAGE) }),
  };
};
