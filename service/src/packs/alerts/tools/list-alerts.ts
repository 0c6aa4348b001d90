import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { alertFilter, worstNewest } from '../life/listing.ts';
import { type Alert, alertStatuses } from '../model/alert.ts';
import { siteCode } from '../model/element.ts';
import type { AlertPack } from '../world.ts';
import { MatchersInput } from './shared/matcher-input.ts';
import { ListedAlert, listedAlert, untrustedIn } from './shared/shown-alert.ts';

const Asked = z
  .strictObject({
    status: z.array(z.enum(alertStatuses)).min(1).max(3).default(['firing', 'acknowledged']).describe('Which'),
    min_severity: z.int().min(0).max(5).default(0).describe('At least this bad'),
    site_code: z.string().regex(siteCode, 'must be 2 to 32 of A-Z, 0-9, _ and -').optional().describe('Of this site'),
    matchers: MatchersInput.default([]),
    from: z.iso.datetime().optional().describe('Began then or later'),
    to: z.iso.datetime().optional().describe('Began before'),
    silenced: z.boolean().optional().describe('Only those, or none of those'),
    ...pageInput,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['from'],
    error: 'must be before to',
  });

export const listAlerts = (pack: AlertPack): Query =>
  defineQuery({
    name: 'list_alerts',
    title: 'List alerts',
    description:
      'Alerts, the worst and newest first: open ones unless status says otherwise. Closed ones are listed for a week.',
    scopes: ['alerts:read'],
    input: Asked,
    output: z.object({
      total: z.int(),
      by_severity: z.record(z.string(), z.int()),
      alerts: z.array(ListedAlert.extend({ silenced: z.boolean() })),
      next_cursor: NextCursor,
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ silenced, limit, cursor, ...filter }) => {
      const [alerts, silencing] = await Promise.all([pack.states.all(), pack.silences.now()]);
      const isSilenced = (alert: Alert): boolean => silencing.of(alert).length > 0;
      const found = alerts
        .filter(alertFilter(filter))
        .filter((alert) => silenced === undefined || isSilenced(alert) === silenced);
      const show = (alert: Alert) => ({ ...listedAlert(alert), silenced: silenced ?? isSilenced(alert) });
      const { items, ...next } = pageOf(found, worstNewest, show, { limit, cursor });
      const bySeverity = Map.groupBy(found, ({ severity }) => String(severity));
      return {
        total: found.length,
        by_severity: Object.fromEntries([...bySeverity].map(([severity, those]) => [severity, those.length])),
        alerts: items,
        ...next,
        untrusted_text: untrustedIn('alerts[]'),
      };
    },
  });
