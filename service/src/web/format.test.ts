import { time, until } from './format.ts';

describe('until', () => {
  it.each([
    ['2026-11-20T10:00:30Z', 'less than a minute'],
    ['2026-11-20T10:01:00Z', '1 minute'],
    ['2026-11-20T10:04:58Z', '5 minutes'],
    ['2026-11-20T11:59:59Z', '2 hours'],
    ['2026-11-20T11:31:00Z', '1 hour 31 minutes'],
    ['2026-11-20T16:29:00Z', '6 hours'],
    ['2026-11-22T09:20:00Z', '47 hours'],
    ['2026-11-22T09:59:59Z', '2 days'],
    ['2026-11-23T08:50:00Z', '2 days 23 hours'],
    ['2026-11-23T09:59:59Z', '3 days'],
    ['2026-11-23T10:00:00Z', '3 days'],
    ['2026-11-20T09:59:59Z', undefined],
    ['no time', undefined],
  ])('says how long it is until %s', (end, left) => {
    expect(until(end, '2026-11-20T10:00:00Z')).toBe(left);
  });
});

describe('time', () => {
  it('is UTC, and says so', () => {
    expect(time('2026-11-20T23:30:00-02:00').toString()).toBe(
      '<time datetime="2026-11-21T01:30:00.000Z">21 Nov 2026, 01:30 UTC</time>',
    );
  });

  it('shows what is no time as it stands', () => {
    expect(time('<soon>').toString()).toBe('&lt;soon&gt;');
  });
});
