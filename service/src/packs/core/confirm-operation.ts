import { z } from 'zod';
import { defineDecision } from '../../mcp/tool.ts';
import { ApprovalHash } from '../../operations/operation.ts';
import { operationId } from './get-operation.ts';
import { detailOf, OperationDetail } from './present.ts';
import type { CoreServices } from './services.ts';

export const confirmOperation = ({ pipeline, publicUrl }: CoreServices) =>
  defineDecision({
    name: 'confirm_operation',
    title: 'Confirm operation',
    description:
      'Withdraws an operation that the person you act for asked for and that still waits, or confirms one that waits for their own confirmation. Confirming works only where the operator allows it; else the person confirms at approval_url. Operations that wait for a countersignature need another person.',
    pack: 'core',
    scopes: ['tag:write'],
    input: z.object({
      operation_id: operationId,
      action: z.enum(['confirm', 'withdraw']).default('confirm').describe('Run it, or take it back'),
      approval_hash: ApprovalHash.optional().describe(
        'Required to confirm: approval_hash of the plan the person agreed to (get_operation). Refused when the plan has changed since',
      ),
    }),
    output: OperationDetail,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    run: async ({ operation_id, action, approval_hash }, context) => {
      const decided = await pipeline.decide(
        { operationId: operation_id, decision: action, via: context.via, approvalHash: approval_hash },
        context.caller,
        context,
      );
      return detailOf(await pipeline.outcome(decided), publicUrl);
    },
  });
