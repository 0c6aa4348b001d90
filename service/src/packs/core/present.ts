/** An operation as the tools of the pipeline answer it. */
import { z } from 'zod';
import { CountersignError } from '../../errors.ts';
import { charactersFor, DEFAULT_ROWS, fitting, fittingMembers } from '../../mcp/answer-size.ts';
import { chargesOf } from '../../measures/cost.ts';
import { AmountAnswer, amountAnswer } from '../../measures/money.ts';
import { ImpactAnswer, impactAnswer } from '../../measures/tell-impact.ts';
import { type Operation, statuses } from '../../operations/operation.ts';
import { type State, Typed } from '../../operations/plan.ts';
import { clean, cleanJson, cleanProse, UntrustedText } from '../../untrusted.ts';

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
  approval_url: z.string(),
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
        left_out: z.number().int().optional().describe('Members of its state too long to show here'),
        would_fail: z.string().nullable(),
        outcome: z.string().nullable(),
        code: z.string().nullable(),
      }),
    )
    .describe('Those that fail first; resources_affected counts all'),
  next_cursor: z.string().optional(),
  operation_uri: z.string().describe('Resource with the whole operation'),
  impact: z.array(ImpactAnswer),
  /** Upstream calls that applying it takes. */
  api_calls: z.number(),
  /** What those are charged at, one amount per currency. */
  charges: z.array(AmountAnswer),
  warnings: z.array(z.string()),
  /** What whoever agrees types. */
  must_type: Typed.optional(),
  reversible: z.boolean(),
  irreversible_because: z.string().nullable(),
  result: z
    .object({ applied: z.number().int(), failed: z.number().int(), skipped: z.number().int(), applied_at: z.string() })
    .nullable(),
  note: z.string().nullable(),
  reverts: z.string().nullable(),
  reverted_by: z.string().nullable(),
  /** Resources that were taken back, while others were not. */
  taken_back: z.number().int().optional(),
  untrusted_text: UntrustedText,
});

/**
 * An operation as the tools that move it answer it: with every member of OperationDetail. Only get_operation's schema says
 * what they are, because a model reads the schemas of all tools before it does anything.
 */
export const MovedOperation = z
  .looseObject({ operation_id: z.string(), status: z.string(), approval_url: z.string() })
  .describe('As get_operation shows it');

/** An operation in a list: with every member of OperationSummary. */
export const ListedOperation = MovedOperation.describe('As get_operation shows it, but for its changes');

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

/** Characters of one state, before or after; a resource may have fifty tags of 384 characters. */
const STATE_CHARACTERS = 1500;

const shownState = (state: State): { readonly shown: State; readonly leftOut: number } => {
  const cleaned = Object.entries(state).map(([key, value]) => [clean(key), cleanJson(value, MOST_CHARACTERS)]);
  return fittingMembers(Object.fromEntries(cleaned), STATE_CHARACTERS);
};

/** Fields of an operation with text from the estate or from the people who asked and answered. */
const fieldsFromOutside = [
  'summary',
  'reason',
  'note',
  'warnings',
  'must_type',
  'approvals[].comment',
  'changes[].resource_id',
  'changes[].label',
  'changes[].before',
  'changes[].after',
];

export const operationUri = (operationId: string): string => `countersign://operations/${operationId}`;

/** Which changes of an operation are shown. */
export interface ChangePage {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

type ShownChange = z.input<typeof OperationDetail>['changes'][number];

/** Its changes, those that fail first. */
const shownChanges = ({ plan, result }: Operation): ShownChange[] => {
  const outcomes = new Map(result?.outcomes.map((outcome) => [outcome.resourceId, outcome]));
  const all = plan.changes.map((change): ShownChange => {
    const [before, after] = [shownState(change.before), shownState(change.after)];
    const outcome = outcomes.get(change.resourceId);
    return {
      resource_id: clean(change.resourceId, MOST_CHARACTERS),
      label: clean(change.label),
      account_id: change.accountId,
      before: before.shown,
      after: after.shown,
      ...(before.leftOut + after.leftOut > 0 ? { left_out: Math.max(before.leftOut, after.leftOut) } : {}),
      would_fail: change.wouldFail ?? null,
      outcome: outcome?.outcome ?? null,
      code: outcome?.code ?? null,
    };
  });
  const fails = ({ would_fail, outcome }: ShownChange) =>
    would_fail !== null || outcome === 'failed' || outcome === 'skipped';
  return [...all.filter(fails), ...all.filter((change) => !fails(change))];
};

/** A place among the changes of one plan: another plan has others. */
const placeOf = (operation: Operation, cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  // The hash has colons of its own.
  const end = cursor.lastIndexOf(':');
  const place = cursor.slice(end + 1);
  if (cursor.slice(0, end) === operation.approvalHash && /^\d{1,6}$/.test(place)) return Number(place);
  throw new CountersignError(
    'invalid_input',
    'cursor: is not of this plan. It may have been planned anew: ask without.',
  );
};

const changesOf = (operation: Operation, { limit, cursor }: ChangePage) => {
  const all = shownChanges(operation);
  const from = placeOf(operation, cursor);
  const changes = fitting(all.slice(from, from + limit), charactersFor(limit));
  const next = from + changes.length;
  return { changes, ...(next < all.length ? { next_cursor: `${operation.approvalHash}:${next}` } : {}) };
};

/** An operation, and of its changes one page. */
export const detailOf = (
  operation: Operation,
  publicUrl: string,
  page: ChangePage = { limit: DEFAULT_ROWS },
): z.input<typeof OperationDetail> => {
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
    ...changesOf(operation, page),
    operation_uri: operationUri(operation.operationId),
    impact: plan.impact.map((line) => impactAnswer(line, operation.createdAt)),
    api_calls: plan.cost.apiCalls,
    charges: chargesOf(plan.cost).map(amountAnswer),
    warnings: plan.warnings,
    ...(plan.typed && { must_type: plan.typed }),
    reversible: plan.reversible.possible,
    irreversible_because: plan.reversible.possible ? null : plan.reversible.reason,
    result: result
      ? { applied: result.applied, failed: result.failed, skipped: result.skipped, applied_at: result.appliedAt }
      : null,
    note: operation.note === undefined ? null : cleanProse(operation.note, MOST_CHARACTERS),
    reverts: operation.reverts ?? null,
    reverted_by: operation.revertedBy ?? null,
    ...(operation.takenBack && { taken_back: operation.takenBack.length }),
    untrusted_text: fieldsFromOutside,
  };
};

/** An operation with every change of it, for whoever reads it as a document. */
export const wholeOf = (operation: Operation, publicUrl: string): z.input<typeof OperationDetail> => {
  const { next_cursor: _none, ...detail } = detailOf(operation, publicUrl);
  return { ...detail, changes: shownChanges(operation) };
};
