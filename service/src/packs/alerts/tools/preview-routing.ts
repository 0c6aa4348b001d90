import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { routingOf } from '../routing/preview.ts';
import { isAlertId } from '../store/alert-keys.ts';
import type { AlertPack } from '../world.ts';

const Routed = z.object({ path: z.string(), receiver: z.string(), group_key: z.string() });

export const previewRouting = (pack: AlertPack): Query =>
  defineQuery({
    name: 'preview_routing',
    title: 'Preview routing',
    description:
      'Where an alert goes, or one with these labels would: routes, receivers, groups, and what silences it. With show_tree the whole tree too.',
    scopes: ['alerts:read'],
    input: z.strictObject({
      alert_id: z.string().refine(isAlertId, 'must be the alert_id of an alert').optional().describe('Of list_alerts'),
      labels: z.record(z.string().max(128), z.string().max(1024)).optional().describe('Such as severity, site_code'),
      show_tree: z.boolean().default(false).describe('Also the tree'),
    }),
    output: z.object({
      routes: z.array(Routed),
      receivers: z.array(z.string()),
      silenced_by: z.array(z.string()),
      version: z.int(),
      tree: z.record(z.string(), z.unknown()).optional(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ show_tree, ...which }) => {
      const { routes, silences, tree, version } = await routingOf(pack, which);
      return {
        routes: routes.map(({ path, receiver, groupKey }) => ({
          path: clean(path, 500),
          receiver,
          group_key: clean(groupKey, 500),
        })),
        receivers: [...new Set(routes.map(({ receiver }) => receiver))],
        silenced_by: silences.map(({ silence_id }) => silence_id),
        version,
        ...(show_tree && { tree: JSON.parse(JSON.stringify(tree)) }),
        untrusted_text: ['routes[].path', 'routes[].group_key', 'tree'],
      };
    },
  });
