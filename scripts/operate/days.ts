const DAY = 24 * 60 * 60 * 1000;

/** The day of UTC, as `2026-11-30`. */
export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** Whole days since then. What was made after the clock was read is of today. */
export const daysSince = (then: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - then.getTime()) / DAY));
