/** Anchors in a folder of this machine: beside the embedded store, for the sandbox. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Anchors } from '../audit/anchors.ts';
import { fileOf, numberOf } from './names.ts';

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Files that only this user may read; the folder is made with the first. */
export const folderAnchors = (folder: string): Anchors => ({
  place: folder,
  numbers: async (after) => {
    const files = await readdir(folder).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    const numbers = files.map(numberOf).filter((number) => number !== undefined);
    return numbers.filter((number) => number > after).sort((a, b) => a - b);
  },
  read: async (number) => {
    try {
      return await readFile(join(folder, fileOf(number)), 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  },
  create: async (number, text) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      await writeFile(join(folder, fileOf(number)), text, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  },
  // A folder keeps no versions; what is missing shows by its number.
  tampered: async () => [],
});
