import { jobsOf } from '../../../jobs/port.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import { cronOf, type Rhythm, zonedIso } from './when.ts';

const jobs = jobsOf('tagging', { tables: openMemoryTables(), now: () => new Date(0), wake: () => {} });
const next = (from: string, schedule: Rhythm, time: string, timezone: string, times = 1): string[] => {
  const found: string[] = [];
  let at = new Date(from);
  for (let count = 0; count < times; count += 1) {
    at = jobs.comesNext(cronOf({ schedule, time, timezone }), at) ?? new Date(0);
    found.push(zonedIso(at, timezone));
  }
  return found;
};

describe('an audit comes', () => {
  it('as the seed has it: at nine in New York, told with the offset of that day', () => {
    expect(next('2024-12-15T20:00:00Z', 'daily', '09:00', 'America/New_York')).toEqual(['2024-12-16T09:00:00-05:00']);
    expect(next('2024-07-15T20:00:00Z', 'daily', '09:00', 'America/New_York')).toEqual(['2024-07-16T09:00:00-04:00']);
  });

  it('weekly on Mondays, monthly on the first, also after the last days of February and of a leap year', () => {
    expect(next('2026-11-20T09:00:00Z', 'weekly', '00:00', 'Europe/Berlin')).toEqual(['2026-11-23T00:00:00+01:00']);
    expect(next('2026-01-31T23:30:00Z', 'monthly', '00:15', 'UTC', 3)).toEqual([
      '2026-02-01T00:15:00+00:00',
      '2026-03-01T00:15:00+00:00',
      '2026-04-01T00:15:00+00:00',
    ]);
    expect(next('2028-02-29T12:00:00Z', 'monthly', '23:59', 'UTC')).toEqual(['2028-03-01T23:59:00+00:00']);
    expect(next('2026-12-31T23:30:00Z', 'daily', '00:00', 'Pacific/Kiritimati')).toEqual(['2027-01-02T00:00:00+14:00']);
  });

  // A time that the clock leaves out comes at the first moment after; of one that it shows twice, the first counts.
  it.each([
    [
      'America/New_York',
      'forward',
      '2026-03-07T12:00:00Z',
      '02:30',
      ['2026-03-08T03:00:00-04:00', '2026-03-09T02:30:00-04:00'],
    ],
    [
      'America/New_York',
      'back',
      '2026-10-31T12:00:00Z',
      '01:30',
      ['2026-11-01T01:30:00-04:00', '2026-11-02T01:30:00-05:00'],
    ],
    [
      'Europe/Berlin',
      'forward',
      '2026-03-28T12:00:00Z',
      '02:30',
      ['2026-03-29T03:00:00+02:00', '2026-03-30T02:30:00+02:00'],
    ],
    [
      'Europe/Berlin',
      'back',
      '2026-10-24T12:00:00Z',
      '02:30',
      ['2026-10-25T02:30:00+02:00', '2026-10-26T02:30:00+01:00'],
    ],
    [
      'Australia/Lord_Howe',
      'forward',
      '2026-10-03T03:00:00Z',
      '02:15',
      ['2026-10-04T02:30:00+11:00', '2026-10-05T02:15:00+11:00'],
    ],
    [
      'Australia/Lord_Howe',
      'back',
      '2026-04-04T03:00:00Z',
      '01:45',
      ['2026-04-05T01:45:00+11:00', '2026-04-06T01:45:00+10:30'],
    ],
  ] as const)('in %s when the clock goes %s', (zone, _way, from, time, expected) => {
    expect(next(from, 'daily', time, zone, 2)).toEqual(expected);
  });
});
