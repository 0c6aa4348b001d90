/** Long lists in pages. The cursor says where the last page ended, not how many came before, so any task can go on. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../../../mcp/answer-size.ts';

/** Input fields of every tool that answers with a long list. */
export const pageInput = {
  limit: z.int().min(1).max(200).default(DEFAULT_ROWS).describe('Most rows'),
  cursor: z.string().max(1000).optional().describe('next_cursor'),
};
export const NextCursor = z.string().optional();

/** Where an entry stands: compared part by part. Unique in its list. */
export type Rank = readonly (number | string)[];
const Cursor = z.array(z.union([z.number(), z.string()])).max(8);

export const compareRanks = (one: Rank, other: Rank): number => {
  for (const [at, part] of one.entries()) {
    const beside = other[at] ?? '';
    if (part !== beside) return part < beside ? -1 : 1;
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

/** The page after the cursor, in the order of ranks: as many rows as asked for, fewer where they are long, one at least. */
export const pageOf = <T, Shown>(
  items: readonly T[],
  rankOf: (item: T) => Rank,
  show: (item: T) => Shown,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { readonly rows: Shown[]; readonly next_cursor?: string } => {
  const after = cursor === undefined ? undefined : decode(cursor);
  const rest = items
    .map((item) => ({ item, rank: rankOf(item) }))
    .filter(({ rank }) => after === undefined || compareRanks(rank, after) > 0)
    .sort((one, other) => compareRanks(one.rank, other.rank));
  const rows = fitting(
    rest.slice(0, limit).map(({ item }) => show(item)),
    charactersFor(limit),
  );
  const last = rest[rows.length - 1];
  return {
    rows,
    ...(last !== undefined &&
      rest.length > rows.length && { next_cursor: Buffer.from(JSON.stringify(last.rank)).toString('base64url') }),
  };
};
