import { retryAfterSeconds } from './retry-after.ts';

const now = new Date('2026-11-30T08:00:00Z');

it.each([
  ['0', 0],
  [' 120 ', 120],
  // RFC 9110 5.6.7: IMF-fixdate, and the two obsolete forms that recipients must read.
  ['Mon, 30 Nov 2026 08:00:07 GMT', 7],
  ['Monday, 30-Nov-26 08:00:07 GMT', 7],
  ['Mon Nov 30 08:00:07 2026', 7],
  ['Mon, 30 Nov 2026 07:59:00 GMT', 0],
])('%j is %i seconds', (header, seconds) => expect(retryAfterSeconds(header, now)).toBe(seconds));

it.each([
  undefined,
  '',
  '-1',
  '1.5',
  '1e3',
  '9999999999',
  'soon',
  '2026-11-30',
  'Infinity',
  'Mon, 99 Nov 2026 99:00:00 GMT',
])('%j says nothing', (header) => expect(retryAfterSeconds(header, now)).toBeUndefined());
