/** PostgreSQL compiled to WebAssembly, in a folder of this process or in its memory. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type Results, types } from '@electric-sql/pglite';
import type { TableEngine } from '../../tables.ts';
import { shapes } from '../shape.ts';
import { openTables } from '../tables.ts';
import type { Result, SqlClient, Statement } from './client.ts';
import { holdFolder } from './folder.ts';
import { migrate } from './migrate.ts';
import { toSchema } from './schema.ts';
import { PostgresBackend } from './tables.ts';

const options = {
  rowMode: 'array',
  parsers: { [types.JSONB]: (text: string) => text, [types.INT8]: Number },
} as const;

const toResult = ({ rows, affectedRows = 0 }: Results<unknown[]>): Result => ({
  rows,
  count: rows.length > 0 ? rows.length : affectedRows,
});

const connect = (db: PGlite, release: () => Promise<void>): SqlClient => ({
  query: async ({ text, values }: Statement) => toResult(await db.query<unknown[]>(text, [...values], options)),
  transaction: (work) =>
    db.transaction(async (tx) => {
      const holds = await work(async ({ text, values }) =>
        toResult(await tx.query<unknown[]>(text, [...values], options)),
      );
      if (!holds) await tx.rollback();
      return holds;
    }),
  close: async () => {
    if (!db.closed) await db.close();
    await release();
  },
});

export interface EmbeddedOptions {
  /** Folder of the database, made if absent. Undefined: in memory, gone with the process. */
  readonly dataDir: string | undefined;
  readonly now?: () => Date;
}

/** @throws Error naming the folder when another process holds it */
export const openEmbedded = async ({ dataDir, now }: EmbeddedOptions): Promise<TableEngine> => {
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = dataDir === undefined ? async () => {} : await holdFolder(dataDir);
  let close = release;
  try {
    const db = await PGlite.create(dataDir === undefined ? {} : { dataDir: join(dataDir, 'postgres') });
    const client = connect(db, release);
    close = client.close;
    await migrate(client, toSchema(Object.values(shapes)));
    return openTables(new PostgresBackend(client), now);
  } catch (error) {
    await close();
    throw error;
  }
};
