import { z } from 'zod';
import { defineDecision, noAccounts } from '../../mcp/tool.ts';
import { operationId } from './get-operation.ts';
import { detailOf, MovedOperation } from './present.ts';
import type { CoreServices } from './services.ts';

export const rollbackOperation = ({ pipeline, publicUrl }: CoreServices) =>
  defineDecision({
    name: 'rollback_operation',
    title: 'Roll back operation',
    description:
      'Plans undoing an applied operation or part of it: a new operation that restores each resource and is countersigned itself. Refused when a resource changed since, or it cannot be undone.',
    scopes: ['operations:write'],
    needs: 'write',
    input: z.object({
      operation_id: operationId,
      resource_ids: z
        .array(z.string().min(1).max(2000))
        .min(1)
        .max(500)
        .optional()
        .describe('Only these of its changes'),
      reason: z.string().trim().min(1).max(500).optional().describe('For whoever countersigns'),
    }),
    output: MovedOperation,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    accounts: noAccounts,
    action: () => 'plan',
    run: async ({ operation_id: operationId, reason, resource_ids: only }, context) =>
      detailOf(await pipeline.revert({ operationId, reason, only }, context), publicUrl),
  });
