/** Silences, rules, routes and other settings that people change, one JSON object each. */
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ObjectFacts, Objects } from '../../../ports/objects.ts';
import { readJsonObject, type StoredObject, UnreadableObject, writeJsonObject } from './json-object.ts';
import { putAside } from './put-aside.ts';

export interface Documents<T> {
  /** Undefined: there is none. */
  get(id: string): Promise<StoredObject<T> | undefined>;
  /**
   * Writes it as it was read, or begins it.
   * @param etag of what was read; undefined: there is none yet
   * @returns false, and nothing written, where somebody else wrote in between
   */
  put(id: string, value: T, etag: string | undefined): Promise<boolean>;
  /** Also when there is none. */
  remove(id: string): Promise<void>;
  /**
   * All of them, in the order of ids. What did not change is not read again. One that nobody can read is left out, and the log
   * says so: it must not hide all others.
   */
  all(): Promise<readonly (readonly [id: string, value: T])[]>;
}

export interface DocumentOptions {
  /** What becomes of one that nobody can read. Default `kept`, because people wrote it. Aside: it is begun anew without it. */
  readonly unreadable?: 'kept' | 'aside';
}

/**
 * @param folder ends with a slash
 * @example const silences = createDocuments({ objects, log }, 'configs/silences/', Silence);
 */
export const createDocuments = <S extends z.ZodType>(
  { objects, log }: { readonly objects: Objects; readonly log: Logger },
  folder: string,
  schema: S,
  { unreadable = 'kept' }: DocumentOptions = {},
): Documents<z.output<S>> => {
  let known: ReadonlyMap<string, StoredObject<z.output<S>>> = new Map();
  const keyOf = (id: string): string => `${folder}${id}.json`;
  const idOf = (key: string): string => key.slice(folder.length, -'.json'.length);
  const listed = async function* (): AsyncGenerator<ObjectFacts> {
    let cursor: string | undefined;
    do {
      const page = await objects.list(folder, { limit: 1000, ...(cursor !== undefined && { cursor }) });
      yield* page.items;
      cursor = page.cursor;
    } while (cursor !== undefined);
  };
  /** Undefined also where nobody can read it. */
  const readable = async (key: string): Promise<StoredObject<z.output<S>> | undefined> => {
    try {
      return await readJsonObject(objects, key, schema);
    } catch (err) {
      if (!(err instanceof UnreadableObject)) throw err;
      log.error(
        { err, key },
        `an object of alerts cannot be read, and is ${unreadable === 'kept' ? 'left out' : 'put aside'}`,
      );
      if (unreadable === 'aside') await putAside(objects, key, folder);
      return undefined;
    }
  };
  return {
    get: (id) => readJsonObject(objects, keyOf(id), schema),
    put: async (id, value, etag) => {
      const condition = etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: etag };
      return (await writeJsonObject(objects, keyOf(id), value, condition)) !== undefined;
    },
    remove: (id) => objects.remove(keyOf(id)),
    all: async () => {
      const found = new Map<string, StoredObject<z.output<S>>>();
      for await (const { key, etag } of listed()) {
        const kept = known.get(key);
        const stored = kept?.etag === etag ? kept : await readable(key);
        if (stored !== undefined) found.set(key, stored);
      }
      known = found;
      return [...found].map(([key, { value }]) => [idOf(key), value] as const);
    },
  };
};
