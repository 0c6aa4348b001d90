/** A new database of the embedded store, copied, because making one takes two seconds of processor time. */
import { createHash } from 'node:crypto';
import { constants, cpSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openEmbedded } from '../../src/stores/postgres/embedded.ts';
import { toSchema } from '../../src/stores/postgres/schema.ts';
import { shapes } from '../../src/stores/shape.ts';

const cache = resolve(import.meta.dirname, '../../../node_modules/.cache/countersign');
const Package = z.object({ version: z.string() });

/** Small, because it is copied often: with short segments of the log, and without the databases that others are made from. */
const make = async (dataDir: string): Promise<void> => {
  const database = await PGlite.create({
    dataDir: join(dataDir, 'postgres'),
    initDbStartParams: ['--wal-segsize=1'],
  });
  await database.exec('update pg_database set datistemplate = false');
  for (const name of ['template0', 'template1']) await database.exec(`drop database ${name}`);
  await database.close();
  // The tables, with no row.
  await (await openEmbedded({ dataDir })).close();
};

/** One a version of PGlite and a schema, made by whoever comes first. */
const model = async (): Promise<string> => {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = Package.parse(JSON.parse(await readFile(join(dirname(main), '../package.json'), 'utf8')));
  const schema = createHash('sha256').update(JSON.stringify(toSchema(Object.values(shapes))));
  const made = join(cache, `database-${version}-${schema.digest('hex').slice(0, 16)}`);
  const isMade = await access(made).then(
    () => true,
    () => false,
  );
  if (isMade) return made;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-'));
  await make(making);
  // Another process may have been faster; a folder that is not empty stays.
  await rename(join(making, 'postgres'), made).catch(() => {});
  await rm(making, { recursive: true });
  return made;
};

let known: Promise<string> | undefined;

/** Puts a new database into a DATA_DIR that has none, with the tables that a first start makes. */
export const putNewDatabase = async (dataDir: string): Promise<void> => {
  known ??= model();
  // A fifth of the time that its asynchronous twin takes.
  cpSync(await known, join(dataDir, 'postgres'), { recursive: true, mode: constants.COPYFILE_FICLONE });
};

/** A new embedded store in a folder of its own, which goes when it is closed. */
export const openNewDatabase = async (now?: () => Date): Promise<TableEngine> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-database-'));
  await putNewDatabase(dataDir);
  const tables = await openEmbedded({ dataDir, ...(now !== undefined && { now }) });
  return {
    ...tables,
    close: async () => {
      await tables.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
