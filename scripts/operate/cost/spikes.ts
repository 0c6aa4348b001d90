/** Days that cost more than twice what is usual. */
import { type Amount, amountOfUsd, usdOf } from './amount.ts';
import { type Daily, type Days, togetherOf } from './daily.ts';
import { daysIn, type Period, plusDays } from './days.ts';

/** Days before a day that say what is usual. */
export const USUAL_DAYS = 14;
const TIMES = 2n;
/** Less than this is no spike, however little is usual. */
const LEAST_USD = 5;

export interface Spike {
  readonly day: string;
  /** Undefined: all services together. */
  readonly service?: string;
  readonly usd: number;
  /** Median of the 14 days before. */
  readonly usualUsd: number;
}

const medianOf = (amounts: readonly Amount[]): Amount => {
  const sorted = amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0n) + (sorted[Math.ceil(middle) - 1] ?? 0n)) / 2n;
};

const spikeOn = (days: Days, day: string): Omit<Spike, 'service'> | undefined => {
  const before = Array.from({ length: USUAL_DAYS }, (_, index) => days.get(plusDays(day, -1 - index)) ?? 0n);
  const [cost, usual] = [days.get(day) ?? 0n, medianOf(before)];
  if (cost <= amountOfUsd(LEAST_USD) || cost <= usual * TIMES) return undefined;
  return { day, usd: usdOf(cost), usualUsd: usdOf(usual) };
};

/** Spikes in a period, the newest day and the greatest cost first; all services together come before each of a day. */
export const spikesIn = (daily: Daily, period: Period): Spike[] => {
  const together = togetherOf(daily);
  return Array.from({ length: daysIn(period) }, (_, index) => plusDays(period.end, -1 - index)).flatMap((day) => {
    const all = spikeOn(together, day);
    const each = [...daily].flatMap(([service, days]) => {
      const spike = spikeOn(days, day);
      return spike === undefined ? [] : [{ service, ...spike }];
    });
    return [...(all === undefined ? [] : [all]), ...each.toSorted((a, b) => b.usd - a.usd)];
  });
};
