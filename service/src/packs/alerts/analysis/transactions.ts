/** Sets of items that were seen together, in typed columns: transaction after transaction. */
import { cell } from './columns.ts';
import { FEWEST_TOGETHER } from './pair-figures.ts';
import type { WorkTurns } from './work-turns.ts';

export interface Transactions {
  /** Also those that have no item. */
  readonly count: number;
  /** How many different items there are. */
  readonly items: number;
  /** The first entry of each transaction that has items, and behind them the number of entries. */
  readonly start: Uint32Array;
  /** Which item an entry is. No item is in a transaction twice. */
  readonly item: Uint32Array;
  /** Milliseconds since 1970: when the item was first seen in this transaction. */
  readonly first: Float64Array;
}

/** Items of one transaction that are looked at: 200 make 19,900 pairs. */
export const MOST_ITEMS = 200;

/** How many transactions have each item. */
export const countsOf = ({ items, item }: Transactions): Uint32Array => {
  const counts = new Uint32Array(items);
  for (const each of item) counts[each] = cell(counts, each) + 1;
  return counts;
};

export interface PrunedTransactions {
  readonly transactions: Transactions;
  /** Some had too many items, and the rarest of those were left out. */
  readonly truncated: boolean;
}

/** The entries of a transaction that are looked at, of more than there may be those of the most frequent items. */
const keptEntries = (
  { item }: Transactions,
  from: number,
  to: number,
  counts: Uint32Array,
): { readonly entries: number[]; readonly cut: boolean } => {
  const entries: number[] = [];
  for (let entry = from; entry < to; entry += 1)
    if (cell(counts, cell(item, entry)) >= FEWEST_TOGETHER) entries.push(entry);
  if (entries.length <= MOST_ITEMS) return { entries, cut: false };
  const countOf = (entry: number): number => cell(counts, cell(item, entry));
  entries.sort((a, b) => countOf(b) - countOf(a) || cell(item, a) - cell(item, b));
  return { entries: entries.slice(0, MOST_ITEMS), cut: true };
};

/** Leaves out what no reported pair can have, because pairs cost the square of a transaction's items. */
export const pruned = async (
  transactions: Transactions,
  counts: Uint32Array,
  turns: WorkTurns,
): Promise<PrunedTransactions> => {
  const { start, item, first } = transactions;
  const kept = new Uint32Array(item.length);
  const starts = new Uint32Array(start.length);
  let [size, truncated] = [0, false];
  for (let each = 0; each + 1 < start.length; each += 1) {
    const [from, to] = [cell(start, each), cell(start, each + 1)];
    if (turns.due(to - from + 1)) await turns.pass();
    const { entries, cut } = keptEntries(transactions, from, to, counts);
    truncated ||= cut;
    kept.set(entries, size);
    size += entries.length;
    starts[each + 1] = size;
  }
  const entries = kept.subarray(0, size);
  return {
    transactions: {
      ...transactions,
      start: starts,
      item: Uint32Array.from(entries, (entry) => cell(item, entry)),
      first: Float64Array.from(entries, (entry) => cell(first, entry)),
    },
    truncated,
  };
};

/** By item, the entries that are it: item after item. */
export const postingsOf = ({
  items,
  item,
}: Transactions): { readonly start: Uint32Array; readonly entry: Uint32Array } => {
  const start = new Uint32Array(items + 1);
  for (const each of item) start[each + 1] = cell(start, each + 1) + 1;
  for (let each = 0; each < items; each += 1) start[each + 1] = cell(start, each + 1) + cell(start, each);
  const [free, entry] = [start.slice(), new Uint32Array(item.length)];
  item.forEach((each, place) => {
    const to = cell(free, each);
    free[each] = to + 1;
    entry[to] = place;
  });
  return { start, entry };
};

/** The transaction of each entry. */
export const owners = ({ start, item }: Transactions): Uint32Array => {
  const owner = new Uint32Array(item.length);
  for (let each = 0; each + 1 < start.length; each += 1) owner.fill(each, cell(start, each), cell(start, each + 1));
  return owner;
};
