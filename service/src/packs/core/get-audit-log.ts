import { z } from 'zod';
import type { Audit, AuditFilter } from '../../audit/port.ts';
import { AuditRecord } from '../../audit/record.ts';
import type { Caller } from '../../auth/caller.ts';
import { CountersignError } from '../../errors.ts';
import { defineQuery } from '../../mcp/tool.ts';
import type { CoreServices } from './services.ts';

export const AuditQuery = z.object({
  person: z.string().max(200).optional().describe('Person id. Default yourself; others need the admin scope'),
  operation_id: z.string().max(64).optional().describe('Everything that happened to one operation'),
  account_id: z
    .string()
    .max(64)
    .optional()
    .describe('Everything that happened on one upstream account; needs the admin scope'),
  correlation_id: z.string().max(128).optional().describe('Everything one call led to'),
  from: z.iso.datetime().optional().describe('Not before, ISO 8601 UTC'),
  to: z.iso.datetime().optional().describe('Not after, ISO 8601 UTC'),
  limit: z.number().int().min(1).max(200).default(50).describe('Most records of one answer'),
  cursor: z.string().max(2000).optional().describe('next_cursor of the answer before'),
});

export const AuditPage = z.object({ records: z.array(AuditRecord), next_cursor: z.string().optional() });

/** Records a caller may see: their own, those of an operation, and with the admin scope everybody's. */
export const readAudit = async (
  audit: Audit,
  query: z.output<typeof AuditQuery>,
  caller: Caller,
): Promise<z.output<typeof AuditPage>> => {
  const admin = caller.scopes.has('admin');
  const foreign = query.account_id !== undefined || (query.person !== undefined && query.person !== caller.personId);
  if (foreign && !admin)
    throw new CountersignError('access_denied', 'person, account_id: the records of others need the scope admin.');
  const own = query.operation_id === undefined && query.correlation_id === undefined && !foreign;
  const filter: AuditFilter = {
    ...(query.person !== undefined ? { userId: query.person } : own ? { userId: caller.personId } : {}),
    ...(query.operation_id === undefined ? {} : { operationId: query.operation_id }),
    ...(query.account_id === undefined ? {} : { accountId: query.account_id }),
    ...(query.correlation_id === undefined ? {} : { correlationId: query.correlation_id }),
    ...(query.from === undefined ? {} : { from: query.from }),
    ...(query.to === undefined ? {} : { to: query.to }),
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    limit: query.limit,
  };
  const page = await audit.query(filter);
  // A correlation id is another person's to share, not to guess: only their own records are shown without admin.
  const visible =
    admin || query.operation_id !== undefined
      ? page.items
      : page.items.filter((record) => record.userId === caller.personId);
  return page.cursor === undefined ? { records: visible } : { records: visible, next_cursor: page.cursor };
};

export const getAuditLog = ({ audit }: CoreServices) =>
  defineQuery({
    name: 'get_audit_log',
    title: 'Audit log',
    description:
      'Reads the append-only audit log, newest first: who did what with which result, with state before and after changes, and what was assumed. Your own records by default.',
    pack: 'core',
    scopes: ['tag:read'],
    input: AuditQuery,
    output: AuditPage,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: (query, context) => readAudit(audit, query, context.caller),
  });
