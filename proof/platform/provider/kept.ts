/** What is known of a version of the provider, beside its program. */
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param find is asked where nobody has found it yet; several may at once */
export const keptIn = async (folder: string, name: string, find: () => Promise<Buffer>): Promise<Buffer> => {
  const file = join(folder, name);
  const kept = await readFile(file).catch(() => undefined);
  if (kept !== undefined) return kept;
  const found = await find();
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, found);
  await rename(own, file);
  return found;
};
