/** A process that a test has started. */
import { type SpawnOptions, spawn } from 'node:child_process';

export interface Running {
  kill(signal: NodeJS.Signals): void;
  /** The end of what it has printed. */
  readonly output: () => string;
  /** How it ended; undefined while it runs. */
  readonly end: () => string | undefined;
  readonly ended: Promise<void>;
}

const KEPT = 4000;

/** What is known of a process from what is heard of it. */
export const follow = () => {
  let output = '';
  let how: string | undefined;
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  return {
    hear: (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-KEPT);
    },
    over: (said: string): void => {
      how ??= said;
      resolve();
    },
    output: () => output,
    end: () => how,
    ended,
  };
};

export const startChild = (command: string, args: readonly string[], options?: SpawnOptions): Running => {
  const { hear, over, ...followed } = follow();
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
  child.once('error', ({ message }) => over(message));
  child.once('exit', (code, signal) => over(`ended with ${code ?? signal}`));
  return { ...followed, kill: (signal) => void child.kill(signal) };
};
