import { z } from 'zod';
import { type Change, defineChange, noAccounts } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { applyPolicyChange, judgePolicyChange, planPolicyChange, readPolicyState } from '../policy/change.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { requestStatus } from './tag-change.ts';

/** A tag policy of AWS by its id, or what is in effect for our account. */
export const AwsPolicyId = z
  .string()
  .regex(/^(p-[0-9a-z_]{8,128}|effective)$/, 'must be a policy id such as p-examplepolicy1, or effective');

const sources = ['policy_id', 'to_version', 'policy'] as const;

export const changeTaggingPolicy = (pack: TaggingPack): Change =>
  defineChange({
    name: 'change_tagging_policy',
    title: 'Change the tagging policy',
    description:
      'Asks for another tagging policy: a tag policy of AWS, an earlier version, or one written out. For admins. It holds once another person approves it at approval_url, seeing what becomes of the score.',
    scopes: ['admin'],
    approveScope: 'tag:approve',
    input: z
      .strictObject({
        policy_id: AwsPolicyId.optional().describe('Tag policy of AWS: see import_aws_tag_policy'),
        to_version: z.int().min(1).optional().describe('Earlier version to go back to'),
        policy: z
          .record(z.string(), z.unknown())
          .optional()
          .describe('A whole policy, as get_tagging_policy answers it'),
        reason: z.string().max(500).optional().describe('Why, for the person who approves'),
        idempotency_key: z.string().min(8).max(100).optional().describe('A retry with it is the same request'),
      })
      .superRefine((input, issues) => {
        if (sources.filter((name) => input[name] !== undefined).length !== 1)
          issues.addIssue({
            code: 'custom',
            path: ['policy_id'],
            message: 'give one of policy_id, to_version and policy',
          });
      }),
    output: z.object({
      request_id: z.string(),
      status: z.string(),
      approval_url: z.string(),
      expires_at: z.string(),
      summary: z.string(),
      warnings: z.array(z.string()),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    accounts: noAccounts,
    plan: (input, context) => planPolicyChange(pack, input, context),
    read: (changes) => readPolicyState(pack, changes),
    apply: (changes, context) => applyPolicyChange(pack, changes, context),
    judge: (changes, context) => judgePolicyChange(pack, changes, context),
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    countersign: () => 'second-person',
    policyVersion: async () => (await pack.policy.current()).version,
    present: ({ operationId, status, expiresAt, plan }) => ({
      request_id: operationId,
      status: requestStatus[status],
      approval_url: `${pack.settings.publicUrl}/approvals/${operationId}`,
      expires_at: expiresAt,
      summary: plan.summary,
      warnings: plan.warnings,
      untrusted_text: ['summary', 'warnings'],
    }),
  });
