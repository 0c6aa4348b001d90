import { pino } from 'pino';
import { ana } from '../../../../test/rigs/pipeline.ts';
import { CountersignError } from '../../../errors.ts';
import { parseMoney } from '../../../measures/money.ts';
import type { PackNotice } from '../../../ports/notify.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import { openSafetyDesk } from './desk.ts';
import { limitExceeded } from './refusal.ts';

const about = {
  accountId: '1234567890',
  day: '2026-11-20',
  resource: 'customers/1234567890/campaignBudgets/501',
  name: 'Shoes',
};

const openDesk = async (tell: (notice: PackNotice) => Promise<void>) => {
  const counted: unknown[] = [];
  const desk = openSafetyDesk({
    config: {
      GOOGLE_ADS_BUDGET_CAPS: ['USD:10000/50000'],
      GOOGLE_ADS_CONFIRM_UP_TO: [],
      GOOGLE_ADS_CONFIRM_PERCENT: 20,
      GOOGLE_ADS_MOST_INCREASE_PERCENT: 500,
      GOOGLE_ADS_MOST_DECREASE_PERCENT: 90,
      GOOGLE_ADS_CHANGES_PER_DAY: 3,
    },
    tables: openMemoryTables(),
    metrics: { count: (...more) => void counted.push(more), observe: () => {}, set: () => {} },
    notify: { tell, find: async () => undefined },
    log: pino({ level: 'silent' }),
    now: () => new Date('2026-11-20T09:00:00Z'),
  });
  return { desk, counted };
};
const blocked = () => Promise.reject(limitExceeded('increase', 'Too much.', { maximum: parseMoney('600', 'USD') }));

it('a block is counted by its limit, and admins are told at once who asked, for which account, and what is allowed', async () => {
  const told: PackNotice[] = [];
  const { desk, counted } = await openDesk(async (notice) => void told.push(notice));
  await expect(desk.watching(about, { caller: ana }, blocked)).rejects.toMatchObject({ code: 'safety_limit_exceeded' });
  expect(counted).toEqual([['SafetyBlocks', { Limit: 'increase' }]]);
  expect(told).toMatchObject([
    {
      key: 'safety/2026-11-20/customers/1234567890/campaignBudgets/501/increase/ana@example.com',
      about: 'Shoes',
      scope: 'admin',
      urgent: true,
      facts: expect.arrayContaining([
        { label: 'Account', value: '1234567890' },
        { label: 'Asked by', value: 'ana@example.com' },
        { label: 'Allowed', value: 'at most 600.00 USD' },
      ]),
    },
  ]);
});

it('a queue that is away hides no block, and what is no block is neither counted nor told', async () => {
  const { desk, counted } = await openDesk(() => Promise.reject(new Error('away')));
  await expect(desk.watching(about, { caller: ana }, blocked)).rejects.toMatchObject({ code: 'safety_limit_exceeded' });
  const other = () => Promise.reject(new CountersignError('not_found', 'No.'));
  await expect(desk.watching(about, { caller: ana }, other)).rejects.toMatchObject({ code: 'not_found' });
  expect(counted).toHaveLength(1);
});
