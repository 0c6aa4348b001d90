/** Times in messages: UTC, and the operator's zone beside it. */

const words = (at: Date, timeZone: string): string =>
  at.toLocaleString('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });

/** `20 Nov 2026, 21:51 UTC (20 Nov 2026, 22:51 CET)`. */
export const timeWords = (iso: string, zone: string): string => {
  const at = new Date(iso);
  const utc = words(at, 'UTC');
  return zone === 'UTC' ? utc : `${utc} (${words(at, zone)})`;
};
