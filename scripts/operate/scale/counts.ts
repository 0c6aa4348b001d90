/** How many run, and between which bounds: what is there, what is asked for, and what it comes to. */
import { OperatorProblem } from '../../platform/problem.ts';

export interface Counts {
  readonly desired: number;
  /** Undefined: nothing scales it. */
  readonly bounds?: { readonly min: number; readonly max: number } | undefined;
}

export interface Asked {
  readonly desired?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** `3 between 2 and 10`. */
export const countsText = ({ desired, bounds }: Counts): string =>
  bounds === undefined ? String(desired) : `${desired} between ${bounds.min} and ${bounds.max}`;

export const sameCounts = (a: Counts, b: Counts): boolean => countsText(a) === countsText(b);

const clamp = (count: number, min: number, max: number): number => Math.min(Math.max(count, min), max);

/**
 * What the counts come to: bounds widen as far as the count needs, and the count moves into bounds that are given.
 * @throws OperatorProblem where what is asked for contradicts itself
 */
export const wantedCounts = ({ desired: running, bounds }: Counts, asked: Asked): Counts => {
  const { desired } = asked;
  if (bounds === undefined) {
    if (asked.min !== undefined || asked.max !== undefined)
      throw new OperatorProblem(
        'Nothing scales it, so there are no bounds: pass --desired alone, or set autoscale and deploy.',
      );
    return { desired: desired ?? running };
  }
  const min = asked.min ?? Math.min(bounds.min, desired ?? bounds.min, asked.max ?? bounds.min);
  const max = asked.max ?? Math.max(bounds.max, desired ?? bounds.max, asked.min ?? bounds.max);
  if (min > max) throw new OperatorProblem(`--min ${min} is above --max ${max}.`);
  if (desired !== undefined && (desired < min || desired > max))
    throw new OperatorProblem(`--desired ${desired} is not between --min ${min} and --max ${max}.`);
  return { desired: desired ?? clamp(running, min, max), bounds: { min, max } };
};
