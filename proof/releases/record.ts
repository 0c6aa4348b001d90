/**
 * Records the service of a commit as the previous release, which the proof of the cutover starts from:
 * `node proof/releases/record.ts <commit>`. Run it when a version was released, with the commit of that release.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { argv, stdout } from 'node:process';
import { z } from 'zod';
import { ownCode, packed } from './archive.ts';

const root = resolve(import.meta.dirname, '../..');
const [commit = 'HEAD'] = argv.slice(2);
const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: root, maxBuffer: 2 ** 28 });

const id = git('rev-parse', '--verify', `${commit}^{commit}`).toString().trim();
// Inside the repository, because its imports are looked up in node_modules.
const cache = join(root, 'node_modules/.cache');
await mkdir(cache, { recursive: true });
const checkout = await mkdtemp(join(cache, 'release-'));
try {
  execFileSync('tar', ['-x', '-C', checkout], { input: git('archive', id, 'service', 'contracts', 'package.json') });
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')));
  const css = await readFile(join(checkout, 'service/src/web/countersign.css'), 'utf8');
  const bytes = packed({
    version,
    commit: id,
    files: { 'server.js': await ownCode(checkout), 'countersign.css': css },
  });
  await writeFile(join(import.meta.dirname, 'previous.json.br'), bytes);
  stdout.write(`${version} of ${id.slice(0, 12)}: ${Math.round(bytes.length / 1000)} kB\n`);
} finally {
  await rm(checkout, { recursive: true });
}
