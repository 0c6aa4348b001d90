import { z } from 'zod';
import type { Caller } from '../../auth/caller.ts';
import { CountersignError } from '../../errors.ts';
import { DEFAULT_ROWS } from '../../mcp/answer-size.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import { OperationId } from '../../operations/operation.ts';
import { detailOf, OperationDetail } from './present.ts';
import type { CoreServices } from './services.ts';

export const operationId = OperationId.describe('As its tool answered');

/** Ids of operations that somebody is waited for and the caller may see, for completion. */
export const waitingIds = async (
  pipeline: CoreServices['pipeline'],
  caller: Caller,
  typed: string,
): Promise<string[]> =>
  (await pipeline.seenBy(caller).waiting()).map(({ operationId: id }) => id).filter((id) => id.startsWith(typed));

export const getOperation = ({ pipeline, publicUrl }: CoreServices) =>
  defineQuery({
    name: 'get_operation',
    title: 'Operation',
    description:
      'Shows one operation from plan to revert: what changes, who asked and decided, what was applied to which resource, whether it can be reverted.',
    scopes: ['operations:read'],
    input: z.object({
      operation_id: operationId,
      limit: z.int().min(1).max(200).default(DEFAULT_ROWS).describe('Most changes'),
      cursor: z.string().max(3000).optional().describe('next_cursor of the answer before'),
    }),
    output: OperationDetail.extend({
      awaiting_requester: z.boolean().optional().describe('Its requester’s agent calls confirm_operation now'),
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ operation_id, ...page }, { caller }) => {
      const operation = await pipeline.seenBy(caller).get(operation_id);
      if (!operation) throw new CountersignError('not_found', `operation_id: there is no operation ${operation_id}.`);
      return {
        ...detailOf(operation, publicUrl, page),
        ...(pipeline.awaitsRequester(operation) && { awaiting_requester: true }),
      };
    },
    complete: async (argument, typed, caller) =>
      argument === 'operation_id' ? waitingIds(pipeline, caller, typed) : [],
  });
