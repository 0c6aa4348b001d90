/**
 * Holds a folder for one process: two would damage the embedded database. The lock is one of the operating system, held
 * through SQLite on a file in the folder. It ends with the process however that ends, and a process that is merely
 * stopped keeps it: no clock decides who is alive.
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { StartError } from '../../start-error.ts';
import { refuseEarlierHolder } from './earlier-holder.ts';

// POSIX drops every lock a process has on a file as soon as it closes any descriptor of that file. So nothing here opens
// the lock file but SQLite, which knows, and what is to be read about the holder is in a file of its own.
const LOCK_FILE = 'folder.lock';
const HOLDER_FILE = 'in-use';

/** https://sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

const Holder = z.object({ pid: z.int(), host: z.string(), since: z.string() });

/** The folder is no longer the one this process holds. */
export class FolderLostError extends Error {
  override readonly name = 'FolderLostError';

  constructor(folder: string, file: string) {
    super(
      `DATA_DIR ${folder} is not the folder any more that this process holds: ${file} was moved, removed or replaced. Nothing is written any more. Stop this process, put the folder back as it was, and start again.`,
    );
  }
}

export interface HeldFolder {
  /** From now on `check` also looks whether this path, relative to the folder, is still the same file or folder. */
  watch(path: string): void;
  /** To be called before every commit. @throws FolderLostError once the folder was taken away, and ever after */
  check(): void;
  /** Lets go. Safe to call again. */
  release(): void;
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;

const readHolder = async (folder: string) => {
  try {
    return Holder.parse(JSON.parse(await readFile(join(folder, HOLDER_FILE), 'utf8')));
  } catch {
    // It only makes the message better.
    return undefined;
  }
};

const inUse = async (folder: string): Promise<StartError> => {
  const holder = await readHolder(folder);
  if (holder === undefined)
    return new StartError(`DATA_DIR ${folder} is in use by another process. Stop it, or choose another folder.`);
  return new StartError(
    `DATA_DIR ${folder} is in use by process ${holder.pid} on ${holder.host} since ${holder.since}. Stop it, or choose another folder. A process that is paused holds it too: kill -CONT ${holder.pid} lets it go on, kill -9 ${holder.pid} ends it.`,
  );
};

/** Takes the lock, which lasts until the database is closed. */
const lock = async (folder: string): Promise<DatabaseSync> => {
  const database = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    database.exec('begin exclusive');
    return database;
  } catch (error) {
    database.close();
    throw isBusy(error) ? await inUse(folder) : error;
  }
};

/** Which file a path leads to, whatever its content. Undefined: none. */
const identify = (path: string): string | undefined => {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
};

class Hold implements HeldFolder {
  readonly #folder: string;
  readonly #database: DatabaseSync;
  readonly #watched = new Map<string, string | undefined>();
  readonly #onLost: (error: FolderLostError) => void;
  #lost: FolderLostError | undefined;

  constructor(folder: string, database: DatabaseSync, onLost: (error: FolderLostError) => void) {
    this.#folder = folder;
    this.#database = database;
    this.#onLost = onLost;
    this.watch(LOCK_FILE);
  }

  watch(path: string): void {
    this.#watched.set(path, identify(join(this.#folder, path)));
  }

  check(): void {
    if (this.#lost !== undefined) throw this.#lost;
    for (const [path, identity] of this.#watched) {
      if (identity !== undefined && identify(join(this.#folder, path)) === identity) continue;
      this.#lost = new FolderLostError(this.#folder, path);
      this.#onLost(this.#lost);
      throw this.#lost;
    }
  }

  release(): void {
    if (!this.#database.isOpen) return;
    try {
      this.check();
      rmSync(join(this.#folder, HOLDER_FILE), { force: true });
    } catch (error) {
      // What is there now is somebody else's.
      if (!(error instanceof FolderLostError)) throw error;
    } finally {
      this.#database.close();
    }
  }
}

/**
 * Claims a folder until it is released or the process ends.
 * @param onLost told once when `check` finds that the folder was taken away
 * @throws StartError naming the folder and the process that holds it
 */
export const holdFolder = async (
  path: string,
  onLost: (error: FolderLostError) => void = () => {},
): Promise<HeldFolder> => {
  const folder = resolve(path);
  const database = await lock(folder);
  try {
    await refuseEarlierHolder(folder, join(folder, HOLDER_FILE));
    const holder: z.infer<typeof Holder> = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(join(folder, HOLDER_FILE), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    return new Hold(folder, database, onLost);
  } catch (error) {
    database.close();
    throw error;
  }
};
