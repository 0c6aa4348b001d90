import type { Objects } from '../../../ports/objects.ts';

/** Where somebody looks at what this version cannot read. */
const UNREADABLE = 'data/unreadable/';

/**
 * Moves an object that nobody can read out of the way of the others, and keeps it.
 * @param folder of its key, which goes
 */
export const putAside = async (objects: Objects, key: string, folder: string): Promise<void> => {
  const found = await objects.get(key);
  if (found === undefined) return;
  await objects.put(UNREADABLE + key.slice(folder.length), found.body, { contentType: found.contentType });
  await objects.remove(key);
};
