/** Files for auditors in a folder of this machine. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Archive } from '../audit/export/archive.ts';

/** Files that only this user may read; the folder is made with the first. */
export const folderArchive = (folder: string): Archive => ({
  place: folder,
  create: async (name, bytes) => {
    const file = join(folder, name);
    const draft = join(folder, `.${randomUUID()}`);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    try {
      await writeFile(draft, bytes, { flag: 'wx', mode: 0o600, flush: true });
      // A link fails where a rename would replace, so a file is there whole or not at all, and once.
      await link(draft, file);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
  },
});
