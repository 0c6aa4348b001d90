/** Long lists in pages. The cursor says where the last page ended, not how many came before, so any task can go on. */
import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { charactersFor, DEFAULT_ROWS, fitting, fittingMembers } from '../../../mcp/answer-size.ts';
import { cleanTags } from '../../../untrusted.ts';

const MAX_LIMIT = 200;

/** Input fields of every tool that answers with a long list. */
export const pageInput = {
  limit: z
    .int()
    .min(1)
    .max(MAX_LIMIT)
    .default(DEFAULT_ROWS)
    .describe('Most entries of one answer; fewer where they are long'),
  cursor: z.string().max(3000).optional().describe('next_cursor of the answer before, to go on'),
};

/** Characters of the tags of one row; a resource may have fifty of 384. */
const TAG_CHARACTERS = 1200;

/** Field of a row whose tags did not fit. */
export const TagsNotShown = z.number().optional().describe('Further tags of it that are too long to show here');

/** Tags as a row shows them, the ones named first. */
export const shownTags = (tags: Readonly<Record<string, string>>, first: readonly string[] = []) => {
  const leading = first.filter((key) => Object.hasOwn(tags, key)).map((key) => [key, tags[key]]);
  return fittingMembers(cleanTags({ ...Object.fromEntries(leading), ...tags }), TAG_CHARACTERS);
};

export const NextCursor = z.string().optional().describe('Present when there are more entries: pass it as cursor');

/** Where an entry stands: compared part by part, numbers before text. */
export type Rank = readonly (number | string)[];
const Cursor = z.array(z.union([z.number(), z.string()])).max(8);

const compareParts = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

export const compareRanks = (a: Rank, b: Rank): number => {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = compareParts(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
};

const decode = (cursor: string): Rank => {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new CountersignError('invalid_input', 'cursor: is not one this tool gave. Ask without it.', { cause });
  }
};

/**
 * Sorts by rank, which must be unique, and shows the page after the cursor: as many entries as asked for, fewer where
 * they are long, one at least.
 */
export const pageOf = <T, Shown>(
  items: readonly T[],
  rankOf: (item: T) => Rank,
  show: (item: T) => Shown,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): { items: Shown[]; next_cursor?: string } => {
  const after = page.cursor === undefined ? undefined : decode(page.cursor);
  const ranked = items.map((item) => ({ item, rank: rankOf(item) })).sort((a, b) => compareRanks(a.rank, b.rank));
  const rest = after === undefined ? ranked : ranked.filter((each) => compareRanks(each.rank, after) > 0);
  const shown = fitting(
    rest.slice(0, page.limit).map(({ item }) => show(item)),
    charactersFor(page.limit),
  );
  const last = rest[shown.length - 1];
  return {
    items: shown,
    ...(last !== undefined && rest.length > shown.length
      ? { next_cursor: Buffer.from(JSON.stringify(last.rank)).toString('base64url') }
      : {}),
  };
};
