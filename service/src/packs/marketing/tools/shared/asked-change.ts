/** What a tool answers whose change now waits for a person. */
import { z } from 'zod';
import type { Operation } from '../../../../operations/operation.ts';
import { UntrustedText } from '../../../../untrusted.ts';
import type { Marketing } from '../../world.ts';

export const Reason = z.string().max(500).optional().describe('Why, for whoever agrees');

export const AskedChange = z.object({
  operation_id: z.string(),
  status: z.string(),
  approval_url: z.string(),
  expires_at: z.string(),
  summary: z.string(),
  changes: z.number(),
  expected_to_fail: z.array(z.string()),
  warnings: z.array(z.string()),
  sandbox: z.boolean(),
  untrusted_text: UntrustedText,
});

/** Of rows that are expected to fail, that one answer names. */
const MOST_SHOWN = 20;

export const askedChange =
  ({ publicUrl, sandbox }: Pick<Marketing, 'publicUrl' | 'sandbox'>) =>
  ({ operationId, status, expiresAt, plan }: Operation): z.input<typeof AskedChange> => {
    const failing = plan.changes.filter(({ wouldFail }) => wouldFail !== undefined);
    return {
      operation_id: operationId,
      status,
      approval_url: `${publicUrl}/approvals/${operationId}`,
      expires_at: expiresAt,
      summary: plan.summary,
      changes: plan.changes.length - failing.length,
      expected_to_fail: failing.slice(0, MOST_SHOWN).map(({ label, wouldFail }) => `${label}: ${wouldFail}`),
      warnings: plan.warnings,
      sandbox,
      untrusted_text: ['summary', 'warnings', 'expected_to_fail'],
    };
  };

export const additive = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
} as const;

export const destructive = { ...additive, destructiveHint: true } as const;
