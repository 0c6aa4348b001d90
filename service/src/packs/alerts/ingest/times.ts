/** Times of senders: read in any offset, and never far ahead of our own clock. */

/**
 * A sender's clock may be ahead by this much. A start that lies further ahead would refuse every end until then, because an end before
 * the start is ignored; so the time at which it arrived takes its place.
 */
export const AHEAD_MS = 5 * 60_000;

/** What Go writes for a time that is not set. */
const GO_ZERO = Date.parse('0001-01-01T00:00:00Z');

export interface ReadTimes {
  /** The time, or when it arrived. */
  starts(text: string | undefined): string;
  /** The time; null where the sender says none. */
  ends(text: string | undefined): string | null;
  /** How many were corrected so far. */
  readonly corrected: number;
}

/** RFC 3339, and `+0000` without the colon, as CloudWatch writes it. NaN where it is none. */
const read = (text: string): number =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;

/** @param arrived ISO 8601, UTC, milliseconds */
export const readTimes = (arrived: string): ReadTimes => {
  const latest = Date.parse(arrived) + AHEAD_MS;
  let corrected = 0;
  /** Undefined: the sender did not say. */
  const said = (text: string | undefined): string | undefined => {
    const at = text === undefined ? GO_ZERO : read(text);
    if (at === GO_ZERO) return undefined;
    if (at > GO_ZERO && at <= latest) return new Date(at).toISOString();
    corrected += 1;
    return arrived;
  };
  return {
    starts: (text) => said(text) ?? arrived,
    ends: (text) => said(text) ?? null,
    get corrected() {
      return corrected;
    },
  };
};
