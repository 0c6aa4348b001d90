import pino from 'pino';
import type { Tables } from '../ports/tables.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { jobsOf } from './port.ts';
import { Schedules } from './schedules.ts';

const log = pino({ level: 'silent' });

it.each([
  ['removed', 0],
  ['changed', 1],
] as const)('a schedule that is %s while a task looks at it makes no job and stays so', async (what, left) => {
  let at = new Date('2026-05-01T10:00:00Z');
  const now = () => at;
  const tables = openMemoryTables({ now });
  const jobs = jobsOf('pack', { tables, now, wake: () => {} });
  const hourly = { name: 'hourly', worker: 'count', payload: {}, cron: '0 * * * *', timeZone: 'UTC' };
  await jobs.schedule(hourly);
  at = new Date('2026-05-01T11:00:00Z');
  const query: Tables['query'] = async (table, given) => {
    const page = await tables.query(table, given);
    if (what === 'removed') await jobs.unschedule('hourly');
    else await jobs.schedule({ ...hourly, cron: '30 * * * *' });
    return page;
  };
  expect(await new Schedules({ ...tables, query }, now).tick(() => true, log)).toEqual([]);
  expect((await jobs.list('waiting')).items).toEqual([]);
  expect((await jobs.schedules()).items.map(({ cron }) => cron)).toEqual(['30 * * * *'].slice(0, left));
});
