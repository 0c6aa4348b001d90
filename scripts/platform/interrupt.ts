/** Lets a command undo what it changed before it ends, when somebody stops it. */
import process from 'node:process';
import type { Host } from './host.ts';
import { OperatorProblem } from './problem.ts';

/**
 * Runs work that ends early when the operator interrupts, and is waited for: what stands in its `finally` is done.
 * A second interrupt changes nothing.
 */
export const interruptible = async <T>(
  host: Pick<Host, 'stop' | 'err'>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const own = new AbortController();
  const stop = (): void => {
    if (own.signal.aborted) return;
    host.err('Interrupted: putting everything back first. Please wait.');
    own.abort(new OperatorProblem('Interrupted.'));
  };
  const given = host.stop;
  if (given?.aborted === true) stop();
  given?.addEventListener('abort', stop);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(own.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    given?.removeEventListener('abort', stop);
  }
};
