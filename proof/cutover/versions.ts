/** The versions of the service that a cutover is tried with, as programs on disk. */
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ownCode, unpacked } from '../releases/archive.ts';
import { laterRelease } from './next-release.ts';

const root = resolve(import.meta.dirname, '../..');
// Below node_modules, because that is where what it imports is looked up.
const cache = join(root, 'node_modules/.cache/countersign/versions');

/**
 * previous: the release that was recorded last. current: this checkout. reading: a release that reads what the next one writes.
 * next: that one.
 */
export type VersionName = 'previous' | 'current' | 'reading' | 'next';

const previous = async (): Promise<Readonly<Record<string, string>>> =>
  unpacked(await readFile(join(root, 'proof/releases/previous.json.br'))).files;

const built = async (plugins: Parameters<typeof ownCode>[1]): Promise<Readonly<Record<string, string>>> => ({
  'server.js': await ownCode(root, plugins),
  'countersign.css': await readFile(join(root, 'service/src/web/countersign.css'), 'utf8'),
});

const files: Readonly<Record<VersionName, () => Promise<Readonly<Record<string, string>>>>> = {
  previous,
  current: () => built([]),
  reading: () => built([laterRelease(root, 'reading')]),
  next: () => built([laterRelease(root, 'next')]),
};

/** Path of the version's program. Its folder is named after what is in it, so it is written once. */
export const programOfVersion = async (version: VersionName): Promise<string> => {
  const contents = { ...(await files[version]()), 'package.json': '{"type":"module"}\n' };
  const folder = join(cache, createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 16));
  const program = join(folder, 'server.js');
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-'));
  for (const [name, content] of Object.entries(contents)) await writeFile(join(making, name), content);
  // Another process may have been faster; a folder that is not empty stays.
  await rename(making, folder).catch(() => rm(making, { recursive: true }));
  return program;
};
