/**
 * When a schedule comes: cron of five fields in a time zone. Across a change of the clock: a time that the clock leaves out comes at the
 * first moment after; of a time that the clock shows twice, only the first counts; steps such as `*\/15` go by real time.
 */
import { Cron } from 'croner';
import { isTimeZone, timeZoneError } from '../../../contracts/time-zone.ts';
import { CountersignError } from '../errors.ts';

/** Occurrences that are counted before a schedule that fell far behind stops counting. */
const MOST_COUNTED = 10_000;

export interface Occurrences {
  /** The first one after this time. Undefined: it never comes again. */
  after(time: Date): Date | undefined;
  /** The newest from `first` to `now`, both included, and how many were missed before it. @param first an occurrence */
  newest(first: Date, now: Date): { readonly at: Date; readonly skipped: number };
}

/** @throws invalid_input naming cron or timeZone */
export const occurrencesOf = (cron: string, timeZone: string): Occurrences => {
  if (!isTimeZone(timeZone)) throw new CountersignError('invalid_input', `timeZone ${timeZoneError}.`);
  const after = nextOf(cron, timeZone);
  return {
    after,
    newest: (first, now) => {
      let at = first;
      let skipped = 0;
      for (let next = after(at); next !== undefined && next <= now; next = after(at)) {
        at = next;
        skipped += 1;
        // A minutely schedule after a week of standing still: the last is found from near now.
        if (skipped >= MOST_COUNTED) return { at: nearest(after, now) ?? at, skipped };
      }
      return { at, skipped };
    },
  };
};

/** The newest occurrence of the last hour or day. */
const nearest = (after: Occurrences['after'], now: Date): Date | undefined => {
  let at: Date | undefined;
  for (const hours of [1, 24]) {
    for (
      let next = after(new Date(now.getTime() - hours * 3_600_000));
      next !== undefined && next <= now;
      next = after(next)
    )
      at = next;
    if (at !== undefined) return at;
  }
  return at;
};

const nextOf = (cron: string, timeZone: string): Occurrences['after'] => {
  const wrong = (cause: unknown) =>
    new CountersignError(
      'invalid_input',
      `cron must be five fields that come to pass, such as 30 2 * * MON: minute, hour, day of the month, month, day of the week.`,
      { cause },
    );
  try {
    const pattern = new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });
    return (time) => pattern.nextRun(time) ?? undefined;
  } catch (cause) {
    throw wrong(cause);
  }
};
