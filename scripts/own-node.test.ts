import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { script } from './own-node.ts';

const run = promisify(execFile);

/** A project whose node says "own", on a machine whose node says "system". */
const folder = await mkdtemp(join(tmpdir(), 'countersign-own-node-'));
const bin = join(folder, 'a project/node_modules/.bin');
const system = join(folder, 'system');
const program = async (path: string, text: string): Promise<void> => {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
};
beforeAll(async () => {
  await program(join(bin, 'node'), script);
  await program(join(bin, '../node/bin/node'), '#!/bin/sh\necho own "$@" "${NODE_COMPILE_CACHE##*/node_modules/}"\n');
  await program(join(system, 'node'), '#!/bin/sh\necho system "$@"\n');
});
afterAll(() => rm(folder, { recursive: true }));

const said = async (event: string, path = [bin, system]): Promise<string> => {
  const PATH = [...path, '/usr/bin', '/bin'].join(':');
  const { stdout } = await run(join(bin, 'node'), ['--flag', 'two words'], {
    env: { PATH, npm_lifecycle_event: event },
  });
  return stdout.trim();
};

it('is this project’s in npm scripts, keeping what it compiles, and the one npx was called with in what npx fetched', async () => {
  expect(await said('test')).toBe('own --flag two words .bin/../.cache/countersign/compiled');
  expect(await said('npx')).toBe('system --flag two words');
});
