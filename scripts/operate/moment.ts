/** Moments as operators write them. */
import { UsageProblem } from '../platform/problem.ts';

/** A zone is demanded, because an operator's clock and a store's differ. */
const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

/** @throws UsageProblem for what is no moment with a zone */
export const readMoment = (option: string, given: string): Date => {
  const moment = new Date(given);
  if (!pattern.test(given) || Number.isNaN(moment.getTime()))
    throw new UsageProblem(`--${option} is a moment with its zone, such as 2027-01-31T06:00Z, not ${given}.`);
  return moment;
};

/** @throws UsageProblem, also for a moment that is to come */
export const momentOf = (option: string, given: string | undefined, now: Date): Date | undefined => {
  if (given === undefined) return undefined;
  const moment = readMoment(option, given);
  if (moment > now) throw new UsageProblem(`--${option} ${given} is to come: it is ${now.toISOString()}.`);
  return moment;
};
