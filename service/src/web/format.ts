/** Times as people read them. English, and UTC. Numbers: measures/words.ts. */
import { plural } from '../measures/words.ts';
import { type Html, html } from './html.ts';

const date = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hour12: false });

/** An ISO time as `20 Nov 2026, 21:51 UTC`; what is not a time is shown as it stands. */
export const time = (iso: string): Html => {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return html`${iso}`;
  return html`<time datetime="${at.toISOString()}">${date.format(at)}, ${clock.format(at)} UTC</time>`;
};

export const day = (iso: string): string => date.format(new Date(iso));

const hourMinutes = 60;
const dayHours = 24;
/** Minutes below which they are told beside the hours, and hours from which days are told. */
const exactBelow = 6 * hourMinutes;
const daysFrom = 2 * dayHours;

/** `2 days`, and with what is left over `2 days 23 hours`. */
const together = (amount: number, size: number, unit: string, part: string): string => {
  const rest = amount % size;
  const whole = plural(Math.floor(amount / size), unit);
  return rest === 0 ? whole : `${whole} ${plural(rest, part)}`;
};

/**
 * How long from now, to the nearest minute, and from six hours on to the nearest hour, so that what was just asked for
 * 72 hours reads `3 days`: `2 days 23 hours`, `5 hours 59 minutes`, `4 minutes`; undefined once it is past.
 */
export const until = (iso: string, now: string): string | undefined => {
  const left = (Date.parse(iso) - Date.parse(now)) / 60_000;
  if (!(left >= 0)) return undefined;
  if (left < 1) return 'less than a minute';
  const minutes = Math.round(left);
  if (minutes < hourMinutes) return plural(minutes, 'minute');
  if (minutes < exactBelow) return together(minutes, hourMinutes, 'hour', 'minute');
  const hours = Math.round(left / hourMinutes);
  return hours < daysFrom ? plural(hours, 'hour') : together(hours, dayHours, 'day', 'hour');
};
