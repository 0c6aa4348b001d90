import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { planRule, ruleSteps } from '../rules/change.ts';
import type { AlertPack } from '../world.ts';
import { AskedAlertChange, askedAnswer, ownChange } from './shared/asked-change.ts';
import { RuleInput, ruleIn } from './shared/rule-input.ts';

export const upsertAlertRule = (pack: AlertPack): Change =>
  defineChange({
    ...ownChange,
    ...ruleSteps(pack),
    name: 'upsert_alert_rule',
    title: 'Add or change an alert rule',
    description: 'Asks for a rule to be added or changed. Try it with test_alert_rule first. A second person agrees.',
    scopes: ['alerts:admin'],
    input: z.strictObject({
      rule: RuleInput,
      expected_version: z.int().min(0).default(0).describe('Of list_alert_rules; 0: a new one'),
    }),
    output: AskedAlertChange.extend({ rule_id: z.string(), version: z.int(), created: z.boolean() }),
    plan: ({ rule, expected_version }, context) => planRule(pack, ruleIn(rule), expected_version, context),
    present: (operation) => {
      const [change] = operation.plan.changes;
      const version = Number(change?.after.version);
      const rule_id = String(change?.after.rule_id);
      return { ...askedAnswer(pack, operation), rule_id, version, created: change?.before.version === null };
    },
  });
