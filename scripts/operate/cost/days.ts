/** Days of UTC as Cost Explorer counts them: `2026-11-29`. */
import { dayOf } from '../days.ts';

const MS = 86_400_000;
const form = /^\d{4}-\d{2}-\d{2}$/;

/** `end` is exclusive: the first day that is not in it. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

export const isDay = (text: string): boolean =>
  form.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(new Date(text)) === text;

export const plusDays = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * MS));

/** The first day of the month that is so many months later. */
export const plusMonths = (day: string, months: number): string => {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return dayOf(new Date(Date.UTC(year, month - 1 + months, 1)));
};

export const daysIn = ({ start, end }: Period): number => Math.max(0, (Date.parse(end) - Date.parse(start)) / MS);

export const contains = ({ start, end }: Period, day: string): boolean => start <= day && day < end;

/** The calendar month that a day is in. */
export const monthOf = (day: string): Period => {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return { start: `${day.slice(0, 8)}01`, end: dayOf(new Date(Date.UTC(year, month, 1))) };
};

/** The first day that Cost Explorer may not have the whole of: it is up to 24 hours late. */
export const wholeUntil = (now: Date): string => dayOf(new Date(now.getTime() - MS));
