/** Records of another system's audit log as a caller sees them: admins only, because nothing says which of today's people they belong to. */
import { z } from 'zod';
import type { Row } from '../../../../contracts/tables.ts';
import type { ImportedAudit } from '../../audit/port.ts';
import type { Caller } from '../../auth/caller.ts';
import { CountersignError } from '../../errors.ts';
import { charactersFor, fitting } from '../../mcp/answer-size.ts';
import { clean, cleanJson } from '../../untrusted.ts';

export const ImportedRecord = z.object({
  chained: z.literal(false).describe('Proven is only that it is unchanged since its import'),
  import_id: z.string(),
  position: z.number().int(),
  row_hash: z.string(),
  timestamp: z.string(),
  userId: z.string(),
  tool: z.string(),
  record: z.record(z.string(), z.json()),
});
type ImportedRecord = z.output<typeof ImportedRecord>;

/** Members with text from outside. */
export const importedText = ['userId', 'tool', 'record'].map((field) => `records[].${field}`);

const MOST_CHARACTERS = 2000;
const Members = z.record(z.string(), z.json());

const shown = ({
  importId,
  position,
  rowHash,
  timestamp,
  userId,
  tool,
  record,
}: Row<'imported-audit'>): ImportedRecord => ({
  chained: false,
  import_id: importId,
  position: Number(position),
  row_hash: rowHash,
  timestamp,
  userId: clean(userId),
  tool: clean(tool),
  record: Members.parse(cleanJson(Members.parse(record), MOST_CHARACTERS)),
});

export interface ImportedQuery {
  readonly person?: string | undefined;
  readonly operation_id?: string | undefined;
  readonly account_id?: string | undefined;
  readonly correlation_id?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** @throws access_denied, invalid_input */
export const readImported = async (
  imported: ImportedAudit,
  query: ImportedQuery,
  caller: Caller,
): Promise<{ readonly records: ImportedRecord[]; readonly next_cursor?: string }> => {
  if (!caller.scopes.has('admin'))
    throw new CountersignError('access_denied', 'source: imported records need the scope admin.');
  for (const name of ['operation_id', 'account_id', 'correlation_id'] as const)
    if (query[name] !== undefined)
      throw new CountersignError('invalid_input', `${name}: imported records have none. Ask by person, from and to.`);
  const read = (limit: number) =>
    imported.query({
      limit,
      ...(query.person === undefined ? {} : { userId: query.person }),
      ...(query.from === undefined ? {} : { from: query.from }),
      ...(query.to === undefined ? {} : { to: query.to }),
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    });
  const found = await read(query.limit);
  const records = fitting(found.items.map(shown), charactersFor(query.limit));
  // The cursor of a shorter page is the log's to give.
  const { items, cursor } = records.length < found.items.length ? await read(records.length) : found;
  return { records: items.map(shown), ...(cursor === undefined ? {} : { next_cursor: cursor }) };
};
