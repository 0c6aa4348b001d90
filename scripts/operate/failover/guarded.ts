/** Work during which records are not as they should be: put back at its end, and by a guard when there is no end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Turn } from './turn.ts';

/** @throws OperatorProblem where no guard starts: then nothing was begun */
export const guarded = async <T>(
  turns: readonly Turn[],
  work: () => Promise<T>,
  putBack: () => Promise<void>,
): Promise<T> => {
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard.ts')], {
    detached: true,
    env: process.env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  guard.stdin.on('error', () => {});
  guard.stdin.write(`${JSON.stringify(turns)}\n`);
  const [said] = await Promise.race([once(guard.stdout, 'data'), once(guard, 'exit')]);
  if (!String(said).startsWith('watching'))
    throw new OperatorProblem('The guard of the drill did not start. Nothing was changed.');
  try {
    return await work();
  } finally {
    let word = '';
    try {
      await putBack();
      word = 'done\n';
    } finally {
      // Without the word the guard goes on trying.
      guard.stdin.end(word);
      guard.stdout.destroy();
      guard.unref();
    }
  }
};
