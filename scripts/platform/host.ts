/** Where a command runs: its streams, its environment, and the person at the terminal. Tests hand in their own. */
import { resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import type { Network } from '../operate/health/network.ts';
import { type Paint, paintFor, plain } from './colour.ts';
import { askHidden } from './hidden.ts';
import { openTerminal, type Progress, type Stream, type Tell } from './terminal.ts';

export interface Host {
  /** Root of the repository, which holds environments/. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** A line of the result. */
  readonly out: (line: string) => void;
  /** A line of anything else. */
  readonly err: (line: string) => void;
  /** Asks the person at the terminal; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The same for what nobody may see, on the screen or afterwards. */
  readonly askHidden?: ((question: string) => Promise<string>) | undefined;
  /** All of standard input, where it is no terminal. */
  readonly input?: (() => Promise<string>) | undefined;
  /** Aborted when the operator wants to stop. */
  readonly stop?: AbortSignal;
  /** Default: nothing is shown. */
  readonly progress?: Progress;
  /** Colours for `out`. Default: none. */
  readonly paint?: Paint;
  /** Colours for `err`. Default: none. */
  readonly paintError?: Paint;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
  /** How the outside is reached. Default: as everybody reaches it. */
  readonly network?: Network;
  /** Options of the command that runs, so that no advice names one it has not got. */
  readonly offers?: ReadonlySet<string>;
}

export const nowOf = ({ now }: Pick<Host, 'now'>): Date => now?.() ?? new Date();

export const paintOf = ({ paint = plain }: Pick<Host, 'paint'>): Paint => paint;

/** Shows what is being done while it lasts. Whatever may take longer than two seconds runs inside one. */
export const during = <T>(
  { progress }: Pick<Host, 'progress'>,
  what: string,
  work: (tell: Tell) => Promise<T>,
): Promise<T> => (progress === undefined ? work(() => {}) : progress.during(what, work));

/** A reader such as head may leave before everything is written. */
const endWith = (stream: NodeJS.WritableStream): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
};

export const hostOfProcess = (): Host => {
  const { stdin, env } = process;
  const { stdout, stderr }: { readonly stdout: Stream; readonly stderr: Stream } = process;
  endWith(stdout);
  endWith(stderr);
  const terminal = openTerminal(stdout, stderr);
  return {
    root: resolve(import.meta.dirname, '..', '..'),
    env,
    out: (line) => terminal.out(line),
    err: (line) => terminal.err(line),
    ask:
      stdin.isTTY && stdout.isTTY
        ? async (question) => {
            const reader = createInterface({ input: stdin, output: stdout });
            return reader.question(question).finally(() => reader.close());
          }
        : undefined,
    askHidden: stdin.isTTY && stderr.isTTY ? (question) => askHidden(question, process) : undefined,
    input: stdin.isTTY ? undefined : () => text(stdin),
    progress: terminal,
    paint: paintFor(stdout, env),
    paintError: paintFor(stderr, env),
  };
};
