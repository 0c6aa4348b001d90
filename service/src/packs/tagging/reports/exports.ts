/** What was exported: the files, and beside each a note of what it holds and who asked for it. */
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { ObjectFacts, Objects } from '../../../ports/objects.ts';
import { Severity } from './breakdown.ts';

/** Where the pack's exports are. */
export const EXPORTS = 'violations/';
const NOTES = 'violations-notes/';
const KEPT_DAYS = 30;
const DAY = 86_400_000;

const Note = z.object({
  /** Who asked for it. Text from outside. */
  by: z.object({ personId: z.string(), name: z.string() }),
  fileName: z.string(),
  rows: z.number().int(),
  filters: z.object({ severity: Severity, resourceTypes: z.array(z.string()).optional() }),
  scan: z.object({
    timestamp: z.string(),
    policyVersion: z.string(),
    quality: z.string(),
    accounts: z.number().int(),
    regions: z.number().int(),
    types: z.number().int(),
  }),
});
export type ExportNote = z.infer<typeof Note>;

export interface KeptExport extends Pick<ObjectFacts, 'key' | 'size'> {
  readonly writtenAt: string;
  /** It is not removed before. */
  readonly keptUntil: string;
  /** Undefined of files that an older version wrote. */
  readonly note: ExportNote | undefined;
}

const noteKey = (key: string): string => `${NOTES}${key.slice(EXPORTS.length)}.json`;
const keptUntil = ({ writtenAt }: ObjectFacts): Date => new Date(writtenAt.getTime() + KEPT_DAYS * DAY);

export const keepNote = async (objects: Pick<Objects, 'put'>, key: string, note: ExportNote): Promise<void> => {
  await objects.put(noteKey(key), JSON.stringify(note), { contentType: 'application/json' });
};

/** Undefined also of a note that a newer version wrote otherwise. */
const noteOf = async (objects: Pick<Objects, 'get'>, key: string): Promise<ExportNote | undefined> => {
  const found = await objects.get(noteKey(key));
  return found && Note.safeParse(JSON.parse(await text(found.body))).data;
};

/** Removes files that are older than thirty days, with their notes. */
export const removeOld = async (objects: Pick<Objects, 'list' | 'remove'>, now: Date): Promise<void> => {
  const { items } = await objects.list(EXPORTS, { limit: 100 });
  for (const each of items.filter((item) => keptUntil(item) < now)) {
    await objects.remove(each.key);
    await objects.remove(noteKey(each.key));
  }
};

/** Keys that one list has, and lists that are read at most. */
const LISTED = 1000;
const MOST_LISTS = 5;

const listAll = async (objects: Pick<Objects, 'list'>): Promise<{ items: ObjectFacts[]; isWhole: boolean }> => {
  const items: ObjectFacts[] = [];
  let cursor: string | undefined;
  for (let lists = 0; lists < MOST_LISTS; lists += 1) {
    const page = await objects.list(EXPORTS, { limit: LISTED, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
    if (cursor === undefined) return { items, isWhole: true };
  }
  return { items, isWhole: false };
};

export interface ExportsPart {
  /** The newest first. */
  readonly items: readonly KeptExport[];
  readonly total: number;
  /** There are more than are listed. */
  readonly isWhole: boolean;
}

/** Files that are still kept. @param part of so many each, from 1 */
export const keptExports = async (
  objects: Pick<Objects, 'list' | 'get'>,
  now: Date,
  { part, size }: { readonly part: number; readonly size: number },
): Promise<ExportsPart> => {
  const { items, isWhole } = await listAll(objects);
  const kept = items
    .filter((item) => keptUntil(item) > now)
    .sort((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime() || (a.key < b.key ? 1 : -1));
  const shown = kept.slice((part - 1) * size, part * size).map(async (item) => ({
    key: item.key,
    size: item.size,
    writtenAt: item.writtenAt.toISOString(),
    keptUntil: keptUntil(item).toISOString(),
    note: await noteOf(objects, item.key),
  }));
  return { items: await Promise.all(shown), total: kept.length, isWhole };
};
