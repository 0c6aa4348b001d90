/** Files that the emulator reads, see shim/traffic.py. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Replaces it as a whole, so that no reader finds half of it. */
export const written = async (
  folder: string,
  name: 'targets.json' | 'services.json' | 'tasks.json',
  content: object,
): Promise<void> => {
  const path = join(folder, name);
  await writeFile(`${path}.new`, JSON.stringify(content));
  await rename(`${path}.new`, path);
};
