/** Runs the operator's commands against a scene, and `cutover resume` whenever it was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bare } from '../../service/test/servers/bare.ts';
import { startKiller } from './killer.ts';

export interface DriveOptions {
  /** Where the emulator's API listens. */
  readonly endpoint: string;
  readonly root: string;
  readonly environment: string;
  /** Where the smoke test calls. */
  readonly url: string;
  /** Opens signed-in calls of the smoke test. */
  readonly token: string;
  /** Tool call that the smoke test makes as a dry run. */
  readonly change: object;
  /** Minutes at 10, 50 and 100 percent. */
  readonly bakes: string;
  /** As `--pace` takes it. */
  readonly pace: string;
  /** Kills it right after it did what this names; see `startKiller`. Default: never. */
  readonly killAfter?: (change: string) => boolean;
  /** Told of each change that it makes. */
  readonly onDone?: (change: string) => void;
  /** Told each line that it says. */
  readonly say?: (line: string) => void;
}

export interface Driven {
  /** Exit code of the last process. */
  readonly code: number | null;
  /** What the command did, in order, each once. */
  readonly done: readonly string[];
  readonly killed: readonly string[];
  /** Everything that all its processes said. */
  readonly said: string;
}

/** If the command is killed more often than there are steps, it makes no progress. */
const MOST_PROCESSES = 30;

export const driveCutover = async (options: DriveOptions): Promise<Driven> => {
  const {
    endpoint,
    root,
    environment,
    url,
    token,
    change,
    bakes,
    pace,
    killAfter = () => false,
    onDone = () => {},
    say = () => {},
  } = options;
  const killer = await startKiller({ target: endpoint, after: killAfter, onDone });
  let said = '';
  const runOnce = async (words: readonly string[]): Promise<number | null> => {
    const env = {
      ...bare(),
      AWS_ENDPOINT_URL: killer.url,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      COUNTERSIGN_SMOKE_TOKEN: token,
    };
    const args = [join(import.meta.dirname, 'operator.ts'), root, ...words, '--environment', environment];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    killer.aim(() => void child.kill('SIGKILL'));
    for (const stream of [child.stdout, child.stderr]) {
      const lines = createInterface({ input: stream });
      lines.on('line', (line) => {
        said += `${line}\n`;
        // Dots only show that it runs; they are not kept.
        if (!/^\.* *$/.test(line)) say(line);
      });
    }
    await once(child, 'exit');
    return child.exitCode;
  };
  try {
    const smoke = ['--url', url, '--try', JSON.stringify(change)];
    const start = ['cutover', 'start', '--yes', '--bakes', bakes, '--pace', pace, ...smoke];
    const migrated = await runOnce(['migrate', '--colour', 'green', '--yes']);
    if (migrated !== 0) throw new Error(`The store was not migrated: ${said}`);
    let code = await runOnce(start);
    for (let processes = 1; code === null && processes < MOST_PROCESSES; processes++)
      code = await runOnce(['cutover', 'resume', ...smoke]);
    return { code, done: killer.done, killed: killer.killed, said };
  } finally {
    await killer.stop();
  }
};
