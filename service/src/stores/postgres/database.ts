/** The files of the embedded database: made whole or not at all, and opened with a word about what to do if that fails. */
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { StartError } from '../../start-error.ts';
import type { HeldFolder } from './folder.ts';

const FOLDER = 'postgres';
/** Stands beside the database until it was made whole for the first time. */
const UNFINISHED = 'postgres.unfinished';

/** Whether a database was ever made whole in the folder. Makes nothing. */
export const hasDatabase = (dataDir: string): boolean =>
  existsSync(join(dataDir, FOLDER)) && !existsSync(join(dataDir, UNFINISHED));

/** PostgreSQL sets 128 MB aside by default, of which a store that serves one machine's people needs a tenth. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

/** For whoever starts the service: why the database does not open, and the two ways on. */
export const cannotOpen = (dataDir: string, cause: unknown): StartError => {
  const reason = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
  return new StartError(
    `DATA_DIR ${dataDir} holds a database that does not open (${reason}). Put back a backup of the whole folder; or, to begin with an empty store, move ${join(dataDir, FOLDER)} away and start again. Nothing was removed from it.`,
    { cause },
  );
};

/** @throws StartError when the database is there and does not open */
export const openDatabase = async (dataDir: string, folder: HeldFolder): Promise<PGlite> => {
  const path = join(dataDir, FOLDER);
  const unfinished = join(dataDir, UNFINISHED);
  // A start that was cut short while it made the database: nobody was served yet, so it holds nothing.
  if (existsSync(unfinished)) await rm(path, { recursive: true, force: true });
  if (!existsSync(path)) await writeFile(unfinished, '');
  const db = await PGlite.create({ dataDir: path, startParams }).catch((cause: unknown) => {
    throw cannotOpen(dataDir, cause);
  });
  await rm(unfinished, { force: true });
  folder.watch(FOLDER);
  return db;
};
