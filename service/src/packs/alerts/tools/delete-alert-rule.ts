import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { planRuleDeletion, ruleSteps } from '../rules/change.ts';
import type { AlertPack } from '../world.ts';
import { AskedAlertChange, askedAnswer, ownChange } from './shared/asked-change.ts';
import { RuleIdInput } from './shared/rule-input.ts';

export const deleteAlertRule = (pack: AlertPack): Change =>
  defineChange({
    ...ownChange,
    ...ruleSteps(pack),
    name: 'delete_alert_rule',
    title: 'Delete an alert rule',
    description: 'Asks for a rule to be deleted; the alerts it made are then resolved. A second person agrees.',
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    scopes: ['alerts:admin'],
    input: z.strictObject({
      rule_id: RuleIdInput,
      expected_version: z.int().min(1).describe('Of list_alert_rules'),
      confirm: z
        .boolean()
        .refine((given) => given, 'must be true')
        .describe('true'),
    }),
    output: AskedAlertChange.extend({ deleted: z.boolean().describe('false until it is agreed to') }),
    plan: ({ rule_id, expected_version }, context) => planRuleDeletion(pack, rule_id, expected_version, context),
    present: (operation) => ({ ...askedAnswer(pack, operation), deleted: operation.status === 'applied' }),
  });
