/** The days that an analysis is about. */

export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface AnalysisWindow {
  /** Milliseconds since 1970, inclusive. */
  readonly from: number;
  /** Exclusive: as_of, in place of now. */
  readonly to: number;
  readonly days: number;
}

export const windowOf = (asOf: Date, days: number): AnalysisWindow => ({
  from: asOf.getTime() - days * DAY_MS,
  to: asOf.getTime(),
  days,
});

export const periodOfWindow = ({ from, to }: AnalysisWindow) => ({ from: new Date(from), to: new Date(to) });
