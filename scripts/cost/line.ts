/** A line of an estimate, and sums of lines. */
import type { Item } from './services.ts';

export interface Line {
  readonly item: Item;
  /** How many of what, for how long. */
  readonly detail: string;
  /** A month, in whole cents. */
  readonly usd: number;
}

export interface Estimate {
  readonly lines: readonly Line[];
  /** What costs too, and is not in the lines. */
  readonly leftOut: readonly string[];
}

// The little is for halves that floating point holds a hair too low: 16.425 is 16.43.
export const cents = (usd: number): number => Math.round(usd * 100 + 1e-6) / 100;

export const line = (item: Item, detail: string, usd: number): Line => ({ item, detail, usd: cents(usd) });

export const total = (lines: readonly Line[]): number => cents(lines.reduce((sum, { usd }) => sum + usd, 0));
