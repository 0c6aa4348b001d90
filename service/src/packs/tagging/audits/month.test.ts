/** A month of a hundred audits a day with two tasks, over a change of the clock: none is lost, none is sent twice. */
import pino from 'pino';
import { startPack } from '../../../../test/estate/pack.ts';
import { jobsOf } from '../../../jobs/port.ts';
import { createRunner } from '../../../jobs/runner.ts';
import { Schedules } from '../../../jobs/schedules.ts';
import type { Notify, PackNotice } from '../../../ports/notify.ts';
import type { Costs } from '../cost/costs.ts';
import type { Estate, Resource } from '../estate/estate.ts';
import { withScanner } from '../index.ts';
import { createAudits } from './audits.ts';
import { auditWorker } from './run.ts';
import { zonedIso } from './when.ts';

const log = pino({ level: 'silent' });
const minute = 60_000;
const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'] as const;

const instance: Resource = {
  ...{ arn: 'arn:aws:ec2:us-east-1:111111111111:instance/i-1', id: 'i-1', type: 'ec2:instance', tags: {} },
  ...{ accountId: '111111111111', region: 'us-east-1', state: 'running', createdAt: null },
};
/** Of one resource: a month has three thousand scans. */
const tiny = (estate: Estate): Estate => ({
  ...estate,
  accounts: async () => [{ accountId: '111111111111', name: 'One' }],
  regions: async () => ['us-east-1'],
  types: () => ['ec2:instance'],
  async *list() {
    yield { accountId: '111111111111', region: 'us-east-1', type: 'ec2:instance', resources: [instance] };
  },
});
const free = (costs: Costs): Costs => ({
  ...costs,
  spend: async ({ period }) => ({ period, lines: [], byResource: new Map(), byName: [], failures: [] }),
});

/** @param still whether a task stands still at this time: it neither looks nor works */
const openMonth = async (first: string, still: (task: number, at: Date) => boolean) => {
  let at = new Date(first);
  const now = () => at;
  const { parts, tables, clock } = await startPack();
  const services = { ...parts, estate: tiny(parts.estate), costs: free(parts.costs), now };
  const jobs = jobsOf('tagging', { tables, now, wake: () => {} });
  const audits = createAudits(tables, jobs, now);
  // What has one key is told once: see PackNotice.
  const told = new Map<string, PackNotice>();
  const notify: Notify = {
    tell: async (notice) => void told.set(notice.key, told.get(notice.key) ?? notice),
    find: async (written) => ({ recipient: { personId: written }, channels: ['mail'] }),
  };
  const tasks = [0, 1].map((place) => {
    const runner = createRunner({ tables, log, now, mayWork: () => true, metrics: { count: () => {} } });
    runner.add([{ owner: 'tagging', worker: auditWorker({ pack: withScanner(services), audits, notify }) }]);
    return { place, runner, schedules: new Schedules(tables, now) };
  });
  const pass = async (minutes: number, step = 15): Promise<void> => {
    for (let passed = 0; passed < minutes; passed += step) {
      at = new Date(at.getTime() + step * minute);
      clock.now = at;
      const awake = tasks.filter(({ place }) => !still(place, at));
      const made = await Promise.all(awake.map((task) => task.schedules.tick(() => true, log)));
      // The clock stands while they work.
      for (
        let left = made.flat().length > 0;
        left && awake.length > 0;
        left = (await jobs.list('waiting')).items.length > 0
      ) {
        await Promise.all(awake.map(({ runner }) => runner.look()));
        await Promise.all(awake.map(({ runner }) => runner.idle(30_000)));
      }
    }
  };
  const add = (id: string, time: string, timezone: string) =>
    audits.set(
      id,
      { schedule: 'daily', time, timezone, recipients: ['ana'], format: 'email', status: 'active' },
      'ana@example.com',
    );
  return { audits, told, pass, add, stop: () => Promise.all(tasks.map(({ runner }) => runner.stop(1000))) };
};

it('a hundred audits a day come for thirty days, each once, at the time of their zone', async () => {
  const from = new Date('2026-10-14T23:45:00Z');
  const to = new Date(from.getTime() + (30 * 1440 + 60) * minute);
  const { told, pass, add, audits, stop } = await openMonth(
    from.toISOString(),
    (task, at) => task === at.getUTCHours() % 2,
  );
  const planned = Array.from({ length: 100 }, (_, place) => {
    const time = `${String(3 + Math.floor(place / 20) * 4).padStart(2, '0')}:00`;
    return { id: `audit-${place}`, time, zone: zones[place % 4] ?? 'UTC' };
  });
  for (const { id, time, zone } of planned) await add(id, time, zone);
  await pass(30 * 1440 + 60, 60);
  await stop();
  let total = 0;
  for (const { id, time, zone } of planned) {
    const came = [...told.keys()].flatMap((key) => (key.split('/')[1] === id ? [key.split('/')[2]] : []));
    const due: string[] = [];
    for (let next = audits.next({ schedule: 'daily', time, timezone: zone }, from); next <= to; ) {
      due.push(next.toISOString());
      next = audits.next({ schedule: 'daily', time, timezone: zone }, next);
    }
    expect([id, came.toSorted()]).toEqual([id, due]);
    const clocks = due.map((at) => zonedIso(new Date(at), zone));
    expect(new Set(clocks.map((each) => each.slice(11, 16)))).toEqual(new Set([time]));
    total += due.length;
  }
  expect([told.size, total >= 3000]).toEqual([total, true]);
  expect((await audits.find('audit-7'))?.lastRun).toMatchObject({ missed: 0, toldTo: 1, score: 0 });
});

it('after two days in which everything was down, the latest comes once, says that it is late and how many were missed', async () => {
  let down = false;
  const { told, pass, add, audits, stop } = await openMonth('2026-11-01T00:00:00Z', () => down);
  await add('audit-1', '09:00', 'Europe/Berlin');
  await pass(1440);
  down = true;
  await pass(2 * 1440);
  down = false;
  await pass(60);
  await stop();
  const [first, second, ...others] = [...told.values()];
  expect(others).toEqual([]);
  const facts = second?.facts ?? [];
  expect(facts[0]).toEqual({
    label: 'Late',
    value: 'It was planned for 2026-11-03T09:00:00+01:00. 1 audit before it did not run.',
  });
  expect(first?.facts?.map(({ label }) => label)).toEqual([
    ...[
      'Score',
      'Since the last audit',
      'Violations',
      'Most errors',
      'Spend nobody can be charged for',
      'Read',
      'Next',
    ],
  ]);
  expect(first?.facts?.some(({ label }) => label === 'Late')).toBe(false);
  expect((await audits.find('audit-1'))?.lastRun).toMatchObject({ missed: 1, plannedFor: '2026-11-03T08:00:00.000Z' });
});
