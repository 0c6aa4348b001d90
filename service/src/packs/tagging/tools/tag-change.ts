/** What the tools that change tags do alike: all but what they ask for. */
import { z } from 'zod';
import type { Besides, Change } from '../../../mcp/tool.ts';
import type { Operation, Status } from '../../../operations/operation.ts';
import type { State } from '../../../operations/plan.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { noteApplied } from '../changes/applied-changes.ts';
import { stateOf } from '../changes/before-state.ts';
import { applyBulk } from '../changes/bulk-apply.ts';
import { COMPLIANCE_IMPACT, costOf, judgeChanges } from '../changes/bulk-plan.ts';
import { readAll } from '../changes/targets.ts';
import { resourceKeyOf } from '../estate/arn.ts';
import { isUnread } from '../policy/tag-rules.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';

const requestStatuses = [
  'pending_approval',
  'pending_confirmation',
  'denied',
  'withdrawn',
  'expired',
  'executing',
  'executed',
  'partially_executed',
  'failed',
  'reverted',
] as const;

/** The seed's words for where an operation stands. */
export const requestStatus: Record<Status, (typeof requestStatuses)[number]> = {
  planned: 'pending_approval',
  'awaiting-countersign': 'pending_approval',
  'awaiting-confirmation': 'pending_confirmation',
  approved: 'executing',
  applying: 'executing',
  applied: 'executed',
  'partially-applied': 'partially_executed',
  denied: 'denied',
  withdrawn: 'withdrawn',
  expired: 'expired',
  failed: 'failed',
  reverted: 'reverted',
};

const SECONDS_PER_CALL = 0.3;

/** What as many upstream calls take, read and written. */
export const estimateOf = (resources: number, writes: number) => ({
  resources,
  apiCalls: 2 * writes,
  charges: [],
  seconds: Math.ceil(2 * writes * SECONDS_PER_CALL),
});

/** Arguments of how a change of tags is asked for. */
export const askedInput = {
  reason: z.string().max(500).optional().describe('For the person who approves'),
  idempotency_key: z
    .string()
    .min(8)
    .max(100)
    .optional()
    .describe('Your own: a retry with the same is the same request'),
};

export const RequestedChange = z.object({
  request_id: z.string().describe('The operation: pass it to get_operation or approve_bulk_tagging_request'),
  status: z.enum(requestStatuses),
  resources_affected: z.number().describe('Resources that would be written; those expected to fail not counted'),
  resources_expected_to_fail: z.number(),
  estimated_compliance_improvement: z
    .number()
    .nullable()
    .describe('Change of the compliance score; null when it is unknown'),
  approval_url: z.string().describe('Page on which a person approves or denies it'),
  approvers: z.array(z.string()).describe('People who can approve it, as far as known here'),
  expires_at: z.string().describe('When it stops waiting, ISO 8601'),
  summary: z.string(),
  warnings: z.array(z.string()),
  batch: z.looseObject({}).optional().describe('Of over 500: approval_url, parts, refused'),
  untrusted_text: UntrustedText,
});

/** The operation as the tool that planned it answers. */
export const presentRequest = (
  { settings }: Pick<TaggingPack, 'settings'>,
  operation: Operation,
  besides?: Besides,
): z.input<typeof RequestedChange> => {
  const { plan, operationId, status, requester, expiresAt } = operation;
  const [compliance] = plan.impact.flatMap((line) =>
    line.unit === 'ratio' && line.label === COMPLIANCE_IMPACT ? [line] : [],
  );
  const failing = plan.changes.filter((change) => change.wouldFail !== undefined).length;
  const known = compliance?.before != null && compliance.after != null;
  return {
    request_id: operationId,
    status: requestStatus[status],
    resources_affected: plan.changes.length - failing,
    resources_expected_to_fail: failing,
    estimated_compliance_improvement: known
      ? Math.round(((compliance.after ?? 0) - (compliance.before ?? 0)) * 10_000) / 10_000
      : null,
    approval_url: `${settings.publicUrl}/approvals/${operationId}`,
    approvers: settings.approvers.filter((email) => email !== requester.email),
    expires_at: expiresAt,
    summary: plan.summary,
    warnings: plan.warnings,
    ...(besides && { batch: batchOf(settings.publicUrl, [operation, ...besides.others], besides.refused) }),
    untrusted_text: ['summary', 'warnings', 'batch.refused[].message'],
  };
};

const affectedBy = ({ plan }: Operation): number =>
  plan.changes.filter((change) => change.wouldFail === undefined).length;

const batchOf = (publicUrl: string, operations: readonly Operation[], refused: Besides['refused']) => ({
  approval_url: `${publicUrl}/approvals?batch=${operations[0]?.batch?.[0] ?? ''}`,
  parts: operations.map((each) => ({
    request_id: each.operationId,
    status: requestStatus[each.status],
    resources_affected: affectedBy(each),
  })),
  refused: refused.map(({ part, code, message }) => ({ part, code, message: clean(message, 500) })),
});

type Shared =
  | 'scopes'
  | 'approveScope'
  | 'annotations'
  | 'read'
  | 'apply'
  | 'judge'
  | 'cost'
  | 'resourceKey'
  | 'revert'
  | 'policyVersion'
  | 'present';

/** Reading back, applying and reverting: the same whether tags are set or removed. */
export const tagChange = (pack: TaggingPack): Pick<Change<z.ZodObject, typeof RequestedChange>, Shared> => ({
  scopes: ['tag:write'],
  approveScope: 'tag:approve',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  read: async (changes, context) => {
    const planned = changes.filter((change) => !isUnread(change.wouldFail));
    const names = planned.map((change) => change.resourceId);
    const found = await readAll(pack.estate, names, context);
    return new Map(
      changes.flatMap(({ resourceId, kind, before, wouldFail }): [string, State][] => {
        const resource = found.get(resourceId);
        if (resource) return [[resourceId, stateOf(kind, resource.tags, Object.keys(before))]];
        // Planned as missing and still missing, or never to be written: nothing moved.
        return wouldFail === 'not_found' || isUnread(wouldFail) ? [[resourceId, before]] : [];
      }),
    );
  },
  apply: async (changes, context) => {
    const outcomes = await applyBulk(pack, changes, context);
    await noteApplied(pack, changes, outcomes, context);
    return outcomes;
  },
  judge: async (changes, context) => judgeChanges(pack, changes, await pack.policy.current(), context),
  cost: costOf,
  resourceKey: ({ resourceId }) => resourceKeyOf(resourceId),
  revert: (change) => ({ ...change, before: change.after, after: change.before }),
  policyVersion: async () => (await pack.policy.current()).version,
  present: (operation, besides) => presentRequest(pack, operation, besides),
});
