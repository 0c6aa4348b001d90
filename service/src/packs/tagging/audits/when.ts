/** When an audit comes: on the wall clock of its own zone. */
import type { ScheduleRequest } from '../../../ports/jobs.ts';

export const rhythms = ['daily', 'weekly', 'monthly'] as const;
export type Rhythm = (typeof rhythms)[number];

export interface AuditTime {
  /** weekly: on Mondays. monthly: on the first day. */
  readonly schedule: Rhythm;
  /** HH:MM. */
  readonly time: string;
  /** Of the IANA database. */
  readonly timezone: string;
}

const days: Readonly<Record<Rhythm, string>> = { daily: '* * *', weekly: '* * MON', monthly: '1 * *' };

/** The same as a schedule of jobs, which says what happens where the clock changes: docs/adding-a-pack.md, "The clock". */
export const cronOf = ({ schedule, time, timezone }: AuditTime): Pick<ScheduleRequest, 'cron' | 'timeZone'> => {
  const [hour, minute] = time.split(':').map(Number);
  return { cron: `${minute} ${hour} ${days[schedule]}`, timeZone: timezone };
};

const words: Readonly<Record<Rhythm, string>> = {
  daily: 'every day',
  weekly: 'every Monday',
  monthly: 'on the first day of each month',
};
export const rhythmWords = ({ schedule, time, timezone }: AuditTime): string =>
  `${words[schedule]} at ${time} (${timezone})`;

/** An ISO time with the offset that the zone has at that moment: 2026-12-16T09:00:00-05:00. */
export const zonedIso = (at: Date, timeZone: string): string => {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const part = new Map<string, string>(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = ['year', 'month', 'day'].map((name) => part.get(name)).join('-');
  const clock = ['hour', 'minute', 'second'].map((name) => part.get(name)).join(':');
  const offset = part.get('timeZoneName')?.replace('GMT', '');
  return `${date}T${clock}${offset || '+00:00'}`;
};
