import { z } from 'zod';
import { charactersFor, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { ofAnalytics, PropertyId } from './shared/analytics-ids.ts';
import { aboutReport, ReportAnswer, shownRow, unique } from './shared/analytics-report.ts';
import { readOnly } from './shared/answer.ts';
import { rowsShown } from './shared/paging.ts';

/** https://developers.google.com/analytics/devguides/reporting/data/v1/realtime-api-schema: none is of sessions. */
const dimensions: ReadonlySet<string> = new Set([
  ...['appVersion', 'audienceId', 'audienceName', 'audienceResourceName', 'city', 'cityId', 'country', 'countryId'],
  ...['deviceCategory', 'eventName', 'minutesAgo', 'platform', 'streamId', 'streamName', 'unifiedScreenName'],
]);
const isRealtime = (name: string): boolean => dimensions.has(name) || /^customUser:[A-Za-z0-9_]+$/.test(name);
const Dimension = z
  .string()
  .max(100)
  .refine(isRealtime, `must be one of ${[...dimensions].join(', ')} or customUser:name; there are none of sessions`);

export const getRealtimeUsers = ({ analytics, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'get_realtime_users',
    title: 'Users of the last 30 minutes',
    description: 'Counts users of a Google Analytics property in the last 30 minutes.',
    scopes: ['marketing:read'],
    input: z.strictObject({
      propertyId: PropertyId,
      dimensions: z
        .array(Dimension)
        .max(4)
        .refine(unique, 'must name each once')
        .default([])
        .describe('Such as country'),
      metrics: z
        .array(z.enum(['activeUsers', 'eventCount', 'keyEvents', 'screenPageViews']))
        .min(1)
        .max(4)
        .refine(unique, 'must name each once')
        .default(['activeUsers'])
        .describe('Figures'),
      limit: z.int().min(1).max(10_000).default(10).describe('200 are shown'),
    }),
    output: z.object({ ...ReportAnswer, sandbox: z.boolean(), untrusted_text: UntrustedText }),
    annotations: readOnly,
    accounts: ({ propertyId }) => ofAnalytics(propertyId),
    run: async ({ propertyId, ...query }, context) => {
      const report = await analytics.realtime(propertyId, query, context);
      const most = rowsShown(query.limit);
      return {
        ...aboutReport(report),
        rows: fitting(report.rows.slice(0, most).map(shownRow), charactersFor(most)),
        sandbox,
        untrusted_text: ['rows[].dimensions'],
      };
    },
  });
