/** Python programs as forks of a process that has imported moto, which jest keeps for all test files: see forks.py. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { follow, type Running } from './running.ts';

/** Names the folder of the sockets. */
export const FORKS = 'COUNTERSIGN_TEST_FORKS';

/** shim: moto with the additions of scripts/emulator/shim. plain: as it is installed. */
export const forkKinds = ['shim', 'plain'] as const;
export type ForkKind = (typeof forkKinds)[number];

export interface Forked {
  /** `moto_server`, or the path of a program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Where to ask for forks; undefined outside of jest. */
export const forksOf = (kind: ForkKind): string | undefined => {
  const folder = process.env[FORKS];
  return folder === undefined ? undefined : join(folder, kind);
};

/** @param hear gets the pid, then all that the fork prints */
const begin = (
  socket: string,
  what: Forked,
  hear: (chunk: Buffer, pid: number) => void,
  over: (how: string) => void,
) => {
  const connection = connect(socket);
  connection.write(`${JSON.stringify(what)}\n`);
  let pid: number | undefined;
  connection.on('data', (chunk) => {
    const from = pid === undefined ? chunk.indexOf('\n') + 1 : 0;
    pid ??= Number(chunk.subarray(0, from));
    hear(chunk.subarray(from), pid);
  });
  connection.on('error', ({ message }) => over(message));
  connection.on('close', () => over('ended'));
};

/** Resolves when it has begun. */
export const startFork = (socket: string, what: Forked): Promise<Running> => {
  const { hear, over, ...followed } = follow();
  const { promise, resolve } = Promise.withResolvers<Running>();
  const ready = (pid?: number): void =>
    resolve({
      ...followed,
      kill: (signal) => {
        if (pid === undefined || followed.end() !== undefined) return;
        try {
          process.kill(pid, signal);
        } catch (error) {
          // It has ended, of an earlier signal perhaps, and nobody has told yet.
          if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
        }
      },
    });
  begin(
    socket,
    what,
    (chunk, pid) => {
      hear(chunk);
      ready(pid);
    },
    (how) => {
      over(how);
      ready();
    },
  );
  return promise;
};

/** All that it prints until it ends. */
export const printedBy = (socket: string, what: Forked): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const parts: Buffer[] = [];
  begin(
    socket,
    what,
    (chunk) => parts.push(chunk),
    () => resolve(Buffer.concat(parts).toString()),
  );
  return promise;
};
