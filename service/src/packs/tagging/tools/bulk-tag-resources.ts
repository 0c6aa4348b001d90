import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import type { Status } from '../../../operations/operation.ts';
import type { State } from '../../../operations/plan.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { noteApplied } from '../changes/applied-changes.ts';
import { stateOf } from '../changes/before-state.ts';
import { applyBulk } from '../changes/bulk-apply.ts';
import { editsOf, writeCalls } from '../changes/bulk-edit.ts';
import { COMPLIANCE_IMPACT, costOf, judgeChanges, planBulk } from '../changes/bulk-plan.ts';
import { accountsOf, readAll, targetInput } from '../changes/targets.ts';
import { resourceKeyOf } from '../estate/arn.ts';
import { isUnread } from '../policy/tag-rules.ts';
import { completeTags, type TaggingPack } from '../scan/scan-tool.ts';

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

export const bulkTagResources = (pack: TaggingPack): Change =>
  defineChange({
    name: 'bulk_tag_resources',
    title: 'Tag resources in bulk',
    description:
      'Asks for tags to be set on up to 500 resources. Nothing is written yet: the change is planned and waits until another person approves it at approval_url. Give the person that URL. Preview first; values the policy refuses are not set. It can be reverted with rollback_operation.',
    scopes: ['tag:write'],
    approveScope: 'tag:approve',
    input: z.strictObject({
      ...targetInput,
      approval_required: z
        .boolean()
        .default(true)
        .describe('False asks to confirm it yourself; only where the operator allows that'),
      reason: z.string().max(500).optional().describe('Why, for the person who approves'),
      idempotency_key: z
        .string()
        .min(8)
        .max(100)
        .optional()
        .describe('Your own key: a retry with the same key and arguments is the same request'),
    }),
    output: z.object({
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
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    accounts: (input) => accountsOf(input.resource_arns),
    estimate: async (input) => {
      const resources = input.resource_arns.length;
      const apiCalls = 2 * writeCalls(editsOf(input.resource_arns, input.tags));
      return { resources, apiCalls, charges: [], seconds: Math.ceil(apiCalls * SECONDS_PER_CALL) };
    },
    complete: async (argument, typed) => (argument === 'tags' ? completeTags(pack, typed) : []),
    plan: async (input, context) => planBulk(pack, input, await pack.policy.current(), context),
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
    countersign: (input) =>
      !input.approval_required && pack.settings.allowSelfConfirm ? 'same-person' : 'second-person',
    policyVersion: async () => (await pack.policy.current()).version,
    present: (operation) => {
      const { plan, operationId } = operation;
      const [compliance] = plan.impact.flatMap((line) =>
        line.unit === 'ratio' && line.label === COMPLIANCE_IMPACT ? [line] : [],
      );
      const failing = plan.changes.filter((change) => change.wouldFail !== undefined).length;
      const known = compliance?.before != null && compliance.after != null;
      return {
        request_id: operationId,
        status: requestStatus[operation.status],
        resources_affected: plan.changes.length - failing,
        resources_expected_to_fail: failing,
        estimated_compliance_improvement: known
          ? Math.round(((compliance.after ?? 0) - (compliance.before ?? 0)) * 10_000) / 10_000
          : null,
        approval_url: `${pack.settings.publicUrl}/approvals/${operationId}`,
        approvers: pack.settings.approvers.filter((email) => email !== operation.requester.email),
        expires_at: operation.expiresAt,
        summary: plan.summary,
        warnings: plan.warnings,
        untrusted_text: ['summary', 'warnings'],
      };
    },
  });
