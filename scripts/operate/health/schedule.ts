/** Whether an environment that runs on weekends only is meant to be asleep. */
import type { Settings } from '../../../contracts/settings/resolve.ts';

export const isAsleep = (settings: Settings, now: Date): boolean => {
  if (!settings.weekend_only) return false;
  const weekend = now.getUTCDay() === 0 || now.getUTCDay() === 6;
  const hour = now.getUTCHours();
  return !weekend || hour < settings.weekend_hours_start || hour >= settings.weekend_hours_end;
};
