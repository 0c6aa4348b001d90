/** A task's tables, but that the rows of the estate are the upstream's: see cloud.ts. */
import process from 'node:process';
import { z } from 'zod';
import type { Tables } from '../../src/ports/tables.ts';

const Answer = z.object({ result: z.unknown() });

/** Asks the upstream. @throws when it does not answer */
export const askCloud = async (url: string, verb: string, words: readonly unknown[] = []): Promise<unknown> => {
  const body = JSON.stringify({ verb, task: String(process.pid), words });
  return Answer.parse(await (await fetch(url, { method: 'POST', body })).json()).result;
};

/** The same tables with the estate elsewhere. */
export const overCloud = <T extends Tables>(tables: T, url: string): T => {
  const isEstate = (table: unknown): boolean => table === 'sandbox-resources';
  const redirected = new Set(['get', 'put', 'insert', 'query']);
  return new Proxy(tables, {
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== 'function') return own;
      return (...words: unknown[]): unknown => {
        if (redirected.has(String(name)) && isEstate(words[0])) return askCloud(url, String(name), words);
        const [writes] = words;
        if (name === 'transact' && Array.isArray(writes) && writes.some((write) => isEstate(write?.table)))
          return askCloud(url, 'transact', words);
        return Reflect.apply(own, target, words);
      };
    },
  });
};
