/** Arguments every tool has beside its own, and the answers every tool may give in place of its own. */
import { z } from 'zod';
import { AmountAnswer } from '../measures/money.ts';
import { ImpactAnswer } from '../measures/tell-impact.ts';
import { UntrustedText } from '../untrusted.ts';
import type { Tool } from './tool.ts';

const dry_run = z.boolean().default(false).describe('Only estimate');
const dryChange = dry_run.describe('Only tell what it would do and take: plan, estimated_scope');
const intent_id = z
  .string()
  .max(64)
  .optional()
  .describe('intent_id of the clarification_needed that answered this same call: runs it, once');

export const Controls = z.object({ dry_run, intent_id });
export type Controls = z.infer<typeof Controls>;

/** dry_run for all; intent_id for those that may be questioned before they run. */
export const controls = ({ kind, estimate }: Tool): z.ZodRawShape => ({
  dry_run: kind === 'change' ? dryChange : dry_run,
  ...(estimate && { intent_id }),
});

/** What a call would take. */
export const EstimatedScope = z.object({
  resources: z.number().int(),
  api_calls: z.number().int(),
  estimated_cost: z.array(AmountAnswer).describe('Of metered upstream requests, one amount per currency; empty: free'),
  estimated_time: z.number().describe('seconds'),
});

export const DryRun = z.object({
  dry_run: z.literal(true),
  tool: z.string(),
  estimated_scope: EstimatedScope,
  estimate_basis: z.string().optional().describe('What the estimate rests on'),
  plan: z
    .object({
      summary: z.string(),
      changes: z.array(z.record(z.string(), z.json())).describe('The first ones; total_changes counts all'),
      total_changes: z.number().int(),
      impact: z.array(ImpactAnswer),
      warnings: z.array(z.string()),
      reversible: z.boolean(),
      countersign: z.enum(['none', 'same-person', 'second-person']),
    })
    .optional()
    .describe('For a change: what would be asked for'),
  untrusted_text: UntrustedText.optional(),
});
export type DryRun = z.infer<typeof DryRun>;

export const Clarification = z.object({
  clarification_needed: z.literal(true),
  ambiguities: z.array(
    z.object({
      parameter: z.string(),
      question: z.string(),
      options: z.array(
        z.object({
          value: z.json(),
          estimated_resources: z.number().int(),
          requires_approval: z.boolean().optional(),
        }),
      ),
    }),
  ),
  intent_commit: z.object({
    intent_id: z.string(),
    operation: z.string(),
    parameters: z.record(z.string(), z.json()),
    estimated_scope: EstimatedScope,
    expected_outcome: z.string(),
    potential_regrets: z.array(z.string()),
  }),
  estimate_basis: z.string().optional().describe('What the estimates rest on'),
  approval_required: z.boolean().describe('The estimate is over a limit: ask the person before you repeat the call'),
  proceed: z.string(),
});
export type Clarification = z.infer<typeof Clarification>;
