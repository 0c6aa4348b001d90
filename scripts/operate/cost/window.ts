/** The days a review is about. */
import { monthOf, type Period, plusDays } from './days.ts';
import { USUAL_DAYS } from './spikes.ts';

export const WEEK = 7;

export interface Window {
  /** The calendar month of the last day that is reviewed. */
  readonly month: Period;
  /** The part of it that is reviewed. */
  readonly soFar: Period;
  readonly week: Period;
  readonly before: Period;
  /** All days that have to be asked for. */
  readonly asked: Period;
}

/** @param end the first day that is not reviewed */
export const windowOf = (end: string): Window => {
  const month = monthOf(plusDays(end, -1));
  const week = { start: plusDays(end, -WEEK), end };
  const [first = month.start] = [month.start, plusDays(week.start, -USUAL_DAYS)].toSorted();
  return {
    month,
    soFar: { start: month.start, end },
    week,
    before: { start: plusDays(week.start, -WEEK), end: week.start },
    asked: { start: first, end },
  };
};
