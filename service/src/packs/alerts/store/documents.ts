/** Silences, rules, routes and other settings that people change, one JSON object each. */
import type { z } from 'zod';
import type { Objects } from '../../../ports/objects.ts';
import { readJsonObject, type StoredObject, writeJsonObject } from './json-object.ts';

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
  /** All of them, in the order of ids. What did not change is not read again. */
  all(): Promise<readonly (readonly [id: string, value: T])[]>;
}

/**
 * @param folder ends with a slash
 * @example const silences = createDocuments(objects, 'configs/silences/', Silence);
 */
export const createDocuments = <S extends z.ZodType>(
  objects: Objects,
  folder: string,
  schema: S,
): Documents<z.output<S>> => {
  const known = new Map<string, StoredObject<z.output<S>>>();
  const keyOf = (id: string): string => `${folder}${id}.json`;
  const idOf = (key: string): string => key.slice(folder.length, -'.json'.length);
  return {
    get: (id) => readJsonObject(objects, keyOf(id), schema),
    put: async (id, value, etag) => {
      const condition = etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: etag };
      return (await writeJsonObject(objects, keyOf(id), value, condition)) !== undefined;
    },
    remove: (id) => objects.remove(keyOf(id)),
    all: async () => {
      const values: (readonly [string, z.output<S>])[] = [];
      let cursor: string | undefined;
      do {
        const page = await objects.list(folder, { limit: 1000, ...(cursor !== undefined && { cursor }) });
        for (const { key, etag } of page.items) {
          const kept = known.get(key);
          const stored = kept?.etag === etag ? kept : await readJsonObject(objects, key, schema);
          if (stored === undefined) continue;
          known.set(key, stored);
          values.push([idOf(key), stored.value]);
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      return values;
    },
  };
};
