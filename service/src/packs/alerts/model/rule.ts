/** A rule: it makes an alert of its own out of what other alerts do together. */
import { z } from 'zod';
import { Matchers } from './matchers.ts';
import { AlertSeverity } from './severity.ts';

const DAY_S = 86_400;

export const RuleId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be an id of small letters, digits and - such as many-cells');

export const RuleCondition = z.discriminatedUnion('type', [
  /** At least n raises within the window. What says nothing new is no raise. */
  z.strictObject({ type: z.literal('count'), n: z.int().min(1).max(10_000), window_s: z.int().min(60).max(DAY_S) }),
  /** Any open alert of this severity or more. */
  z.strictObject({ type: z.literal('severity'), n: z.int().min(1).max(5) }),
  /** Nothing came within the window; what says nothing new is something that came. */
  z.strictObject({
    type: z.literal('absence'),
    window_s: z
      .int()
      .min(60)
      .max(7 * DAY_S),
  }),
]);
export type RuleCondition = z.output<typeof RuleCondition>;

/** What people write of it. */
export const RuleTerms = z.strictObject({
  rule_id: RuleId,
  name: z.string().min(1).max(128),
  enabled: z.boolean().default(true),
  /** None: every alert that no rule made. */
  matchers: Matchers.default([]),
  condition: RuleCondition,
  /** Each combination of the values of these labels is judged by itself, and has an alert of its own. */
  group_by: z.array(z.string().min(1).max(128)).max(10).default([]),
  /** Of the alert that it makes. */
  severity: AlertSeverity.refine((severity) => severity > 0, 'must be 1 to 5'),
});
export type RuleTerms = z.output<typeof RuleTerms>;

export const AlertRule = RuleTerms.extend({
  /** One more with each change. */
  version: z.int(),
  updated_at: z.iso.datetime(),
  updated_by: z.string(),
});
export type AlertRule = z.output<typeof AlertRule>;
