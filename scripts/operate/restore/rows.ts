/** How many rows a table holds, and how many of them it held at a moment. */
import type { TableContract } from '../../../contracts/table.ts';
import { tables as contracts, type TableName } from '../../../contracts/tables.ts';
import type { TableReader } from '../../../service/src/ports/tables.ts';

export interface Rows {
  readonly all: number;
  /** Of before the moment; undefined for tables whose rows do not tell when they came. */
  readonly before?: number;
}

/**
 * The attribute that tells when a row came: of tables from which nothing is taken but by an expiry that never moves.
 * What came before a moment is then the same in a copy of it and in what is in service.
 */
export const cameAt = (name: TableName): string | undefined => {
  const { attributes, removable, appendOnly, ttl }: TableContract = contracts[name];
  if (appendOnly === true) return 'timestamp';
  return removable !== true && ttl === undefined && attributes.createdAt?.type === 'timestamp'
    ? 'createdAt'
    : undefined;
};

const PAGE = 1000;

/** @param before rows that came later, or are past their time by now, are not counted as of before */
export const countRows = async (
  tables: TableReader,
  name: TableName,
  { before, now }: { readonly before: Date; readonly now: Date },
): Promise<Rows> => {
  const [came, { ttl }]: [string | undefined, TableContract] = [cameAt(name), contracts[name]];
  const found = { all: 0, before: 0 };
  let cursor: string | undefined;
  do {
    const page = await tables.scan(name, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const row of page.items as readonly Readonly<Record<string, unknown>>[]) {
      found.all += 1;
      const expires = ttl === undefined ? undefined : row[ttl];
      const isOver = typeof expires === 'number' && expires * 1000 <= now.getTime();
      if (came !== undefined && !isOver && String(row[came]) <= before.toISOString()) found.before += 1;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return came === undefined ? { all: found.all } : found;
};
