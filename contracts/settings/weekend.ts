/** When an environment of weekends has its tasks and its load balancer. Its settings name the hours; the time decides the rest. */
import type { Settings } from './resolve.ts';

export type WeekendSettings = Pick<
  Settings,
  'alb_enabled' | 'destroy_albs_when_scaled_down' | 'weekend_hours_end' | 'weekend_hours_start' | 'weekend_only'
>;

const minutesADay = 24 * 60;
const minutesAWeek = 7 * minutesADay;

/**
 * The load balancer exists so long before the first task: making it takes some minutes, a workflow starts up to half
 * an hour late, and a resolver remembers for 15 minutes that a name did not exist.
 */
export const earlyMinutes = 60;

/** And so long after the last one: connections drain for up to five minutes. */
export const lateMinutes = 15;

/** Minutes since Saturday 00:00 UTC. */
const minuteOfWeekend = (at: Date): number => {
  const daysSinceSaturday = (at.getUTCDay() + 1) % 7;
  return daysSinceSaturday * minutesADay + at.getUTCHours() * 60 + at.getUTCMinutes();
};

/** Minutes since Saturday 00:00 in which the load balancer is there: Saturday night is one with the days around it. */
const awakeOf = ({ weekend_hours_start, weekend_hours_end }: WeekendSettings) => ({
  from: weekend_hours_start * 60 - earlyMinutes,
  to: minutesADay + weekend_hours_end * 60 + lateMinutes,
});

const within = (minute: number, { from, to }: { from: number; to: number }): boolean =>
  (minute - from + minutesAWeek) % minutesAWeek < to - from;

/** Whether it is a time without a load balancer. False for an environment that keeps its own all week. */
export const asleepAt = (settings: WeekendSettings, at: Date): boolean =>
  settings.weekend_only && settings.destroy_albs_when_scaled_down && !within(minuteOfWeekend(at), awakeOf(settings));

/** Whether tasks should run: always, except in an environment of weekends. */
export const servingAt = (settings: WeekendSettings, at: Date): boolean => {
  if (!settings.weekend_only) return true;
  const minute = minuteOfWeekend(at);
  const [start, end] = [settings.weekend_hours_start * 60, settings.weekend_hours_end * 60];
  return minute < 2 * minutesADay && within(minute % minutesADay, { from: start, to: end });
};

/** Minutes until tasks start next; 0 while they run. */
export const minutesToServing = (settings: WeekendSettings, at: Date): number => {
  if (servingAt(settings, at)) return 0;
  const start = settings.weekend_hours_start * 60;
  const minute = minuteOfWeekend(at);
  const next = [start, minutesADay + start, minutesAWeek + start].find((each) => each > minute) ?? 0;
  return next - minute;
};

/** Minutes until there is a load balancer next; 0 while there is one. */
export const minutesToBalancer = (settings: WeekendSettings, at: Date): number => {
  if (!asleepAt(settings, at)) return 0;
  return (awakeOf(settings).from - minuteOfWeekend(at) + minutesAWeek) % minutesAWeek;
};

/** The settings that apply at a time: between weekends `alb_enabled` counts as false. */
export const settingsAt = <S extends WeekendSettings>(settings: S, at: Date): S =>
  asleepAt(settings, at) ? { ...settings, alb_enabled: false } : settings;

/** Hours a week in which there is a load balancer. */
export const loadBalancerHoursAWeek = (settings: WeekendSettings): number => {
  const { from, to } = awakeOf(settings);
  return settings.weekend_only && settings.destroy_albs_when_scaled_down ? (to - from) / 60 : minutesAWeek / 60;
};

/** When the workflow of weekends must run, as GitHub's cron in UTC: three times before Saturday's start, once after Sunday's end. */
export const weekendClock = ({
  weekend_hours_start,
  weekend_hours_end,
}: Pick<WeekendSettings, 'weekend_hours_end' | 'weekend_hours_start'>): readonly string[] => {
  const [hour, day] = weekend_hours_start === 0 ? [23, 5] : [weekend_hours_start - 1, 6];
  return [`13,33,53 ${hour} * * ${day}`, `17 ${weekend_hours_end} * * 0`];
};
