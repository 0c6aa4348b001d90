/** A rule as calls give it. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import { RuleId, RuleTerms } from '../../model/rule.ts';

// Checked by hand: the whole schema in three lists would take what other tools need.
export const RuleInput = z
  .record(z.string(), z.unknown())
  .describe(
    'rule_id, name, severity 1..5, condition {type: count, n, window_s | severity, n | absence, window_s}, matchers, group_by[], enabled',
  );

export const RuleIdInput = RuleId.describe('Of list_alert_rules');

/** @throws invalid_input naming the member */
export const ruleIn = (given: unknown): RuleTerms => {
  const parsed = RuleTerms.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CountersignError('invalid_input', `${['rule', ...(issue?.path ?? [])].join('.')}: ${issue?.message}`);
};
