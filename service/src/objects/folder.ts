/**
 * Objects in a folder of this machine, for the sandbox and for one process. A folder of keys has a plus behind its name, so that
 * `a` and `a/b` can both be there; so has the file beside an object that says its type. No key has a plus.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CountersignError } from '../errors.ts';
import type { ObjectBody, ObjectEngine, ObjectFacts, PutOptions } from '../ports/objects.ts';
import { checkFolder, checkKey, checkPage } from './keys.ts';

const DRAFTS = '.drafts';
const TYPE = '+type';
/** A draft that nobody wrote to for so long is nobody's. */
const ABANDONED_MS = 86_400_000;
const DEFAULT_TYPE = 'application/octet-stream';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Undefined where there is no such file. */
const ifThere = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Every write makes a new file, so its number and times tell one write from another. */
const factsOf = (key: string, { ino, mtimeNs, size, mtime }: BigIntStats): ObjectFacts => ({
  key,
  size: Number(size),
  etag: `"${createHash('sha256').update([ino, mtimeNs, size].join('-')).digest('hex').slice(0, 32)}"`,
  writtenAt: mtime,
});

class FolderObjects implements ObjectEngine {
  readonly #root: string;
  /** The write of each key that is under way: a condition is looked at and met without another between. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #tidied = false;

  constructor(root: string) {
    this.#root = root;
  }

  #file(key: string): string {
    const parts = checkKey(key).split('/');
    const name = parts.pop() ?? '';
    return join(this.#root, ...parts.map((part) => `${part}+`), name);
  }

  async #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  async put(key: string, body: ObjectBody, options: PutOptions = {}): Promise<ObjectFacts | undefined> {
    const file = this.#file(key);
    return this.#told(async () => {
      const draft = await this.#draft(body);
      try {
        return await this.#inTurn(key, () => this.#place(key, file, draft, options));
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  /** The folder of drafts, once rid of those that a process left which died while it wrote them. */
  async #drafts(): Promise<string> {
    const folder = join(this.#root, DRAFTS);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (this.#tidied) return folder;
    this.#tidied = true;
    for (const name of await readdir(folder)) {
      const draft = join(folder, name);
      const found = await ifThere(stat(draft));
      if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(draft, { force: true });
    }
    return folder;
  }

  /** The whole body on disk, under a name that is nobody's. */
  async #draft(body: ObjectBody): Promise<string> {
    const folder = await this.#drafts();
    const draft = join(folder, randomUUID());
    const source = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
    try {
      await pipeline(Readable.from(source), createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
      return draft;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async #place(key: string, file: string, draft: string, options: PutOptions): Promise<ObjectFacts | undefined> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    if (options.ifMatch !== undefined && (await this.#facts(key, file))?.etag !== options.ifMatch) return undefined;
    if (options.ifNoneMatch !== undefined && (await this.#facts(key, file)) !== undefined) return undefined;
    await this.#type(file, options.contentType ?? DEFAULT_TYPE);
    // A link fails where there is a file already, also one that another process just made; a rename replaces it.
    if (options.ifNoneMatch === undefined) await rename(draft, file);
    else
      try {
        await link(draft, file);
        await rm(draft);
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return undefined;
        throw error;
      }
    return this.#facts(key, file);
  }

  async #type(file: string, contentType: string): Promise<void> {
    const draft = join(this.#root, DRAFTS, randomUUID());
    await pipeline([contentType], createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
    await rename(draft, `${file}${TYPE}`);
  }

  async #facts(key: string, file: string): Promise<ObjectFacts | undefined> {
    const found = await ifThere(stat(file, { bigint: true }));
    return found?.isFile() ? factsOf(key, found) : undefined;
  }

  async get(key: string) {
    const file = this.#file(key);
    return this.#told(async () => {
      const handle = await ifThere(open(file));
      if (handle === undefined) return undefined;
      const contentType = (await ifThere(readFile(`${file}${TYPE}`, 'utf8'))) ?? DEFAULT_TYPE;
      return {
        ...factsOf(key, await handle.stat({ bigint: true })),
        contentType,
        body: handle.createReadStream(),
      };
    });
  }

  async head(key: string): Promise<ObjectFacts | undefined> {
    const file = this.#file(key);
    return this.#told(() => this.#facts(key, file));
  }

  async list(folder: string, page?: { readonly limit?: number; readonly cursor?: string }) {
    const { limit, cursor } = checkPage(page);
    const below = checkFolder(folder);
    return this.#told(async () => {
      const path = join(this.#root, ...below.split('/').flatMap((part) => (part === '' ? [] : [`${part}+`])));
      const keys = (await this.#keys(path, below)).filter((key) => cursor === undefined || key > cursor).sort();
      const facts = await Promise.all(keys.slice(0, limit).map((key) => this.#facts(key, this.#file(key))));
      const last = keys[limit - 1];
      return {
        items: facts.filter((one) => one !== undefined),
        ...(last !== undefined && keys.length > limit && { cursor: last }),
      };
    });
  }

  async #keys(path: string, below: string): Promise<string[]> {
    const entries = (await ifThere(readdir(path, { withFileTypes: true }))) ?? [];
    const found = await Promise.all(
      entries.map(async (entry) => {
        if (entry.isFile()) return entry.name.endsWith(TYPE) ? [] : [`${below}${entry.name}`];
        if (!entry.name.endsWith('+')) return [];
        return this.#keys(join(path, entry.name), `${below}${entry.name.slice(0, -1)}/`);
      }),
    );
    return found.flat();
  }

  async remove(key: string): Promise<void> {
    const file = this.#file(key);
    await this.#told(() =>
      this.#inTurn(key, async () => {
        await rm(file, { force: true });
        await rm(`${file}${TYPE}`, { force: true });
      }),
    );
  }

  /** A folder has no address: the service sends the file itself. */
  async handOver(): Promise<undefined> {
    return undefined;
  }

  close(): void {}

  /** @throws store_unavailable for what the file system refuses; errors of a body's own pass */
  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw new CountersignError('store_unavailable', 'The folder of objects cannot be used. Try again in a moment.', {
        cause: error,
      });
    }
  }
}

/** @param folder is made with the first object, for this user alone */
export const folderObjects = (folder: string): ObjectEngine => new FolderObjects(folder);
