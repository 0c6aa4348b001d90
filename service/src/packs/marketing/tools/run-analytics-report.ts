import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { charactersFor, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { ReportQuery } from '../google/analytics.ts';
import type { Marketing } from '../world.ts';
import { ofAnalytics, PropertyId } from './shared/analytics-ids.ts';
import { aboutReport, FieldName, ReportAnswer, shownRow, unique } from './shared/analytics-report.ts';
import { readOnly, shownOrNull } from './shared/answer.ts';
import { Day } from './shared/dates.ts';
import { CursorInput, CursorOutput, cursorAfter, offsetIn, rowsShown } from './shared/paging.ts';

const DEFAULT_LIMIT = 100;
/** Of these the earliest comes first; all else goes by the first metric, the most first. */
const times = [
  'date',
  'dateHour',
  'dateHourMinute',
  'yearMonth',
  'yearWeek',
  'isoYearIsoWeek',
  'year',
  'month',
  'week',
  'hour',
  'nthDay',
];

const isDay = (text: string): boolean => Day.safeParse(text).success;
const ReportDate = z
  .string()
  .refine(
    (text) => isDay(text) || /^(today|yesterday|\d{1,5}daysAgo)$/.test(text),
    'must be a date such as 2026-11-20, today, yesterday or 30daysAgo',
  );

const orderOf = (dimensions: readonly string[], [metric = '']: readonly string[]): ReportQuery['orderBy'] => {
  const dimension = dimensions.find((name) => times.includes(name));
  return dimension === undefined ? { metric } : { dimension };
};

const checkDates = (startDate: string, endDate: string): void => {
  if (isDay(startDate) && isDay(endDate) && startDate > endDate)
    throw new CountersignError('invalid_input', 'endDate: must not be before startDate.');
};

const names = (fewest: number, most: number) =>
  z.array(FieldName).min(fewest).max(most).refine(unique, 'must name each once');

export const runAnalyticsReport = ({ analytics, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'run_analytics_report',
    title: 'Run an Analytics report',
    description:
      'Runs a Google Analytics report. Totals are over all rows. The unit of money is its currency. Shows 20 rows, 200 if asked.',
    scopes: ['marketing:read'],
    input: z.strictObject({
      propertyId: PropertyId,
      startDate: ReportDate.describe('YYYY-MM-DD, today, yesterday, NdaysAgo'),
      endDate: ReportDate.describe('Inclusive'),
      dimensions: names(0, 9).default([]).describe('Such as date, country'),
      metrics: names(1, 10).describe('Such as sessions'),
      limit: z.int().min(1).max(100_000).optional().describe('Default 100'),
      offset: z.int().min(0).default(0).describe('Skip'),
      cursor: CursorInput,
    }),
    output: z.object({
      ...ReportAnswer,
      next_cursor: CursorOutput,
      time_zone: z.string().nullable(),
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ propertyId }) => ofAnalytics(propertyId),
    run: async ({ propertyId, limit, offset, cursor, ...asked }, context) => {
      checkDates(asked.startDate, asked.endDate);
      const query = { ...asked, orderBy: orderOf(asked.dimensions, asked.metrics) };
      const end = offset + (limit ?? DEFAULT_LIMIT);
      const from = cursor === undefined ? offset : offsetIn(cursor);
      const most = rowsShown(limit);
      const page = { offset: from, limit: Math.max(1, Math.min(most, end - from)) };
      const report = await analytics.report(propertyId, query, page, context);
      const rows = fitting(report.rows.map(shownRow), charactersFor(most));
      const next = from + rows.length;
      return {
        ...aboutReport(report),
        rows,
        ...(rows.length > 0 && next < Math.min(end, report.rowCount) && { next_cursor: cursorAfter(next) }),
        time_zone: shownOrNull(report.metadata?.timeZone),
        sandbox,
        untrusted_text: ['rows[].dimensions'],
      };
    },
  });
