import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../mcp/answer-size.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import type { Operation } from '../../operations/operation.ts';
import { UntrustedText } from '../../untrusted.ts';
import { ListedOperation, summaryOf } from './present.ts';
import type { CoreServices } from './services.ts';

export const listPendingOperations = ({ pipeline, publicUrl }: CoreServices) =>
  defineQuery({
    name: 'list_pending_operations',
    title: 'Pending operations',
    description:
      'Lists the operations you may see that wait for a person, newest first, with the page where each is decided.',
    scopes: ['operations:read'],
    input: z.object({
      status: z
        .enum(['awaiting-countersign', 'awaiting-confirmation'])
        .default('awaiting-countersign')
        .describe('For another person, or for their own requester'),
      limit: z.int().min(1).max(100).default(DEFAULT_ROWS).describe('Most operations'),
      cursor: z.string().max(2000).optional().describe('next_cursor of the answer before'),
    }),
    output: z.object({
      operations: z.array(ListedOperation),
      next_cursor: z.string().optional(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ status, limit, cursor }, { caller }) => {
      const seen = pipeline.seenBy(caller);
      const list = (most: number) =>
        seen.recent({ statuses: [status], limit: most, ...(cursor === undefined ? {} : { cursor }) });
      const summaries = (items: readonly Operation[]) => items.map((operation) => summaryOf(operation, publicUrl));
      const asked = await list(limit);
      const fit = fitting(summaries(asked.items), charactersFor(limit)).length;
      // The cursor of a shorter page is the store's to give.
      const page = fit === asked.items.length ? asked : await list(fit);
      const operations = summaries(page.items);
      const untrusted_text = ['operations[].summary', 'operations[].reason'];
      return { operations, untrusted_text, ...(page.cursor === undefined ? {} : { next_cursor: page.cursor }) };
    },
  });
