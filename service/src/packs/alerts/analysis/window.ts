/** The days that an analysis is about. */

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface AnalysisWindow {
  /** Milliseconds since 1970, inclusive. */
  readonly from: number;
  /** Exclusive: as_of, in place of now. */
  readonly to: number;
  readonly days: number;
  /** It ends now, so alerts are as they are kept; otherwise as their times say that they were. */
  readonly live: boolean;
}

/** @param asOf undefined: now */
export const windowOf = (asOf: Date | undefined, days: number, now: Date): AnalysisWindow => {
  const to = (asOf ?? now).getTime();
  return { from: to - days * DAY_MS, to, days, live: to >= now.getTime() };
};

export const periodOfWindow = ({ from, to }: AnalysisWindow) => ({ from: new Date(from), to: new Date(to) });
