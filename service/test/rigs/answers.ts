/** What stories read from the tools' answers. The full schemas are the tools' own, and the service checks them. */
import { z } from 'zod';
import type { Agent, CallOptions } from './clients.ts';

const Score = z.number().nullable();

export const Compliance = z.looseObject({
  cached: z.boolean(),
  data_quality: z.looseObject({ status: z.string(), cost_data: z.string(), failed_accounts: z.array(z.unknown()) }),
  compliance_score: Score,
  total_resources: z.number(),
  compliant_resources: z.number(),
  total_violations: z.number(),
  violations: z.array(
    z.looseObject({ resource_id: z.string(), tag_name: z.string(), severity: z.string(), violation_type: z.string() }),
  ),
  next_cursor: z.string().optional(),
  cost_attribution_gap: z.number().nullable(),
  accounts_scanned: z.number().optional(),
  results_by_account: z
    .record(z.string(), z.looseObject({ account_name: z.string(), compliance_score: Score }))
    .optional(),
  regional_breakdown: z.record(z.string(), z.looseObject({ total_resources: z.number() })),
});

export const Untagged = z.looseObject({
  total_untagged: z.number(),
  resources: z.array(
    z.looseObject({
      arn: z.string(),
      resource_type: z.string(),
      account_id: z.string(),
      current_tags: z.record(z.string(), z.string()),
      missing_required_tags: z.array(z.string()),
      monthly_cost_estimate: z.number().nullable(),
    }),
  ),
  next_cursor: z.string().optional(),
});

export const Preview = z.looseObject({
  preview: z.looseObject({
    resources_affected: z.number(),
    resources_expected_to_fail: z.number(),
    current_compliance: Score,
    projected_compliance: Score,
    resources_gained: z.number(),
    resources: z.array(
      z.looseObject({
        arn: z.string(),
        current_tags: z.record(z.string(), z.string()),
        new_tags: z.record(z.string(), z.string()),
        tags_added: z.array(z.string()),
      }),
    ),
  }),
  next_cursor: z.string().optional(),
});

/** Of bulk_tag_resources. */
export const Requested = z.looseObject({
  request_id: z.string(),
  status: z.string(),
  resources_affected: z.number(),
  approval_url: z.string(),
  approvers: z.array(z.string()),
});

/** Of the tools of the pipeline itself. */
export const Detail = z.looseObject({
  operation_id: z.string(),
  status: z.string(),
  approval_url: z.string(),
  approval_hash: z.string(),
  approvals: z.array(
    z.looseObject({ by: z.string(), decision: z.string(), comment: z.string().nullable(), via: z.string() }),
  ),
  changes: z.array(
    z.looseObject({
      resource_id: z.string(),
      before: z.record(z.string(), z.unknown()),
      after: z.record(z.string(), z.unknown()),
      outcome: z.string().nullable(),
    }),
  ),
  result: z.looseObject({ applied: z.number(), failed: z.number(), skipped: z.number() }).nullable(),
  note: z.string().nullable(),
  reverts: z.string().nullable(),
  reverted_by: z.string().nullable(),
});

export const AuditPage = z.looseObject({
  records: z.array(
    z.looseObject({
      userId: z.string(),
      tool: z.string(),
      action: z.string(),
      result: z.string(),
      sequence: z.number(),
      correlationId: z.string(),
      errorCode: z.string().optional(),
      before: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      after: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    }),
  ),
  next_cursor: z.string().optional(),
});

/** Calls a tool and reads its answer. */
export const ask = async <S extends z.ZodType>(
  agent: Pick<Agent, 'call'>,
  schema: S,
  tool: string,
  args: Record<string, unknown> = {},
  options: CallOptions = {},
): Promise<z.output<S>> => schema.parse(await agent.call(tool, args, options));

/** The estate as it is now, not as of the last scan. */
export const complianceNow = (agent: Pick<Agent, 'call'>) =>
  ask(agent, Compliance, 'check_tag_compliance', { force_refresh: true });

/** What the audit log says of an operation, newest first. */
export const stepsOf = async (agent: Pick<Agent, 'call'>, operation_id: string, more: Record<string, unknown> = {}) =>
  (await ask(agent, AuditPage, 'get_audit_log', { operation_id, limit: 50, ...more })).records;

/** Approves a bulk tagging request through an agent, as it is planned now. */
export const approveByTool = async (agent: Pick<Agent, 'call'>, request_id: string, comment?: string) => {
  const { approval_hash } = await ask(agent, Detail, 'get_operation', { operation_id: request_id });
  return agent.call('approve_bulk_tagging_request', { request_id, action: 'approve', approval_hash, comment });
};
