import { z } from 'zod';
import { defineQuery } from '../../mcp/tool.ts';
import { UntrustedText } from '../../untrusted.ts';
import { OperationSummary, summaryOf } from './present.ts';
import type { CoreServices } from './services.ts';

export const listPendingOperations = ({ pipeline, publicUrl }: CoreServices) =>
  defineQuery({
    name: 'list_pending_operations',
    title: 'Pending operations',
    description:
      'Lists the operations that wait for a confirmation or a countersignature, newest first, with the page where a person decides each.',
    pack: 'core',
    scopes: ['tag:read'],
    input: z.object({
      status: z
        .enum(['awaiting-countersign', 'awaiting-confirmation'])
        .default('awaiting-countersign')
        .describe('Whom they wait for: another person, or their own requester'),
      limit: z.number().int().min(1).max(100).default(20).describe('Most operations of one answer'),
      cursor: z.string().max(2000).optional().describe('next_cursor of the answer before'),
    }),
    output: z.object({
      operations: z.array(OperationSummary),
      next_cursor: z.string().optional().describe('Pass it as cursor for the following ones'),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: async ({ status, limit, cursor }) => {
      const page = await pipeline.list({ status, limit, ...(cursor === undefined ? {} : { cursor }) });
      const operations = page.items.map((operation) => summaryOf(operation, publicUrl));
      const untrusted_text = ['operations[].summary', 'operations[].reason'];
      return { operations, untrusted_text, ...(page.cursor === undefined ? {} : { next_cursor: page.cursor }) };
    },
  });
