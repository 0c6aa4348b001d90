import { openAccessRig, somebody } from '../../test/rigs/access.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { accountNamesFor } from './account-names.ts';
import { pastOf } from './past.ts';

const DAY = 86_400_000;
const shop = { api: 'GoogleAds', accountId: '1234567890', accountName: 'Shop' };
const other = { api: 'GoogleAds', accountId: '2222222222' };
const ana = somebody('ana', 'north', ['tag:write']);
const ben = somebody('ben', 'north', ['tag:approve']);
const ada = somebody('ada', undefined, ['admin']);

/** Approved in part and taken away, then approved anew by an admin. */
const lived = async () => {
  let time = Date.parse('2026-11-20T09:00:00.000Z');
  const now = () => new Date(time);
  const rig = openAccessRig(openMemoryTables(), now);
  const first = await rig.ask(ana, [shop, other], { reason: 'The campaign of spring' });
  await rig.decide(ben, first.requestId, { accounts: ['GoogleAds:1234567890'], note: 'Only the shop' });
  time += DAY;
  await rig.revoke(ben, 'ana', shop);
  time += DAY;
  const second = await rig.ask(ana, [shop], { reason: 'The campaign of summer' });
  await rig.decide(ada, second.requestId, { days: 30 });
  return { rig, first, second };
};

it('the history of an approval says who asked and why, who decided with which note, which part, and how it ended', async () => {
  const { rig, first, second } = await lived();
  const rows = await rig.store.approvalsFor(shop);
  const [past = []] = await pastOf(rows, rig.reading.look);
  expect(past).toMatchObject([
    {
      status: 'ACTIVE',
      approvedBy: 'ada@example.com',
      requestId: second.requestId,
      request: { reason: 'The campaign of summer' },
    },
    {
      status: 'REVOKED',
      approvedBy: 'ben@example.com',
      endedBy: 'ben@example.com',
      endedAt: '2026-11-21T09:00:00.000Z',
      requestId: first.requestId,
      request: { reason: 'The campaign of spring', note: 'Only the shop', accounts: [shop, other], approved: [shop] },
    },
  ]);
});

it('a request that is not for who looks is left out of the history, and the approval stays', async () => {
  const { rig } = await lived();
  const [past = []] = await pastOf(await rig.store.approvalsFor(shop), async () => undefined);
  expect(past).toHaveLength(2);
  expect(past[0]).not.toHaveProperty('request');
});

it('an account is called as it was approved for who looks, and for others only to admins', async () => {
  const { rig } = await lived();
  const names = async (by: typeof ana) => [...(await accountNamesFor(rig.parts, by, [shop.accountId, '9']))];
  expect(await names(ana)).toEqual([['1234567890', 'Shop']]);
  expect(await names(ada)).toEqual([['1234567890', 'Shop']]);
  expect(await names(ben)).toEqual([]);
});
