/** Figures of analyses, and the digits with which they are shown. */

/** Half up. A float that stands for 0.125 may lie just below it, so that a part of 2^50 decides for it. */
const rounded = (value: number, digits: number): number => {
  const factor = 10 ** digits;
  return Math.round(value * factor * (1 + 2 ** -50)) / factor + 0;
};

/** Shares, scores and z: four decimals. */
export const shownRatio = (value: number): number => rounded(value, 4);

/** Minutes: one decimal. */
export const shownMinutes = (value: number): number => rounded(value, 1);

/** Scores of root causes: two decimals. */
export const shownScore = (value: number): number => rounded(value, 2);

export const shownOr = <T>(value: T | null, shown: (value: T) => T): T | null => (value === null ? null : shown(value));

/** Null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle value, or the mean of both. Null of nothing. */
export const medianOf = (values: Iterable<number>): number | null => {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
};

export interface Spread {
  readonly mean: number;
  /** Of the whole population, not of a sample. */
  readonly deviation: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  const mean = meanOf(values) ?? 0;
  return { mean, deviation: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)) ?? 0) };
};

/** How many deviations a value lies above the mean; 0 where all values are the same. */
export const zScore = (value: number, { mean, deviation }: Spread): number =>
  deviation === 0 ? 0 : (value - mean) / deviation;

/** Of two sets, by the sizes of them and of what they have in common. Null of two empty ones. */
export const jaccardOf = (a: number, b: number, both: number): number | null =>
  a + b === both ? null : both / (a + b - both);
