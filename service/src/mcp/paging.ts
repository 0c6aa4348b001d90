/** Long lists in pages. The cursor says where the last page ended, not how many came before, so any task can go on. */
import { z } from 'zod';
import { CountersignError } from '../errors.ts';
import { charactersFor, DEFAULT_ROWS, fitting } from './answer-size.ts';

const MAX_LIMIT = 200;

/** Input fields of every tool that answers with a long list. */
export const pageInput = {
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_ROWS).describe('Most entries'),
  cursor: z.string().max(3000).optional().describe('next_cursor of the answer before'),
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

interface Ranked<T> {
  readonly item: T;
  readonly rank: Rank;
}

/** The first entries after a rank, of as many as pass by; no more than one page of them is held. */
class FirstOf<T> {
  readonly ranked: Ranked<T>[] = [];
  readonly #most: number;
  readonly #after: Rank | undefined;

  constructor(most: number, after: Rank | undefined) {
    this.#most = most;
    this.#after = after;
  }

  add(item: T, rank: Rank): void {
    const { ranked } = this;
    if (this.#after !== undefined && compareRanks(rank, this.#after) <= 0) return;
    const last = ranked.at(-1);
    if (ranked.length === this.#most && last !== undefined && compareRanks(rank, last.rank) >= 0) return;
    ranked.splice(this.#placeOf(rank), 0, { item, rank });
    if (ranked.length > this.#most) ranked.pop();
  }

  #placeOf(rank: Rank): number {
    let [low, high] = [0, this.ranked.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.ranked[middle];
      if (at !== undefined && compareRanks(at.rank, rank) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Orders by rank, which must be unique, and shows the page after the cursor: as many entries as asked for, fewer where
 * they are long, one at least. Entries pass by once.
 */
export const pageOf = <T, Shown>(
  items: Iterable<T>,
  rankOf: (item: T) => Rank,
  show: (item: T) => Shown,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): { items: Shown[]; next_cursor?: string } => {
  const first = new FirstOf<T>(page.limit + 1, page.cursor === undefined ? undefined : decode(page.cursor));
  for (const item of items) first.add(item, rankOf(item));
  const rest = first.ranked;
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
