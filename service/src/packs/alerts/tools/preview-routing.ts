import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { parseElementType } from '../model/element.ts';
import { type Labelled, labelsOf } from '../model/matchers.ts';
import { parseSeverity } from '../model/severity.ts';
import { groupOf } from '../routing/routing.ts';
import { isAlertId } from '../store/alert-keys.ts';
import type { AlertPack } from '../world.ts';

const Routed = z.object({ path: z.string(), receiver: z.string(), group_key: z.string() });

/** An alert that nobody sent, by what its labels say. */
const made = (labels: Readonly<Record<string, string>>): Labelled => ({
  labels,
  severity: parseSeverity(labels.severity).severity,
  site_code: labels.site_code ?? '',
  element_type: parseElementType(labels.element_type),
  name: labels.name ?? labels.alertname ?? '',
  source: labels.source ?? '',
});

const labelledBy = async (
  { states }: AlertPack,
  {
    alert_id,
    labels,
  }: { readonly alert_id?: string | undefined; readonly labels?: Record<string, string> | undefined },
): Promise<Labelled> => {
  if ((alert_id === undefined) === (labels === undefined))
    throw new CountersignError('invalid_input', 'alert_id: give either alert_id or labels.');
  if (labels !== undefined) return made(labels);
  const found = await states.get(alert_id ?? '');
  if (found !== undefined) return found;
  throw new CountersignError('not_found', 'alert_id: there is no such alert. See list_alerts.');
};

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
      const alert = await labelledBy(pack, which);
      const labels = labelsOf(alert);
      const [{ tree, version }, router, silencing] = await Promise.all([
        pack.routes.current(),
        pack.routes.router(),
        pack.silences.now(),
      ]);
      const routes = router(labels).map((route) => ({
        path: clean(route.path, 500),
        receiver: route.receiver,
        group_key: clean(groupOf(route, labels).key, 500),
      }));
      return {
        routes,
        receivers: [...new Set(routes.map(({ receiver }) => receiver))],
        silenced_by: silencing.of(alert).map(({ silence_id }) => silence_id),
        version,
        ...(show_tree && { tree: JSON.parse(JSON.stringify(tree)) }),
        untrusted_text: ['routes[].path', 'routes[].group_key', 'tree'],
      };
    },
  });
