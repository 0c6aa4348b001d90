/** Gives a pack the objects below its own prefix, and no others. */
import { objectsFolder } from '../../../contracts/packs/index.ts';
import type { PackContract } from '../../../contracts/packs/pack.ts';
import { checkFolder, checkKey, checkPage } from '../objects/keys.ts';
import type { Objects } from '../ports/objects.ts';

/** The pack that an object is of, by its whole key. */
export const packOfKey = (key: string): string | undefined => /^packs\/([^/]+)\//.exec(key)?.[1];

/**
 * Keys go in and come out without the pack's folder.
 * @throws when the contract lacks the grant, or a link names a scope of another pack
 */
export const ownObjects = (pack: string, { grants = [], scopes }: PackContract, objects: Objects): Objects => {
  const folder = objectsFolder(pack);
  // A key is looked at before the folder is put before it: `../x` must not become a key of another pack.
  const whole = (key: string): string => `${granted()}${checkKey(key)}`;
  const own = <F extends { readonly key: string }>(facts: F): F => ({ ...facts, key: facts.key.slice(folder.length) });
  const granted = (): string => {
    if (grants.includes('objects')) return folder;
    throw new Error(`contracts/packs/${pack}.ts does not ask for the grant objects`);
  };
  return {
    put: async (key, body, options) => {
      const written = await objects.put(whole(key), body, options);
      return written && own(written);
    },
    get: async (key) => {
      const found = await objects.get(whole(key));
      return found && own(found);
    },
    head: async (key) => {
      const found = await objects.head(whole(key));
      return found && own(found);
    },
    list: async (below, page) => {
      const { limit, cursor } = checkPage(page);
      const at = `${granted()}${checkFolder(below)}`;
      const { items, cursor: next } = await objects.list(at, {
        limit,
        ...(cursor !== undefined && { cursor: whole(cursor) }),
      });
      return { items: items.map(own), ...(next !== undefined && { cursor: next.slice(folder.length) }) };
    },
    remove: async (key) => objects.remove(whole(key)),
    link: async (key, options) => {
      if ('scope' in options.readers && !Object.hasOwn(scopes, options.readers.scope))
        throw new Error(`${options.readers.scope} is no scope of contracts/packs/${pack}.ts`);
      return objects.link(whole(key), options);
    },
  };
};
