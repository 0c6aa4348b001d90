/** Versions before the folder had a lock said by a file "pid host uuid", touched every three seconds, that they use it. */
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../../start-error.ts';

/** Longer than two of their signs of life. */
const WATCH_MS = 7000;

const EARLIER = /^(\d+) (\S+) \S+$/;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Looks whether the file is touched; its age says nothing, because two hosts have two clocks. */
const isTouched = async (file: string, milliseconds: number): Promise<boolean> => {
  const { mtimeMs } = await stat(file);
  await sleep(milliseconds);
  return (await stat(file).catch(() => undefined))?.mtimeMs !== mtimeMs;
};

/**
 * Refuses a folder that a process of such a version still uses. Process ids mean nothing on another host or in another
 * container; there the file is watched for signs of life.
 * @param file where such a version said so
 * @throws StartError naming the process and what to do
 */
export const refuseEarlierHolder = async (folder: string, file: string, watchMs = WATCH_MS): Promise<void> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const [, pid = '', host] = EARLIER.exec(text) ?? [];
  if (pid === '') return;
  const here = host === hostname();
  const alive = here ? Number(pid) !== process.pid && isRunning(Number(pid)) : await isTouched(file, watchMs);
  if (!alive) return;
  throw new StartError(
    `DATA_DIR ${folder} is in use by process ${pid} on ${host}, of an earlier version. End that process, or set DATA_DIR to another folder. If that process is no Countersign, remove ${file}.`,
  );
};
