/**
 * Finds pairs of items that are seen together. Item by item it counts what is in the same transactions, so it needs memory for
 * the items only, whatever the number of pairs.
 */
import { cell } from './columns.ts';
import { medianOf } from './figures.ts';
import { isReported, type PairCounts, type PairFigures, type PairThresholds, pairFigures } from './pair-figures.ts';
import { countsOf, owners, postingsOf, pruned, type Transactions } from './transactions.ts';
import type { WorkTurns } from './work-turns.ts';

export interface ItemPair extends PairCounts, PairFigures {
  /** The one whose key comes first. */
  readonly key_a: string;
  readonly key_b: string;
  /** Share of the transactions with both in which A was first; B was not always first in the others. */
  readonly lead: number;
  /** Seconds from A to B; negative where B comes first. */
  readonly median_lag_s: number;
}

export interface FoundPairs {
  /** The strongest first: by lift, by how often, by key. */
  readonly pairs: readonly ItemPair[];
  /** Also those that are not kept. */
  readonly total: number;
  /** Items of large transactions or weak pairs were left out. */
  readonly truncated: boolean;
}

/** Pairs that are kept. */
export const MOST_PAIRS = 10_000;

export const strongestFirst = (one: ItemPair, other: ItemPair): number =>
  other.lift - one.lift ||
  other.both - one.both ||
  compareKeys(one.key_a, other.key_a) ||
  compareKeys(one.key_b, other.key_b);

const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The strongest of as many as pass by. */
class Strongest {
  #pairs: ItemPair[] = [];
  total = 0;

  add(pair: ItemPair): void {
    this.total += 1;
    this.#pairs.push(pair);
    if (this.#pairs.length >= 2 * MOST_PAIRS) this.#pairs = this.list();
  }

  list(): ItemPair[] {
    return this.#pairs.sort(strongestFirst).slice(0, MOST_PAIRS);
  }
}

/** Transactions as the search walks them. */
class Walk {
  readonly #transactions: Transactions;
  readonly #postings: ReturnType<typeof postingsOf>;
  readonly #owner: Uint32Array;
  readonly #turns: WorkTurns;

  constructor(transactions: Transactions, turns: WorkTurns) {
    this.#transactions = transactions;
    this.#postings = postingsOf(transactions);
    this.#owner = owners(transactions);
    this.#turns = turns;
  }

  /** How often each later item is in a transaction with this one. Adds to `together`, and returns which items it added to. */
  async countWith(item: number, together: Uint32Array): Promise<number[]> {
    const met: number[] = [];
    for (const entry of this.#entriesOf(item)) {
      const [from, to] = this.#besides(entry);
      if (this.#turns.due(to - from)) await this.#turns.pass();
      for (let beside = from; beside < to; beside += 1) {
        const other = cell(this.#transactions.item, beside);
        if (other <= item) continue;
        const before = cell(together, other);
        if (before === 0) met.push(other);
        together[other] = before + 1;
      }
    }
    return met;
  }

  /** Milliseconds from this item to each of the others, once for each transaction that has both. */
  async lagsTo(item: number, others: ReadonlyMap<number, number[]>): Promise<void> {
    const { item: items, first } = this.#transactions;
    for (const entry of this.#entriesOf(item)) {
      const [from, to] = this.#besides(entry);
      if (this.#turns.due(to - from)) await this.#turns.pass();
      for (let beside = from; beside < to; beside += 1)
        others.get(cell(items, beside))?.push(cell(first, beside) - cell(first, entry));
    }
  }

  #entriesOf(item: number): Uint32Array {
    const { start, entry } = this.#postings;
    return entry.subarray(cell(start, item), cell(start, item + 1));
  }

  #besides(entry: number): [from: number, to: number] {
    const owner = cell(this.#owner, entry);
    return [cell(this.#transactions.start, owner), cell(this.#transactions.start, owner + 1)];
  }
}

/** @param lags milliseconds from `a` to `b` */
const pairOf = (counts: PairCounts, [a, b]: readonly [string, string], lags: readonly number[]): ItemPair => {
  const swapped = a > b;
  const { a: countA, b: countB } = counts;
  const ordered = swapped ? { ...counts, a: countB, b: countA } : counts;
  const toB = swapped ? lags.map((lag) => -lag) : lags;
  return {
    ...ordered,
    ...pairFigures(ordered),
    key_a: swapped ? b : a,
    key_b: swapped ? a : b,
    lead: toB.filter((lag) => lag > 0).length / counts.both,
    median_lag_s: (medianOf(toB) ?? 0) / 1000,
  };
};

/**
 * @param keyOf the key of an item
 * @param each is told every pair that is reported, also those that are not kept
 */
export const findPairs = async (
  transactions: Transactions,
  keyOf: (item: number) => string,
  thresholds: PairThresholds,
  turns: WorkTurns,
  each: (a: number, b: number, jaccard: number) => void = () => {},
): Promise<FoundPairs> => {
  const counts = countsOf(transactions);
  const { transactions: searched, truncated } = await pruned(transactions, counts, turns);
  const walk = new Walk(searched, turns);
  const strongest = new Strongest();
  const together = new Uint32Array(transactions.items);
  for (let item = 0; item < transactions.items; item += 1) {
    const reported = new Map<number, PairCounts>();
    for (const other of await walk.countWith(item, together)) {
      const both = cell(together, other);
      together[other] = 0;
      const pair = { transactions: transactions.count, a: cell(counts, item), b: cell(counts, other), both };
      const figures = pairFigures(pair);
      if (!isReported(pair, figures, thresholds)) continue;
      each(item, other, figures.jaccard);
      reported.set(other, pair);
    }
    if (reported.size === 0) continue;
    const lags = new Map([...reported.keys()].map((other): [number, number[]] => [other, []]));
    await walk.lagsTo(item, lags);
    for (const [other, pair] of reported)
      strongest.add(pairOf(pair, [keyOf(item), keyOf(other)], lags.get(other) ?? []));
  }
  return { pairs: strongest.list(), total: strongest.total, truncated: truncated || strongest.total > MOST_PAIRS };
};
