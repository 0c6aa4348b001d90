/** Arguments every tool has beside its own, and the answers every tool may give in place of its own. */
import { z } from 'zod';
import { AmountAnswer } from '../measures/money.ts';
import { ImpactAnswer } from '../measures/tell-impact.ts';
import { UntrustedText } from '../untrusted.ts';
import type { Tool } from './tool.ts';

const dry_run = z.boolean().default(false).describe('Only estimate');
const dryChange = dry_run.describe('Only tell what it would do and take: plan, estimated_scope');
const intent_id = z.string().max(128).optional().describe('Of its clarification_needed');

const approval_token = z.string().max(128).optional().describe('Of its approval_required');
const original_request = z.string().max(1000).optional().describe('Their words');

export const Controls = z.object({ dry_run, intent_id, approval_token, original_request });
export type Controls = z.infer<typeof Controls>;

/** dry_run for all; the others for those that may be questioned before they run. */
export const controls = ({ kind, estimate }: Tool): z.ZodRawShape => ({
  dry_run: kind === 'change' ? dryChange : dry_run,
  ...(estimate && kind === 'query' && { intent_id, approval_token, original_request }),
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
  would_answer: z.record(z.string(), z.json()).optional().describe('For an act: what it would answer'),
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
          estimated_time: z.number().int().describe('seconds'),
          requires_approval: z.boolean(),
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
  /** What the reviewer has against it, where there is one. Text of a model among it. */
  review: z
    .object({ risk: z.enum(['low', 'medium', 'high']), confidence: z.number(), reasons: z.array(z.string()) })
    .optional(),
  approval_required: z
    .union([
      z.literal(false),
      z.object({
        summary: z.string(),
        estimated_cost: z.array(AmountAnswer),
        estimated_time: z.number(),
        approval_token: z.string(),
      }),
    ])
    .describe('The estimate is over a limit: ask the person before you repeat the call'),
  proceed: z.string(),
});
export type Clarification = z.infer<typeof Clarification>;
