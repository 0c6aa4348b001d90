/** What the counts of two items say about one another. */
import { jaccardOf } from './figures.ts';

/** Of `transactions` in all, how many have A, B, and both. */
export interface PairCounts {
  readonly transactions: number;
  readonly a: number;
  readonly b: number;
  readonly both: number;
}

export interface PairFigures {
  readonly support: number;
  /** P(B|A) */
  readonly b_given_a: number;
  /** P(A|B) */
  readonly a_given_b: number;
  readonly lift: number;
  readonly jaccard: number;
  /** Null where an item is in every transaction or in none. */
  readonly phi: number | null;
}

export interface PairThresholds {
  /** Share of the transactions that have both, 0 to 1. Fewer than FEWEST_TOGETHER of them are never reported. */
  readonly minSupport: number;
  readonly minLift: number;
  /** Of the larger of P(B|A) and P(A|B). */
  readonly minConfidence: number;
}

/** What is seen together less often is chance. */
export const FEWEST_TOGETHER = 3;

export const pairFigures = ({ transactions: n, a, b, both }: PairCounts): PairFigures => {
  const spread = a * b * (n - a) * (n - b);
  return {
    support: both / n,
    b_given_a: both / a,
    a_given_b: both / b,
    lift: (both * n) / (a * b),
    jaccard: jaccardOf(a, b, both) ?? 0,
    phi: spread > 0 ? (n * both - a * b) / Math.sqrt(spread) : null,
  };
};

export const isReported = (
  { both }: PairCounts,
  { support, lift, b_given_a, a_given_b }: PairFigures,
  { minSupport, minLift, minConfidence }: PairThresholds,
): boolean =>
  both >= FEWEST_TOGETHER &&
  support >= minSupport &&
  lift >= minLift &&
  Math.max(b_given_a, a_given_b) >= minConfidence;
