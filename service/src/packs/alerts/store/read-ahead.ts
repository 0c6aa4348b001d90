/** Opens objects before they are asked for: a bucket takes longer to answer than to send, and an analysis reads one after another. */
import type { Objects, OpenObject } from '../../../ports/objects.ts';

/** Objects that are open beside the one that is read. */
const AHEAD = 8;

/**
 * @example
 * const ahead = new ReadAhead(objects, keys);
 * try {
 *   for (const key of keys) await read(await ahead.take(key));
 * } finally {
 *   await ahead.close();
 * }
 */
export class ReadAhead {
  readonly #objects: Pick<Objects, 'get'>;
  readonly #keys: readonly string[];
  #next = 0;
  readonly #opening = new Map<string, Promise<OpenObject | undefined>>();

  /** @param keys in the order in which they will be asked for */
  constructor(objects: Pick<Objects, 'get'>, keys: readonly string[]) {
    this.#objects = objects;
    this.#keys = keys;
  }

  /** Also of a key that was not foreseen. Whoever takes it reads it to its end or destroys it. */
  take(key: string): Promise<OpenObject | undefined> {
    const opening = this.#opening.get(key) ?? this.#objects.get(key);
    this.#opening.delete(key);
    if (this.#keys[this.#next] === key) this.#next += 1;
    for (; this.#opening.size < AHEAD && this.#next < this.#keys.length; this.#next += 1)
      this.#open(this.#keys[this.#next]);
    return opening;
  }

  /** Lets go of what nobody took. */
  async close(): Promise<void> {
    const opening = [...this.#opening.values()];
    this.#opening.clear();
    this.#next = this.#keys.length;
    for (const result of await Promise.allSettled(opening))
      if (result.status === 'fulfilled') result.value?.body.destroy();
  }

  #open(key: string | undefined): void {
    if (key === undefined) return;
    const opening = this.#objects.get(key);
    // Whoever takes it is told; nobody else has to be.
    opening.catch(() => {});
    this.#opening.set(key, opening);
  }
}
