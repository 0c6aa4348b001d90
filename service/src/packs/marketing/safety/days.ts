/** Days of an account's own calendar. */
import { isTimeZone } from '../../../../../contracts/time-zone.ts';
import { CountersignError } from '../../../errors.ts';

const DAY_MS = 86_400_000;

/** The account's day at a moment, such as 2026-11-20. @throws upstream_error for a zone that is none */
export const dayOf = (at: Date, timeZone: string): string => {
  if (!isTimeZone(timeZone))
    throw new CountersignError('upstream_error', 'Google Ads names no time zone of the account.');
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
};

/** The day so many days later; negative: earlier. */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export interface DayRange {
  /** Both counted. */
  readonly from: string;
  readonly to: string;
}

export const daysIn = ({ from, to }: DayRange): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;

/** Days of which the baseline is made. */
export const BASELINE_DAYS = 30;

/** The last complete days before `today`. */
export const baselineBefore = (today: string): DayRange => ({
  from: daysAfter(today, -BASELINE_DAYS),
  to: daysAfter(today, -1),
});
