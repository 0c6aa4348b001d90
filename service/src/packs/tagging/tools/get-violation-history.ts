import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { type HistoryPoint, historyBy, periods, trendOf, trends } from '../reports/history.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { RETENTION_DAYS } from '../scan/stored-scan.ts';

const DEFAULT_DAYS = 30;
/** The days of the default in one answer, today among them; more come by cursor. */
const POINTS = DEFAULT_DAYS + 1;

const Point = z.object({
  timestamp: z.string(),
  period_start: z.string(),
  compliance_score: z.number().nullable(),
  total_resources: z.number(),
  compliant_resources: z.number(),
  violation_count: z.number(),
  cost_attribution_gap: z.number().nullable(),
  policy_version: z.string(),
});

const pointOf = ({ periodStart, scan, score }: HistoryPoint): z.input<typeof Point> => ({
  timestamp: scan.timestamp,
  period_start: periodStart,
  compliance_score: score,
  total_resources: scan.counts.total,
  compliant_resources: scan.counts.compliant,
  violation_count: scan.violationCount,
  cost_attribution_gap: scan.costGap,
  policy_version: scan.policyVersion,
});

const newestFirst = ({ periodStart }: HistoryPoint): [number] => [-Date.parse(periodStart)];

export const getViolationHistory = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'get_violation_history',
    title: 'Show compliance over time',
    description:
      'Compliance scores and violations over time, from the scans of everything enabled. Reads no cloud. Use it for "are we getting better?".',
    scopes: ['tag:read'],
    input: z.strictObject({
      days_back: z.int().min(1).max(RETENTION_DAYS).default(DEFAULT_DAYS).describe('Scans are kept for 90 days'),
      group_by: z.enum(periods).default('day').describe('One entry each: its last complete scan'),
      cursor: pageInput.cursor,
    }),
    output: z.object({
      history: z.array(Point).describe('The newest, oldest first'),
      next_cursor: NextCursor,
      trend_direction: z.enum(trends).describe('stable: less than half a point'),
      earliest_score: z.number().nullable(),
      latest_score: z.number().nullable(),
      policy_changed: z.boolean(),
      incomplete_scans: z.number().describe('Left out'),
      scope: z.object({ accounts: z.number(), regions: z.number(), resource_types: z.number() }),
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ days_back: days, group_by: period, cursor }) => {
      const extent = await wholeExtent(pack.estate);
      const scans = await pack.scans.history(extentHash(extent), days);
      const points = historyBy(scans, period);
      const { trend, earliest, latest } = trendOf(points);
      const { items, ...page } = pageOf(points, newestFirst, pointOf, { limit: POINTS, cursor });
      return {
        history: items.toReversed(),
        ...page,
        trend_direction: trend,
        earliest_score: earliest,
        latest_score: latest,
        policy_changed: new Set(points.map(({ scan }) => scan.policyVersion)).size > 1,
        incomplete_scans: scans.filter(({ quality }) => quality !== 'complete').length,
        scope: {
          accounts: extent.accounts.length,
          regions: extent.regions.length,
          resource_types: extent.types.length,
        },
      };
    },
  });
