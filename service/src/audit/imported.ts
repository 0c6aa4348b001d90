/**
 * Records of another system's audit log, imported by `npm run audit:import`. They were not written by this service, so they
 * are in no chain: what is proven is only that they have not changed since they were imported.
 */
import type { Row } from '../../../contracts/tables.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { Tables } from '../ports/tables.ts';
import { logDateOf } from './chain.ts';
import type { ImportedAudit } from './port.ts';
import { bounds, walkDays } from './query.ts';

/** A row of the other system. */
export interface ImportedRow {
  /** Its number there. */
  readonly n: number;
  /** When it was written, ISO 8601 UTC. */
  readonly at: string;
  /** All its columns, secrets taken out. */
  readonly row: Readonly<Record<string, unknown>>;
}

const DIGITS = 16;
/** The number as the table's sort attribute. */
export const positionOf = (n: number): string => String(n).padStart(DIGITS, '0');

/** One line of the archived file, which the row's hash is over. */
export const lineOf = ({ n, at, row }: ImportedRow): string => canonicalJson({ at, n, row });

/** SHA-256 over the line. */
export const rowHashOf = (row: ImportedRow): string => sha256(lineOf(row));

export interface Attribution {
  readonly userId: string;
  readonly tool: string;
}

export const toImported = (
  importId: string,
  row: ImportedRow,
  { userId, tool }: Attribution,
): Row<'imported-audit'> => ({
  importId,
  position: positionOf(row.n),
  timestamp: row.at,
  logDate: logDateOf(row.at),
  userId,
  tool,
  rowHash: rowHashOf(row),
  record: row.row,
});

export const fromImported = ({ position, timestamp, record }: Row<'imported-audit'>): ImportedRow => ({
  n: Number(position),
  at: timestamp,
  row: Object(record),
});

/** Rows of an import in the order of their numbers, both included. */
export async function* importedRows(
  tables: Pick<Tables, 'query'>,
  importId: string,
  { first, last }: { readonly first: number; readonly last: number },
): AsyncGenerator<Row<'imported-audit'>> {
  let cursor: string | undefined;
  do {
    const page = await tables.query('imported-audit', {
      partition: importId,
      from: positionOf(first),
      to: positionOf(last),
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

export const openImportedAudit = (tables: Pick<Tables, 'query'>, now: () => Date): ImportedAudit => ({
  query: ({ userId, limit = 100, cursor, ...filter }) => {
    const common = { ...bounds(filter), descending: true };
    if (userId === undefined)
      return walkDays(
        (partition, page) =>
          tables.query('imported-audit', { index: 'timestamp-index', partition, ...common, ...page }),
        () => true,
        { ...filter, limit, ...(cursor === undefined ? {} : { cursor }) },
        now(),
      );
    const of = { index: 'userId-index', partition: userId, limit, ...common } as const;
    return tables.query('imported-audit', { ...of, ...(cursor === undefined ? {} : { cursor }) });
  },
});
