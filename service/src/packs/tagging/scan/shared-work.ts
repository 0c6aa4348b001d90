/** Work that several callers wait for: it runs once, and ends early only when all of them have left. */
import { unlessAborted } from '../../../unless-aborted.ts';

/** One running piece of work and those who wait for it. */
export class SharedRun {
  readonly #controller = new AbortController();
  #waiting = 0;

  /** Aborts when nobody waits any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for a part of the work as one of its callers. */
  async wait<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    this.#waiting += 1;
    try {
      return await unlessAborted(work, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#controller.abort();
    }
  }
}

export interface SharedWork<T> {
  /** The running work of a key, or new work. @throws cancelled when the caller's signal aborts */
  join(key: string, start: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export const createSharedWork = <T>(): SharedWork<T> => {
  const running = new Map<string, { readonly run: SharedRun; readonly work: Promise<T> }>();
  return {
    join: (key, start, signal) => {
      const known = running.get(key);
      if (known !== undefined && !known.run.signal.aborted) return known.run.wait(known.work, signal);
      const run = new SharedRun();
      const begun = { run, work: start(run.signal) };
      running.set(key, begun);
      const forget = () => {
        if (running.get(key) === begun) running.delete(key);
      };
      begun.work.then(forget, forget);
      return run.wait(begun.work, signal);
    },
  };
};
