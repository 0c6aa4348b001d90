/** Objects that are one JSON value, with the etag by which they are changed. */
import { json } from 'node:stream/consumers';
import type { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import type { ObjectFacts, Objects, PutOptions } from '../../../ports/objects.ts';

export interface StoredObject<T> {
  readonly value: T;
  readonly etag: string;
}

/** Tries after the first, where somebody else wrote in between. */
const RETRIES = 3;

/** Undefined where there is none. @throws Error naming the key, where it is not what the schema describes */
export const readJsonObject = async <S extends z.ZodType>(
  objects: Pick<Objects, 'get'>,
  key: string,
  schema: S,
): Promise<StoredObject<z.output<S>> | undefined> => {
  const found = await objects.get(key);
  if (found === undefined) return undefined;
  const parsed = schema.safeParse(await json(found.body));
  if (parsed.success) return { value: parsed.data, etag: found.etag };
  throw new Error(`${key} is not what this version writes there`, { cause: parsed.error });
};

/** Undefined, and nothing written, where a condition does not hold. */
export const writeJsonObject = (
  objects: Pick<Objects, 'put'>,
  key: string,
  value: unknown,
  condition: Pick<PutOptions, 'ifMatch' | 'ifNoneMatch'> = {},
): Promise<ObjectFacts | undefined> =>
  objects.put(key, JSON.stringify(value), { contentType: 'application/json', ...condition });

/**
 * Reads and writes until nobody else wrote in between.
 * @param attempt undefined: somebody did
 * @throws conflict after three more tries
 */
export const withoutConflict = async <T>(
  attempt: () => Promise<{ readonly done: T } | undefined>,
  what: string,
): Promise<T> => {
  for (let tries = 0; tries <= RETRIES; tries += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome.done;
  }
  throw new CountersignError('conflict', `${what} is being changed by others. Try again.`);
};
