/** What each service cost on each day. */
import { type Amount, sumOf } from './amount.ts';
import { contains, type Period } from './days.ts';
import type { Spent } from './explorer.ts';

export type Days = ReadonlyMap<string, Amount>;
/** By service. */
export type Daily = ReadonlyMap<string, Days>;

export const dailyOf = (spent: Iterable<Spent>): Daily => {
  const daily = new Map<string, Map<string, Amount>>();
  // The groups of one day may be on two pages.
  for (const { day, service, amount } of spent) {
    const days = daily.get(service) ?? new Map<string, Amount>();
    days.set(day, (days.get(day) ?? 0n) + amount);
    daily.set(service, days);
  }
  return daily;
};

export const costIn = (days: Days, period: Period): Amount =>
  sumOf([...days].flatMap(([day, amount]) => (contains(period, day) ? [amount] : [])));

/** Of all services together. */
export const togetherOf = (daily: Daily): Days => {
  const together = new Map<string, Amount>();
  for (const days of daily.values())
    for (const [day, amount] of days) together.set(day, (together.get(day) ?? 0n) + amount);
  return together;
};
