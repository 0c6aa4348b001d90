import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { matchersWords } from '../model/matchers.ts';
import type { AlertRule } from '../model/rule.ts';
import type { AlertPack } from '../world.ts';

const ListedRule = z.object({
  rule_id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  matchers: z.string(),
  condition: z.record(z.string(), z.unknown()),
  group_by: z.array(z.string()),
  severity: z.int(),
  version: z.int(),
  updated_by: z.string(),
});

const listedRule = ({ matchers, name, updated_at: _, ...rule }: AlertRule): z.input<typeof ListedRule> => ({
  ...rule,
  name: clean(name),
  matchers: clean(matchersWords(matchers), 1000),
  group_by: rule.group_by.map((label) => clean(label)),
});

export const listAlertRules = (pack: AlertPack): Query =>
  defineQuery({
    name: 'list_alert_rules',
    title: 'List alert rules',
    description: 'The rules that make alerts out of what other alerts do, with their conditions and versions.',
    scopes: ['alerts:read'],
    input: z.strictObject({ enabled: z.boolean().optional().describe('Only those that are on, or off'), ...pageInput }),
    output: z.object({
      total: z.int(),
      rules: z.array(ListedRule),
      next_cursor: NextCursor,
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ enabled, ...page }) => {
      const found = (await pack.rules.all()).filter((rule) => enabled === undefined || rule.enabled === enabled);
      const { items, ...next } = pageOf(found, ({ rule_id }) => [rule_id], listedRule, page);
      return { total: found.length, rules: items, ...next, untrusted_text: ['rules[].name', 'rules[].matchers'] };
    },
  });
