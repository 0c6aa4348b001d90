/** A month of schedules with three tasks, in which the clocks of two zones change: none is lost, none is done twice. */
import pino from 'pino';
import { z } from 'zod';
import { defineWorker } from '../ports/worker.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { jobsOf } from './port.ts';
import { createRunner } from './runner.ts';
import { Schedules } from './schedules.ts';

const minute = 60_000;
const log = pino({ level: 'silent' });
const schedules = [
  { name: 'night', cron: '30 2 * * *', timeZone: 'Europe/Berlin' },
  { name: 'hourly', cron: '0 * * * *', timeZone: 'America/New_York' },
  { name: 'mondays', cron: '15 9 * * MON', timeZone: 'Asia/Tokyo' },
] as const;

/** @param still whether a task stands still at this time: it neither looks nor works */
const monthFrom = async (first: string, days: number, still: (task: number, at: Date) => boolean) => {
  let at = new Date(first);
  const now = () => at;
  const tables = openMemoryTables({ now });
  const done: { readonly name: string; readonly at: Date; readonly skipped: number; readonly late: number }[] = [];
  const worker = defineWorker({
    name: 'note',
    description: 'Notes when it came.',
    payload: z.object({ name: z.string() }),
    work: async ({ payload, occurrence }) => {
      if (occurrence === undefined) throw new Error('it has no occurrence');
      done.push({ name: payload.name, ...occurrence, late: at.getTime() - occurrence.at.getTime() });
      return undefined;
    },
  });
  const jobs = jobsOf('pack', { tables, now, wake: () => {} });
  for (const one of schedules) await jobs.schedule({ ...one, worker: 'note', payload: { name: one.name } });
  const tasks = [0, 1, 2].map((place) => {
    const runner = createRunner({ tables, log, now, mayWork: () => true, metrics: { count: () => {} } });
    runner.add([{ owner: 'pack', worker }]);
    return { place, runner, schedules: new Schedules(tables, now) };
  });
  for (const end = at.getTime() + days * 1440 * minute; at.getTime() < end; at = new Date(at.getTime() + 5 * minute)) {
    const awake = tasks.filter(({ place }) => !still(place, at));
    const made = await Promise.all(awake.map((task) => task.schedules.tick(() => true, log)));
    if (made.flat().length > 0) await Promise.all(awake.map(({ runner }) => runner.look()));
    await Promise.all(awake.map(({ runner }) => runner.idle(1000)));
  }
  await Promise.all(tasks.map(({ runner }) => runner.stop(1000)));
  return { of: (name: string) => done.filter((one) => one.name === name), jobs };
};

const local = (at: Date, timeZone: string): string =>
  at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });

it.each([
  ['spring', '2026-02-28T23:00:00Z', 31, '2026-03-29', '03:00', 743],
  ['autumn', '2026-09-30T22:00:00Z', 31, '2026-10-25', '02:30', 745],
])(
  'in %s each occurrence comes once, in wall-clock time, also over the change of the clock',
  async (_season, first, days, change, changed, hours) => {
    const { of } = await monthFrom(first, days, (task, at) => task === at.getUTCHours() % 3);
    const nights = of('night').map(({ at }) => local(at, 'Europe/Berlin').split(' '));
    expect(new Set(nights.map(([day]) => day)).size).toBe(days);
    expect(nights).toHaveLength(days);
    for (const [day, clock] of nights) expect([day, clock]).toEqual([day, day === change ? changed : '02:30']);
    // Every hour of real time: 31 days, in which Berlin's month has an hour less or more; the simulation has 24 a day.
    expect(of('hourly')).toHaveLength(days * 24 - 1);
    expect(Math.abs(hours - days * 24)).toBe(1);
    expect(of('mondays').map(({ at }) => at.getUTCDay())).toEqual(of('mondays').map(() => 1));
    expect(of('mondays').length).toBeGreaterThanOrEqual(4);
    for (const name of ['night', 'hourly', 'mondays'])
      for (const { skipped, late } of of(name)) expect([skipped, late < 5 * minute]).toEqual([0, true]);
  },
);

it('after a day in which every task stood still, the latest occurrence comes once and says how many were missed', async () => {
  const { of, jobs } = await monthFrom('2026-03-01T00:00:00Z', 4, (_task, at) => at.getUTCDate() === 2);
  const missed = of('hourly').filter(({ skipped }) => skipped > 0);
  expect(missed).toMatchObject([{ at: new Date('2026-03-03T00:00:00Z'), skipped: 24 }]);
  expect((await jobs.schedules()).items.find(({ name }) => name === 'hourly')?.skipped).toBe(24);
});
