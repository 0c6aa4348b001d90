/** Hashes that say whether what is applied is what was reviewed. */
import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from './workspace.ts';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export const hashOfFile = async (file: string): Promise<string> => sha256(await readFile(file));

/** Of every file below, with its path; terraform's working folder and what it links to is left out. */
export const hashOfFolder = async (folder: string): Promise<string> => {
  const files: string[] = [];
  for await (const entry of glob('**/*', {
    cwd: folder,
    withFileTypes: true,
    exclude: ({ name }) => name === '.terraform',
  }))
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  const lines = await Promise.all(
    files.sort().map(async (file) => `${file.slice(folder.length)} ${await hashOfFile(file)}`),
  );
  return sha256(lines.join('\n'));
};

/** Of what the settings and the code synthesize to, without what terraform adds to the folder. */
export const hashOfSources = async (stacks: readonly Stack[]): Promise<string> => {
  const lines = stacks.map(async ({ name, folder }) => `${name} ${await hashOfFile(join(folder, 'cdk.tf.json'))}`);
  return sha256((await Promise.all(lines)).join('\n'));
};
