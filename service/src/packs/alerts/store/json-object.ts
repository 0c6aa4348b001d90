/** Objects that are one JSON value, with the etag by which they are changed. */
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import type { ObjectFacts, Objects, PutOptions } from '../../../ports/objects.ts';

export interface StoredObject<T> {
  readonly value: T;
  readonly etag: string;
}

/** What is there is not JSON, or not what the schema describes: reading it again helps nobody. */
export class UnreadableObject extends Error {
  constructor(key: string, options: ErrorOptions) {
    super(`${key} is not what this version writes there`, options);
    this.name = 'UnreadableObject';
  }
}

/** Tries after the first, where somebody else wrote in between. */
const RETRIES = 3;
/** The longest pause before the first of them; before each later one it is twice as long. */
const PAUSE_MS = 20;

/** Pauses before a try, by its number from 1. */
export type Pause = (tries: number) => Promise<void>;

/** By chance, so that those who met do not meet again. */
export const randomPause: Pause = async (tries) => {
  await sleep(Math.random() * PAUSE_MS * 2 ** (tries - 1));
};

const parsedJson = (key: string, written: string): unknown => {
  try {
    return JSON.parse(written);
  } catch (cause) {
    throw new UnreadableObject(key, { cause });
  }
};

/** Undefined where there is none. @throws UnreadableObject; what the store throws */
export const readJsonObject = async <S extends z.ZodType>(
  objects: Pick<Objects, 'get'>,
  key: string,
  schema: S,
): Promise<StoredObject<z.output<S>> | undefined> => {
  const found = await objects.get(key);
  if (found === undefined) return undefined;
  const parsed = schema.safeParse(parsedJson(key, await text(found.body)));
  if (parsed.success) return { value: parsed.data, etag: found.etag };
  throw new UnreadableObject(key, { cause: parsed.error });
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
  pause: Pause = randomPause,
): Promise<T> => {
  for (let tries = 0; tries <= RETRIES; tries += 1) {
    if (tries > 0) await pause(tries);
    const outcome = await attempt();
    if (outcome !== undefined) return outcome.done;
  }
  throw new CountersignError('conflict', `${what} is being changed by others. Try again.`);
};
