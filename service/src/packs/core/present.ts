/** An operation as the tools of the pipeline answer it. */
import { z } from 'zod';
import { type Operation, statuses } from '../../operations/operation.ts';
import type { State } from '../../operations/plan.ts';
import { clean, cleanJson, cleanProse, UntrustedText } from '../../untrusted.ts';

const MOST_OUTCOMES = 100;
/** Longest ARN, and longest comment. */
const MOST_CHARACTERS = 2000;

export const OperationSummary = z.object({
  operation_id: z.string(),
  tool: z.string(),
  status: z.enum(statuses),
  summary: z.string(),
  requested_by: z.string(),
  reason: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string(),
  resources_affected: z.number().int(),
  countersign: z.enum(['none', 'same-person', 'second-person']),
  approval_url: z.string().describe('Where a person reads and decides it'),
});

export const OperationDetail = OperationSummary.extend({
  policy_version: z.string(),
  approval_hash: z.string(),
  approvals: z.array(
    z.object({ by: z.string(), decision: z.string(), comment: z.string().nullable(), at: z.string(), via: z.string() }),
  ),
  changes: z
    .array(
      z.object({
        resource_id: z.string(),
        label: z.string(),
        account_id: z.string(),
        before: z.record(z.string(), z.json()),
        after: z.record(z.string(), z.json()),
        would_fail: z.string().nullable(),
        outcome: z.string().nullable(),
        code: z.string().nullable(),
      }),
    )
    .describe(`The first ${MOST_OUTCOMES}`),
  impact: z.array(
    z.object({ label: z.string(), before: z.number().nullable(), after: z.number().nullable(), unit: z.string() }),
  ),
  warnings: z.array(z.string()),
  reversible: z.boolean(),
  irreversible_because: z.string().nullable(),
  result: z
    .object({ applied: z.number().int(), failed: z.number().int(), skipped: z.number().int(), applied_at: z.string() })
    .nullable(),
  note: z.string().nullable(),
  reverts: z.string().nullable(),
  reverted_by: z.string().nullable(),
  untrusted_text: UntrustedText,
});

export const summaryOf = (operation: Operation, publicUrl: string): z.input<typeof OperationSummary> => ({
  operation_id: operation.operationId,
  tool: operation.tool,
  status: operation.status,
  summary: operation.plan.summary,
  requested_by: operation.requester.email,
  reason: operation.reason === undefined ? null : cleanProse(operation.reason, MOST_CHARACTERS),
  created_at: operation.createdAt,
  expires_at: operation.expiresAt,
  resources_affected: operation.plan.changes.length,
  countersign: operation.countersign,
  approval_url: `${publicUrl}/approvals/${operation.operationId}`,
});

const cleanState = (state: State): State =>
  Object.fromEntries(Object.entries(state).map(([key, value]) => [clean(key), cleanJson(value, MOST_CHARACTERS)]));

/** Fields of an operation with text from the estate or from the people who asked and answered. */
const fieldsFromOutside = [
  'summary',
  'reason',
  'note',
  'warnings',
  'approvals[].comment',
  'changes[].resource_id',
  'changes[].label',
  'changes[].before',
  'changes[].after',
];

export const detailOf = (operation: Operation, publicUrl: string): z.input<typeof OperationDetail> => {
  const outcomes = new Map(operation.result?.outcomes.map((outcome) => [outcome.resourceId, outcome]));
  const { plan, result } = operation;
  return {
    ...summaryOf(operation, publicUrl),
    policy_version: operation.policyVersion,
    approval_hash: operation.approvalHash,
    approvals: operation.approvals.map(({ by, decision, comment, at, via }) => ({
      by: by.email,
      decision,
      comment: comment === undefined ? null : cleanProse(comment, MOST_CHARACTERS),
      at,
      via,
    })),
    changes: plan.changes.slice(0, MOST_OUTCOMES).map((change) => ({
      resource_id: clean(change.resourceId, MOST_CHARACTERS),
      label: clean(change.label),
      account_id: change.accountId,
      before: cleanState(change.before),
      after: cleanState(change.after),
      would_fail: change.wouldFail ?? null,
      outcome: outcomes.get(change.resourceId)?.outcome ?? null,
      code: outcomes.get(change.resourceId)?.code ?? null,
    })),
    impact: plan.impact,
    warnings: plan.warnings,
    reversible: plan.reversible.possible,
    irreversible_because: plan.reversible.possible ? null : plan.reversible.reason,
    result: result
      ? { applied: result.applied, failed: result.failed, skipped: result.skipped, applied_at: result.appliedAt }
      : null,
    note: operation.note === undefined ? null : cleanProse(operation.note, MOST_CHARACTERS),
    reverts: operation.reverts ?? null,
    reverted_by: operation.revertedBy ?? null,
    untrusted_text: fieldsFromOutside,
  };
};
