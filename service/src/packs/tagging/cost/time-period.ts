/** The days a question about costs is about, as Cost Explorer spells them: both dates, the end exclusive. */
import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import type { Ambiguity } from '../../../mcp/tool.ts';
import { COST_DAYS, daysOf, lastDays, type Period } from './costs.ts';

const MOST_DAYS = 365;
const DAY = 86_400_000;

// Published without a format: not every model's host takes one for dates.
const isDay = (text: string): boolean => z.iso.date().safeParse(text).success;
const Day = z.string().refine(isDay, 'must be a date such as 2026-11-20');
export const TimePeriod = z.strictObject({ Start: Day, End: Day });
export type TimePeriod = z.output<typeof TimePeriod>;

const refuse = (message: string): never => {
  throw new CountersignError('invalid_input', `time_period: ${message}`);
};

/** The last 30 days where nothing was asked. @throws invalid_input for days that are none, too many, or still to come */
export const periodOf = (asked: TimePeriod | undefined, now: Date): Period => {
  if (asked === undefined) return lastDays(now, COST_DAYS);
  const period = { start: asked.Start, end: asked.End };
  const tomorrow = lastDays(new Date(now.getTime() + DAY), 0).end;
  if (period.start >= period.end) refuse('Start must be before End, which is the first day that is not meant.');
  if (daysOf(period) > MOST_DAYS) refuse(`has ${daysOf(period)} days; ask for at most ${MOST_DAYS}.`);
  if (period.end > tomorrow) refuse(`ends after today. The latest End is ${tomorrow}.`);
  return period;
};

const spelled = ({ start, end }: Period): TimePeriod => ({ Start: start, End: end });

/** Asked where the call does not say which days it means. */
export const periodQuestion = (now: Date, resources: number): Ambiguity => ({
  parameter: 'time_period',
  question: 'Which days should the costs be of?',
  options: [7, COST_DAYS, 90].map((days) => ({
    value: spelled(lastDays(now, days)),
    estimated_resources: resources,
    ...(days > COST_DAYS && { requires_approval: true }),
  })),
});
