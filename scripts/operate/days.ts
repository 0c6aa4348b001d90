const DAY = 24 * 60 * 60 * 1000;

/** Whole days since then. What was made after the clock was read is of today. */
export const daysSince = (then: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - then.getTime()) / DAY));
