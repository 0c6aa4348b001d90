import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { adsArea } from '../sandbox/ads/index.ts';
import { type StandIn, startStandIn } from '../sandbox/stand-in.ts';

const customerId = '1234567890';
const now = () => new Date('2026-11-20T09:00:00Z');
let google: StandIn;
let pack: OnePack;
beforeAll(async () => {
  google = await startStandIn([await adsArea()], now);
  pack = await openOnePack('marketing', { GOOGLE_URL: google.url }, [{ api: 'GoogleAds', accountId: customerId }], now);
});
afterAll(async () => {
  await pack.close();
  await google.close();
});

const campaign = (more: object = {}) => ({
  ...{ customerId, name: 'Hiking socks', budgetId: '504', campaignType: 'SEARCH', euPolitical: false },
  ...more,
});
const writes = () =>
  google.calls.filter(({ path, body }) => path.endsWith(':mutate') && Object(body).validateOnly !== true);
const campaigns = async () => {
  const { campaigns: all } = await pack.call('list_campaigns', { customerId });
  return Array.isArray(all) ? all : [];
};

it('a campaign is asked of Google before a person sees it, is made paused, and is removed once a second person typed its name', async () => {
  const asked = await pack.ask('create_campaign', campaign());
  expect(asked).toMatchObject({
    status: 'awaiting-confirmation',
    plan: { summary: 'Create the paused campaign "Hiking socks" on the budget "Not used yet" (504)' },
  });
  expect(Object(google.calls.at(-1)?.body)).toMatchObject({ validateOnly: true });
  expect(writes()).toHaveLength(0);
  const done = await pack.confirm(asked);
  expect(done.status).toBe('applied');
  expect(Object(writes().at(-1)?.body).operations).toEqual([
    {
      create: {
        name: 'Hiking socks',
        status: 'PAUSED',
        advertisingChannelType: 'SEARCH',
        campaignBudget: `customers/${customerId}/campaignBudgets/504`,
        containsEuPoliticalAdvertising: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
        manualCpc: {},
      },
    },
  ]);
  expect(await campaigns()).toContainEqual(expect.objectContaining({ name: 'Hiking socks', status: 'PAUSED' }));
  const revert = await pack.revert(done);
  expect(revert).toMatchObject({
    status: 'awaiting-countersign',
    plan: { typed: { what: 'the name of the campaign', text: 'Hiking socks' } },
  });
  expect((await pack.approve(revert)).status).toBe('applied');
  expect(await campaigns()).not.toContainEqual(expect.objectContaining({ name: 'Hiking socks' }));
});

it('Performance Max takes maximize strategies, and a budget of its own', async () => {
  const max = (more: object) => pack.ask('create_campaign', campaign({ campaignType: 'PERFORMANCE_MAX', ...more }));
  await expect(max({ bidding: 'MANUAL_CPC' })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('MAXIMIZE_CONVERSIONS'),
  });
  await expect(max({ budgetId: '502' })).rejects.toMatchObject({
    message: expect.stringContaining('no shared budget'),
  });
  const done = await pack.confirm(await max({ name: 'Max' }));
  expect(done.status).toBe('applied');
  expect(await campaigns()).toContainEqual(expect.objectContaining({ name: 'Max', bidding: 'MAXIMIZE_CONVERSIONS' }));
  await pack.approve(await pack.revert(done));
});

it.each([
  ['VIDEO', { campaignType: 'VIDEO' }, 'invalid_input', 'campaignType'],
  ['nothing about political advertising', { euPolitical: undefined }, 'invalid_input', 'euPolitical'],
  ['removed at once', { status: 'REMOVED' }, 'invalid_input', 'status'],
  ['a name of two lines', { name: 'a\nb' }, 'invalid_input', 'name'],
  ['the name of another', { name: 'Running shoes' }, 'invalid_input', 'name'],
  ['a budget that is not there', { budgetId: '999' }, 'not_found', 'budgetId'],
  ['a budget of another campaign', { budgetId: '501' }, 'invalid_input', 'budgetId'],
])('refuses %s', async (_what, wrong, code, field) => {
  await expect(pack.ask('create_campaign', campaign(wrong))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(field),
  });
});

it('one that is enabled at once takes a second person, tells what it begins to spend, and is held against the caps', async () => {
  const asked = await pack.ask('create_campaign', campaign({ name: 'At once', status: 'ENABLED' }));
  expect(asked).toMatchObject({
    status: 'awaiting-countersign',
    plan: {
      impact: [{ label: 'Budget that is spent', before: '0', after: '40000000', per: 'day', currency: 'USD' }, {}],
      financialImpact: { percent: null, monthly: { micros: '1216000000', currency: 'USD' } },
    },
  });
  const done = await pack.approve(asked);
  expect(done.status).toBe('applied');
  expect(await campaigns()).toContainEqual(expect.objectContaining({ name: 'At once', status: 'ENABLED' }));
  await pack.approve(await pack.revert(done));
  const set = { update: { resourceName: `customers/${customerId}/campaignBudgets/504`, amountMicros: '10000010000' } };
  const raised = await fetch(`${google.url}/v26/customers/${customerId}/campaignBudgets:mutate`, {
    method: 'POST',
    body: JSON.stringify({ operations: [{ ...set, updateMask: 'amountMicros' }] }),
  });
  expect(raised.ok).toBe(true);
  const before = writes().length;
  await expect(pack.ask('create_campaign', campaign({ name: 'Over', status: 'ENABLED' }))).rejects.toMatchObject({
    code: 'safety_limit_exceeded',
  });
  expect(writes()).toHaveLength(before);
});

it('is made once where the answer is lost', async () => {
  const asked = await pack.ask('create_campaign', campaign({ name: 'Lost and found' }));
  google.fail(/mutate/, 'lost');
  const before = writes().length;
  expect((await pack.confirm(asked)).status).toBe('applied');
  expect(writes()).toHaveLength(before + 1);
  expect((await campaigns()).filter((each) => Object(each).name === 'Lost and found')).toHaveLength(1);
});
