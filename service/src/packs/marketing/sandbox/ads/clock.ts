/** The account's own clock. */

/** Such as 2026-11-20. */
export const dayIn = (timeZone: string, at: Date): string => momentIn(timeZone, at).slice(0, 10);

/** Such as 2026-11-20 09:00:00. */
export const momentIn = (timeZone: string, at: Date): string => {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return clock.format(at);
};

/** The day so many days later, or earlier. */
export const daysFrom = (date: string, days: number): string => {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

/** Both counted; none where they are the wrong way round. */
export const daysBetween = (from: string, to: string): string[] => {
  const days: string[] = [];
  for (let date = from; date <= to; date = daysFrom(date, 1)) days.push(date);
  return days;
};
