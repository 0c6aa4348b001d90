/** Removes objects of packs whose time is over where no bucket does it. */
import { objectsRules } from '../../../contracts/packs/index.ts';
import type { Objects } from '../ports/objects.ts';

const DAY_MS = 86_400_000;
const PAGE = 1000;

/**
 * By the contracts of the enabled packs.
 * @param objects takes whole keys
 * @returns how many were removed
 */
export const sweepObjects = async (
  objects: Pick<Objects, 'list' | 'remove'>,
  packs: readonly string[],
  now: Date,
): Promise<number> => {
  let removed = 0;
  for (const [folder, { removeAfterDays }] of objectsRules(packs)) {
    if (removeAfterDays === undefined) continue;
    const before = now.getTime() - removeAfterDays * DAY_MS;
    let cursor: string | undefined;
    do {
      const page = await objects.list(folder, { limit: PAGE, ...(cursor !== undefined && { cursor }) });
      for (const { key, writtenAt } of page.items) {
        if (writtenAt.getTime() > before) continue;
        await objects.remove(key);
        removed += 1;
      }
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  return removed;
};
