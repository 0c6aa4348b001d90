/**
 * Jest's global setup: two processes that stand-ins for AWS are forked from. They import moto once somebody asks for one, and
 * end with jest, because their standard input does.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { FORKS, type ForkKind, forkKinds, forksOf } from '../service/test/servers/forks.ts';
import { findPython } from './emulator/moto.ts';

const root = join(import.meta.dirname, '..');
const inventory = join(root, 'scripts/emulator/inventory.py');
const shims: Readonly<Record<ForkKind, readonly string[]>> = { shim: [join(root, 'scripts/emulator/shim')], plain: [] };

/** Once it listens, nothing here waits for it. */
const start = (python: string, socket: string, shim: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(
      python,
      [join(root, 'service/test/servers/forks.py'), socket, inventory, ...shim],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      },
    );
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`forks.py ended with ${code}`)));
    child.stdout?.once('data', () => {
      child.stdout?.destroy();
      child.unref();
      resolve();
    });
  });

export default async (): Promise<void> => {
  const python = await findPython().catch(() => undefined);
  // The tests that need it say so.
  if (python === undefined) return;
  process.env[FORKS] = await mkdtemp(join(tmpdir(), 'countersign-forks-'));
  await Promise.all(forkKinds.map((kind) => start(python, forksOf(kind) ?? '', shims[kind])));
};
