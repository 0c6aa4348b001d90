/** The operator's wish to stop, heard while something must be put back first. */
import process from 'node:process';
import type { Host } from '../../platform/command.ts';
import { OperatorProblem } from '../../platform/problem.ts';

export const untilStopped = ({ stop }: Pick<Host, 'stop'>): { readonly signal: AbortSignal; end(): void } => {
  const own = new AbortController();
  const heard = () =>
    own.abort(
      new OperatorProblem('Stopped. What a drill turned away is put back; a move goes on when it is run again.'),
    );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, heard);
  return {
    signal: stop === undefined ? own.signal : AbortSignal.any([stop, own.signal]),
    end: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, heard);
    },
  };
};
