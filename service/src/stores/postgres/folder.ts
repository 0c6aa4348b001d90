/** Holds a folder for one process: the embedded database would be damaged by two. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { StartError } from '../../start-error.ts';

/** Milliseconds between signs of life, and after which a holder without one is taken for dead. */
const SIGN_OF_LIFE = 3000;
const SILENCE = 15_000;

const held = new Set<string>();

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return hasCode(error, 'EPERM');
  }
};

/** Process ids mean nothing on another host or in another container, so there only the signs of life count. */
const isAlive = async (file: string, holder: string): Promise<boolean> => {
  const [pid, host] = holder.split(' ');
  if (host === hostname() && (Number(pid) === process.pid || !isRunning(Number(pid)))) return false;
  const { mtimeMs } = await stat(file);
  return Date.now() - mtimeMs < SILENCE;
};

const inUse = (folder: string, holder: string) => {
  const [pid, host] = holder.split(' ');
  return new StartError(
    `DATA_DIR ${folder} is in use by process ${pid} on ${host}. Stop it, or choose another folder. If it crashed, wait ${SILENCE / 1000} seconds.`,
  );
};

/** Moves a dead holder's file away. Should another process have been quicker, its file is put back. */
const bury = async (folder: string, file: string, dead: string): Promise<void> => {
  const grave = `${file}.${randomUUID()}`;
  await rename(file, grave);
  const buried = await readFile(grave, 'utf8');
  if (buried !== dead) await link(grave, file);
  await rm(grave);
  if (buried !== dead) throw inUse(folder, buried);
};

const claim = async (folder: string, file: string, mine: string): Promise<void> => {
  for (;;) {
    try {
      return await writeFile(file, mine, { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const holder = await readFile(file, 'utf8').catch(() => undefined);
    if (holder === undefined) continue;
    if (await isAlive(file, holder)) throw inUse(folder, holder);
    await bury(folder, file, holder);
  }
};

/**
 * Claims a folder until the returned function is called or the process ends.
 * @throws Error naming the folder and its holder
 */
export const holdFolder = async (path: string): Promise<() => Promise<void>> => {
  const folder = resolve(path);
  const file = join(folder, 'in-use');
  const mine = `${process.pid} ${hostname()} ${randomUUID()}`;
  if (held.has(folder)) throw inUse(folder, mine);
  held.add(folder);
  try {
    await claim(folder, file, mine);
  } catch (error) {
    held.delete(folder);
    throw error;
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, SIGN_OF_LIFE).unref();
  return async () => {
    if (!held.delete(folder)) return;
    clearInterval(beat);
    await rm(file, { force: true });
  };
};
