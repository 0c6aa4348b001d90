/** Days as people and Google write them: YYYY-MM-DD, in the time zone of whatever is asked about. */
import { z } from 'zod';

const DAY_MS = 86_400_000;

const isDay = (text: string): boolean => z.iso.date().safeParse(text).success;

export const Day = z.string().refine(isDay, 'must be a date such as 2026-11-20');

/** Today in a time zone of the IANA. */
export const today = (timeZone: string, now: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);

export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);

/** The same day of an earlier month, or its last where it is shorter. */
export const monthsBefore = (day: string, months: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
};
