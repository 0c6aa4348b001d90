/** Moments as operators write them. */
import { UsageProblem } from '../platform/problem.ts';

/** A zone is demanded, because an operator's clock and a store's differ. */
const pattern = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** Date takes the 30th of February for a day of March. */
const isDay = (day: string): boolean => {
  const midnight = new Date(day);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
};

/** @throws UsageProblem for what is no moment with a zone */
export const readMoment = (option: string, given: string): Date => {
  const moment = new Date(given);
  if (!isDay(pattern.exec(given)?.[1] ?? '') || Number.isNaN(moment.getTime()))
    throw new UsageProblem(`--${option} is a moment with its zone, such as 2027-01-31T06:00Z, not ${given}.`);
  return moment;
};

/** @throws UsageProblem, also for a moment that is to come */
export const momentOf = (option: string, given: string | undefined, now: Date): Date | undefined => {
  if (given === undefined) return undefined;
  const moment = readMoment(option, given);
  if (moment > now) throw new UsageProblem(`--${option} ${given} is in the future: it is ${now.toISOString()}.`);
  return moment;
};
