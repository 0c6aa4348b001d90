import { z } from 'zod';
import { CountersignError } from '../../errors.ts';
import { DEFAULT_ROWS } from '../../mcp/answer-size.ts';
import { defineQuery } from '../../mcp/tool.ts';
import { OperationId } from '../../operations/operation.ts';
import { detailOf, OperationDetail } from './present.ts';
import type { CoreServices } from './services.ts';

export const operationId = OperationId.describe('Id of the operation, as the tool that planned it answered');

export const getOperation = ({ pipeline, publicUrl }: CoreServices) =>
  defineQuery({
    name: 'get_operation',
    title: 'Operation',
    description:
      'Shows one operation from plan to revert: what changes, who asked, who countersigned, what was applied to which resource, and whether it can be reverted.',
    scopes: ['tag:read'],
    input: z.object({
      operation_id: operationId,
      limit: z
        .int()
        .min(1)
        .max(200)
        .default(DEFAULT_ROWS)
        .describe('Most changes of one answer; fewer where they are long'),
      cursor: z.string().max(3000).optional().describe('next_cursor of the answer before, for its further changes'),
    }),
    output: OperationDetail,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: async ({ operation_id, ...page }) => {
      const operation = await pipeline.get(operation_id);
      if (!operation) throw new CountersignError('not_found', `operation_id: there is no operation ${operation_id}.`);
      return detailOf(operation, publicUrl, page);
    },
    complete: async (argument, typed) =>
      argument === 'operation_id'
        ? (await pipeline.waiting()).map((operation) => operation.operationId).filter((id) => id.startsWith(typed))
        : [],
  });
