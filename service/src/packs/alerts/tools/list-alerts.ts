import { z } from 'zod';
import { DEFAULT_ROWS } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { alertStatuses } from '../model/alert.ts';
import type { AlertPack } from '../world.ts';
import { ListedAlert, listedAlert, untrustedIn } from './shared/shown-alert.ts';

export const listAlerts = (pack: AlertPack): Query =>
  defineQuery({
    name: 'list_alerts',
    title: 'List alerts',
    description:
      'Lists the alerts that are open, the worst and newest first. Use it to see what is wrong now; get_alert shows one of them whole.',
    scopes: ['alerts:read'],
    input: z.strictObject({
      status: z.array(z.enum(alertStatuses)).max(3).optional().describe('Default: firing and acknowledged'),
      limit: z.int().min(1).max(200).default(DEFAULT_ROWS).describe('Most alerts'),
    }),
    output: z.object({ total: z.int(), alerts: z.array(ListedAlert), untrusted_text: UntrustedText }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ status = ['firing', 'acknowledged'], limit }) => {
      const found = (await pack.states.all())
        .filter((alert) => status.includes(alert.status))
        .sort((a, b) => b.severity - a.severity || (a.starts_at < b.starts_at ? 1 : -1));
      return {
        total: found.length,
        alerts: found.slice(0, limit).map(listedAlert),
        untrusted_text: untrustedIn('alerts[]'),
      };
    },
  });
