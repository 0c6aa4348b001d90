import { z } from 'zod';
import { defineDecision, noAccounts } from '../../mcp/tool.ts';
import { ApprovalHash, TypedText } from '../../operations/operation.ts';
import { operationId } from './get-operation.ts';
import { detailOf, MovedOperation } from './present.ts';
import type { CoreServices } from './services.ts';

export const confirmOperation = ({ pipeline, publicUrl }: CoreServices) =>
  defineDecision({
    name: 'confirm_operation',
    title: 'Confirm operation',
    description:
      'Withdraws what the person you act for asked for, or confirms what waits for themselves. Where the operator does not allow confirming, they do it at approval_url. Also carries out what is awaiting_requester, with the upstream credential of this call.',
    scopes: ['operations:write'],
    needs: 'write',
    input: z.object({
      operation_id: operationId,
      action: z.enum(['confirm', 'withdraw']).default('confirm').describe('Run it, or take it back'),
      approval_hash: ApprovalHash.optional().describe('To confirm: that of the plan the person read'),
      typed: TypedText.optional().describe('must_type of the plan, typed by them'),
    }),
    output: MovedOperation,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    accounts: noAccounts,
    action: ({ action }) => (action === 'confirm' ? 'confirm' : 'deny'),
    run: async ({ operation_id, action, approval_hash, typed }, context) => {
      const decided = await pipeline.decide(
        { operationId: operation_id, decision: action, approvalHash: approval_hash, typed },
        context.caller,
        context,
      );
      return detailOf(await pipeline.outcome(decided), publicUrl);
    },
  });
