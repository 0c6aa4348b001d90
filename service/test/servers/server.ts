/** What every throwaway server of the tests is: a child process on a free port, ready when its starter resolves. */
import type { SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Forked, startFork } from './forks.ts';
import { type Running, startChild } from './running.ts';

export interface TestServer {
  readonly url: string;
  /** Ends the process and deletes what it kept. */
  stop(): Promise<void>;
  /** Ends the process as a crash would; port and files stay, for `resume`. */
  halt(): Promise<void>;
  /** Stops it answering without closing a connection, as a hung host or a cut line would, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same port, over the same files. */
  resume(): Promise<void>;
}

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options?: SpawnOptions;
  /** The same, where jest keeps a process to fork: its socket, and what the fork runs. */
  readonly fork?: { readonly socket: string; readonly what: Forked } | undefined;
  /** Rejects or resolves false until the server answers. */
  readonly answers: () => Promise<boolean>;
}

const running = new Set<Running>();
process.on('exit', () => {
  for (const each of running) each.kill('SIGKILL');
});

export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
};

/** Starts a process and waits, up to 60 s, until it answers. Its output is part of the error when it does not. */
const launch = async ({ command, args, options, fork, answers }: Launch): Promise<Running> => {
  const started = fork === undefined ? startChild(command, args, options) : await startFork(fork.socket, fork.what);
  running.add(started);
  void started.ended.then(() => running.delete(started));
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(25)) {
    if (started.end() !== undefined) throw new Error(`${command} ${started.end()}\n${started.output()}`);
    if (await answers().catch(() => false)) return started;
  }
  started.kill('SIGKILL');
  throw new Error(`${command} did not answer within 60 s\n${started.output()}`);
};

/** Wraps a launch as a TestServer. `clean` deletes its files once it has ended. */
export const serve = async (
  url: string,
  how: Launch,
  clean: () => Promise<void> = async () => {},
): Promise<TestServer> => {
  let child: Running | undefined = await launch(how);
  const halt = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.end() !== undefined) return;
    // SIGQUIT is PostgreSQL's immediate shutdown, which ends its backends too; the others just die of it.
    ending.kill('SIGQUIT');
    ending.kill('SIGCONT');
    const stubborn = setTimeout(() => ending.kill('SIGKILL'), 5000);
    await ending.ended;
    clearTimeout(stubborn);
  };
  return {
    url,
    halt,
    freeze: () => {
      child?.kill('SIGSTOP');
    },
    thaw: () => {
      child?.kill('SIGCONT');
    },
    resume: async () => {
      child ??= await launch(how);
    },
    stop: async () => {
      await halt();
      await clean();
    },
  };
};
