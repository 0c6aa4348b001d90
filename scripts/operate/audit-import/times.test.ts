import { timesIn } from './times.ts';

describe('a time of another system', () => {
  it.each<[zone: string, given: unknown, utc: string]>([
    ['UTC', '2024-12-15 14:32:00', '2024-12-15T14:32:00.000Z'],
    ['UTC', '2024-12-15T14:32:00.123456', '2024-12-15T14:32:00.123Z'],
    ['UTC', '2024-12-15', '2024-12-15T00:00:00.000Z'],
    ['UTC', '2024-12-15 14:32', '2024-12-15T14:32:00.000Z'],
    ['Europe/Berlin', '2024-12-15 14:32:00', '2024-12-15T13:32:00.000Z'],
    ['Europe/Berlin', '2024-07-15 14:32:00', '2024-07-15T12:32:00.000Z'],
    ['America/New_York', '2024-07-15 23:30:00.5', '2024-07-16T03:30:00.500Z'],
    ['Asia/Kolkata', '2024-07-15 00:00:00', '2024-07-14T18:30:00.000Z'],
    // A zone of its own wins.
    ['Europe/Berlin', '2024-12-15T14:32:00Z', '2024-12-15T14:32:00.000Z'],
    ['Europe/Berlin', '2024-12-15T14:32:00+00:00', '2024-12-15T14:32:00.000Z'],
    ['Europe/Berlin', '2024-12-15 14:32:00 -0530', '2024-12-15T20:02:00.000Z'],
    // The clock goes back: the first of both. Forward: an hour later.
    ['Europe/Berlin', '2024-10-27 02:30:00', '2024-10-27T00:30:00.000Z'],
    ['Europe/Berlin', '2024-03-31 02:30:00', '2024-03-31T01:30:00.000Z'],
    ['America/New_York', '2024-11-03 01:30:00', '2024-11-03T05:30:00.000Z'],
    ['Europe/Berlin', 1_734_273_120, '2024-12-15T14:32:00.000Z'],
    ['UTC', 1_734_273_120.25, '2024-12-15T14:32:00.250Z'],
    ['UTC', 1_734_273_120_250, '2024-12-15T14:32:00.250Z'],
  ])('in %s: %s', (zone, given, utc) => {
    expect(timesIn(zone)(given)).toBe(utc);
  });

  it.each([
    null,
    '',
    'yesterday',
    '2024-02-30 10:00:00',
    '2024-13-01',
    '2024-01-01 24:00:00',
    '15.12.2024',
    {},
    Number.NaN,
    1e18,
  ])('is not %p', (given) => {
    expect(timesIn('UTC')(given)).toBeUndefined();
  });
});
