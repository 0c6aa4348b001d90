/** A new, empty database of the embedded store, copied: making one takes a second of processor time for each service. */
import { constants } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';

const cache = resolve(import.meta.dirname, '../../../node_modules/.cache/countersign');
const Package = z.object({ version: z.string() });

/** As PostgreSQL makes it, before anything of the service is in it. One a version, made by whoever comes first. */
const model = async (): Promise<string> => {
  const main = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = Package.parse(JSON.parse(await readFile(join(dirname(main), '../package.json'), 'utf8')));
  const made = join(cache, `pglite-${version}`);
  const isMade = await access(made).then(
    () => true,
    () => false,
  );
  if (isMade) return made;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-'));
  const dataDir = join(making, 'postgres');
  await (await PGlite.create({ dataDir })).close();
  // Another process may have been faster; a folder that is not empty stays.
  await rename(dataDir, made).catch(() => {});
  await rm(making, { recursive: true });
  return made;
};

let known: Promise<string> | undefined;

/** Puts a new database into a DATA_DIR that has none. */
export const putNewDatabase = async (dataDir: string): Promise<void> => {
  known ??= model();
  await cp(await known, join(dataDir, 'postgres'), { recursive: true, mode: constants.COPYFILE_FICLONE });
};
