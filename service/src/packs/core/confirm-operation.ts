import { z } from 'zod';
import { defineDecision } from '../../mcp/tool.ts';
import { operationId } from './get-operation.ts';
import { detailOf, OperationDetail } from './present.ts';
import type { CoreServices } from './services.ts';

export const confirmOperation = ({ pipeline, publicUrl }: CoreServices) =>
  defineDecision({
    name: 'confirm_operation',
    title: 'Confirm operation',
    description:
      'Confirms, or withdraws, an operation you asked for yourself and that waits for your own confirmation. Operations that wait for a countersignature need another person.',
    pack: 'core',
    scopes: ['tag:write'],
    input: z.object({
      operation_id: operationId,
      action: z.enum(['confirm', 'withdraw']).default('confirm').describe('Run it, or take it back'),
      approval_hash: z
        .string()
        .length(64)
        .optional()
        .describe('approval_hash of the plan the person agreed to; refused when the plan has changed since'),
    }),
    output: OperationDetail,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    run: async ({ operation_id, action, approval_hash }, context) => {
      const operation = await pipeline.decide(
        {
          operationId: operation_id,
          decision: action === 'confirm' ? 'confirm' : 'deny',
          via: context.via,
          approvalHash: approval_hash,
        },
        context.caller,
        context,
      );
      return detailOf(operation, publicUrl);
    },
  });
