/** Folders for the time of one command. What they hold may be secret: plans, a copy of a log, a sign-in to a registry. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** A process that is somebody else's lives too: EPERM. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Removes what processes left that were killed. Another user's folder stays. */
const sweep = async (start: string): Promise<void> => {
  const named = new RegExp(`^${start}(\\d+)-[^-]+$`);
  for (const name of await readdir(tmpdir())) {
    const pid = Number(named.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
};

/**
 * A new folder that only this user reads; remove it when the work ends. Its name has the process's number, by which the
 * next command for the same purpose removes the folder of one that was killed.
 */
export const scratchFolder = async (purpose: string): Promise<string> => {
  const start = `countersign-${purpose}-`;
  await sweep(start);
  return mkdtemp(join(tmpdir(), `${start}${process.pid}-`));
};
