import {
  asleepAt,
  loadBalancerHoursAWeek,
  minutesToBalancer,
  minutesToServing,
  servingAt,
  settingsAt,
  type WeekendSettings,
  weekendClock,
} from './weekend.ts';

const settings: WeekendSettings = {
  alb_enabled: true,
  weekend_only: true,
  destroy_albs_when_scaled_down: true,
  weekend_hours_start: 6,
  weekend_hours_end: 22,
};
/** 2026-11-27 is a Friday. */
const at = (day: 'Fri' | 'Sat' | 'Sun' | 'Mon' | 'Tue', time: string): Date => {
  const date = { Fri: '11-27', Sat: '11-28', Sun: '11-29', Mon: '11-30', Tue: '12-01' }[day];
  return new Date(`2026-${date}T${time}Z`);
};

describe('the load balancer of weekends', () => {
  it.each([
    ['Fri', '23:59', true],
    ['Sat', '04:59', true],
    ['Sat', '05:00', false],
    ['Sat', '05:13', false],
    ['Sat', '23:30', false],
    ['Sun', '03:00', false],
    ['Sun', '22:00', false],
    ['Sun', '22:14', false],
    ['Sun', '22:15', true],
    ['Sun', '22:17', true],
    ['Mon', '00:00', true],
    ['Tue', '12:00', true],
  ] as const)('on %s at %s sleeps: %s', (day, time, asleep) => {
    expect(asleepAt(settings, at(day, time))).toBe(asleep);
    expect(settingsAt(settings, at(day, time)).alb_enabled).toBe(!asleep);
  });

  it.each([
    ['Fri', '23:59', 301],
    ['Sat', '04:59', 1],
    ['Sat', '05:00', 0],
    ['Sun', '22:14', 0],
    ['Sun', '22:15', 5 * 1440 + 405],
    ['Tue', '12:00', 3 * 1440 + 1020],
  ] as const)('is due on %s at %s in %i minutes', (day, time, minutes) => {
    expect(minutesToBalancer(settings, at(day, time))).toBe(minutes);
  });

  it('exists from Friday 23:00 where Saturday starts at midnight, and until Monday where Sunday ends late', () => {
    const whole = { ...settings, weekend_hours_start: 0, weekend_hours_end: 23 };
    expect(asleepAt(whole, at('Fri', '22:59'))).toBe(true);
    expect(asleepAt(whole, at('Fri', '23:00'))).toBe(false);
    expect(asleepAt(whole, at('Sun', '23:14'))).toBe(false);
    expect(asleepAt(whole, at('Sun', '23:15'))).toBe(true);
  });

  it.each([{ weekend_only: false }, { destroy_albs_when_scaled_down: false }])('never sleeps with %j', (change) => {
    const kept = { ...settings, ...change };
    expect(asleepAt(kept, at('Tue', '12:00'))).toBe(false);
    expect(loadBalancerHoursAWeek(kept)).toBe(168);
  });

  it('stays away at any time where a setting has switched it off', () => {
    expect(settingsAt({ ...settings, alb_enabled: false }, at('Sat', '12:00')).alb_enabled).toBe(false);
  });

  it('exists 41 hours and a quarter per week', () => {
    expect(loadBalancerHoursAWeek(settings)).toBe(41.25);
  });
});

describe('the tasks of weekends', () => {
  it.each([
    ['Fri', '23:59', false, 361],
    ['Sat', '05:53', false, 7],
    ['Sat', '06:00', true, 0],
    ['Sat', '21:59', true, 0],
    ['Sat', '22:00', false, 480],
    ['Sun', '05:59', false, 1],
    ['Sun', '12:00', true, 0],
    ['Sun', '22:00', false, 6 * 1440 - 22 * 60 + 6 * 60],
    ['Mon', '12:00', false, 5 * 1440 - 6 * 60],
  ] as const)('on %s at %s run: %s, or in %i minutes', (day, time, serving, minutes) => {
    expect(servingAt(settings, at(day, time))).toBe(serving);
    expect(minutesToServing(settings, at(day, time))).toBe(minutes);
  });

  it('run all week without the setting', () => {
    expect(servingAt({ ...settings, weekend_only: false }, at('Tue', '03:00'))).toBe(true);
  });
});

it('the workflow’s clock follows the hours', () => {
  expect(weekendClock(settings)).toEqual(['13,33,53 5 * * 6', '17 22 * * 0']);
  expect(weekendClock({ ...settings, weekend_hours_start: 0 })).toEqual(['13,33,53 23 * * 5', '17 22 * * 0']);
});
