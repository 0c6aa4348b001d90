/** Times as another system wrote them: with a zone, without one, or as a number. */

const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;
/** A number from here on counts milliseconds: as seconds it would be the year 5138. */
const MILLISECONDS_FROM = 1e11;
const DAY_MS = 86_400_000;

/** Milliseconds by which the zone's clock is ahead of UTC at a time. */
type OffsetAt = (time: number) => number;

const offsetIn = (zone: string): OffsetAt => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (time) => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
  };
};

/** When a clock on the wall shows this. Where it does so twice, the first time; where it never does, an hour later. */
const onTheWall = (local: number, offsetAt: OffsetAt): number => {
  const [before, after] = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)];
  const shown = [local - before, local - after].filter((time) => offsetAt(time) === local - time);
  return shown.length > 0 ? Math.min(...shown) : local - before;
};

const offsetOf = (text: string): number => {
  if (text.toUpperCase() === 'Z') return 0;
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
};

const fromText = (text: string, offsetAt: OffsetAt | undefined): number | undefined => {
  const [whole, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = FORM.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Date.UTC takes the 31st of February for a day of March.
  const meant = `${year}-${month}-${day}`;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (new Date(local).toISOString().slice(0, 10) !== meant) return undefined;
  const exact = local + Number(fraction.padEnd(3, '0').slice(0, 3));
  if (zone !== undefined) return exact - offsetOf(zone);
  return offsetAt === undefined ? exact : onTheWall(exact, offsetAt);
};

/**
 * Reads times: seconds or milliseconds since 1970, or ISO 8601 with a T or a space, to the millisecond. Undefined where a
 * value is no time.
 * @param zone of those that name none
 */
export const timesIn = (zone: string): ((value: unknown) => string | undefined) => {
  const offsetAt = zone === 'UTC' ? undefined : offsetIn(zone);
  return (value) => {
    const time =
      typeof value === 'number'
        ? Math.floor(Math.abs(value) >= MILLISECONDS_FROM ? value : value * 1000)
        : typeof value === 'string'
          ? fromText(value.trim(), offsetAt)
          : undefined;
    if (time === undefined || Number.isNaN(new Date(time).getTime())) return undefined;
    const iso = new Date(time).toISOString();
    // Stores keep years of four digits.
    return /^(?!0000)\d{4}-/.test(iso) ? iso : undefined;
  };
};
