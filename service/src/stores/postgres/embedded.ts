/** PostgreSQL compiled to WebAssembly, in a folder of this process. */

import { mkdir } from 'node:fs/promises';
import { type PGlite, type Results, types } from '@electric-sql/pglite';
import type { TableName } from '../../../../contracts/tables.ts';
import type { TableEngine } from '../../ports/tables.ts';
import { shapesOf } from '../shape.ts';
import { tablesOn } from '../tables.ts';
import { checkSchema, READ_ONLY } from './as-it-is.ts';
import type { Result, SqlClient, Statement } from './client.ts';
import { cannotOpen, openDatabase } from './database.ts';
import { MigrationError } from './differ.ts';
import { FolderLostError, type HeldFolder, holdFolder } from './folder.ts';
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

const connect = (db: PGlite, folder: HeldFolder): SqlClient => ({
  query: async ({ text, values }: Statement) => {
    folder.check();
    return toResult(await db.query<unknown[]>(text, [...values], options));
  },
  transaction: (work) => {
    folder.check();
    return db.transaction(async (tx) => {
      const holds = await work(async ({ text, values }) =>
        toResult(await tx.query<unknown[]>(text, [...values], options)),
      );
      folder.check();
      if (!holds) await tx.rollback();
      return holds;
    });
  },
  close: async () => {
    try {
      if (db.closed) return;
      folder.check();
      await db.close();
    } catch (error) {
      // Closing writes a checkpoint, into what may be another process's database by now.
      if (!(error instanceof FolderLostError)) throw error;
    } finally {
      folder.release();
    }
  },
});

export interface EmbeddedOptions {
  /** Folder of the database, made if absent. */
  readonly dataDir: string;
  readonly now?: () => Date;
  /** Tables it makes and brings to this version. Default: all. */
  readonly tables?: readonly TableName[];
  /** Told once when the folder was taken away; from then on every call is refused. */
  readonly onLost?: (error: Error) => void;
  /** Reads these tables only, and changes no row and no schema. Default: reads and writes all. */
  readonly reads?: readonly TableName[] | undefined;
}

const prepare = async (
  db: PGlite,
  folder: HeldFolder,
  { now, tables, reads }: Pick<EmbeddedOptions, 'now' | 'tables' | 'reads'>,
): Promise<TableEngine> => {
  const client = connect(db, folder);
  const shapes = shapesOf(reads ?? tables);
  try {
    if (reads === undefined) await migrate(client, toSchema(shapes));
    else {
      await checkSchema(client.query, toSchema(shapes));
      await client.query({ text: `set ${READ_ONLY} = on`, values: [] });
    }
    return tablesOn(new PostgresBackend(client, shapes), now);
  } catch (error) {
    await client.close();
    throw error;
  }
};

/** @throws StartError when another process holds the folder, or its database does not open: it says what to do */
export const openEmbedded = async ({ dataDir, onLost, ...options }: EmbeddedOptions): Promise<TableEngine> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const folder = await holdFolder(dataDir, onLost);
  try {
    const db = await openDatabase(dataDir, folder);
    return await prepare(db, folder, options).catch((cause: unknown) => {
      throw cause instanceof MigrationError ? cause : cannotOpen(dataDir, cause);
    });
  } catch (error) {
    folder.release();
    throw error;
  }
};
