import { z } from 'zod';
import { type AdsRig, collected, openAdsRig } from '../../../../../test/rigs/ads.ts';
import { CountersignError } from '../../../../errors.ts';
import { openMemoryTables } from '../../../../stores/memory/tables.ts';
import { tableKeeper } from '../../sandbox/keeper.ts';
import type { MutateOperation } from './ads.ts';
import { digits, gaql, onDay, resource, word } from './query.ts';

const customer = '1234567890';
const budgetName = `customers/${customer}/campaignBudgets/501`;
const Budget = z.looseObject({
  campaignBudget: z.looseObject({ amountMicros: z.string(), referenceCount: z.string() }),
});
const budgets = (id: string) =>
  gaql`SELECT campaign_budget.amount_micros, campaign_budget.reference_count FROM campaign_budget WHERE campaign_budget.id = ${digits(id)}`;
const setTo = (amountMicros: string, name = budgetName): MutateOperation => ({
  update: { resourceName: name, amountMicros },
  updateMask: 'amountMicros',
});

let rig: AdsRig;
beforeAll(async () => {
  rig = await openAdsRig({}, { loginCustomerId: '9998887770', developerToken: 'developer-token-of-test' });
});
afterAll(() => rig.close());

const amountOf = async (id: string) => {
  const [row] = await collected(rig.ads.rows(customer, budgets(id), Budget, rig.context));
  return row?.campaignBudget.amountMicros;
};
const refusal = async (work: Promise<unknown>): Promise<CountersignError> => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (error instanceof CountersignError) return error;
  throw new Error('nothing was refused');
};

describe('Google Ads', () => {
  it('is asked with the version, the manager account and the token of the configuration', async () => {
    expect(await amountOf('501')).toBe('100000000');
    expect(rig.google.calls.at(-1)).toMatchObject({
      path: `/v26/customers/${customer}/googleAds:search`,
      headers: { 'login-customer-id': '9998887770', 'developer-token': 'developer-token-of-test' },
    });
    expect(await rig.ads.accessible(rig.context)).toContain(customer);
  });

  it('keeps what is written, and writes nothing where it only validates', async () => {
    const mutate = (amount: string, validateOnly: boolean) =>
      rig.ads.mutate(customer, 'campaignBudgets', [setTo(amount)], { validateOnly }, rig.context);
    expect(await mutate('150000000', true)).toEqual([{ ok: true }]);
    expect(await amountOf('501')).toBe('100000000');
    expect(await mutate('150000000', false)).toEqual([{ ok: true, resourceName: budgetName }]);
    expect(await amountOf('501')).toBe('150000000');
  });

  it('says of each operation why it is refused, and writes the others only where they may be written alone', async () => {
    const operations = [setTo('160000000'), setTo('12345678'), setTo('1', `${budgetName}999`)];
    const whole = await refusal(rig.ads.mutate(customer, 'campaignBudgets', operations, {}, rig.context));
    expect(whole).toMatchObject({ code: 'not_found', details: { google_code: 'NOT_FOUND' } });
    expect(whole.details.refusals).toMatchObject([
      { operation: 1, code: 'NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT' },
      { operation: 2, code: 'RESOURCE_NOT_FOUND' },
    ]);
    expect(await amountOf('501')).toBe('150000000');
    const partial = { partialFailure: true };
    expect(await rig.ads.mutate(customer, 'campaignBudgets', operations, partial, rig.context)).toMatchObject([
      { ok: true, resourceName: budgetName },
      { ok: false, code: 'NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT' },
      { ok: false, code: 'RESOURCE_NOT_FOUND' },
    ]);
    expect(await amountOf('501')).toBe('160000000');
  });

  it('names the wait that a quota asks for, and does not send a change again', async () => {
    const errors = [
      {
        errorCode: { quotaError: 'RESOURCE_TEMPORARILY_EXHAUSTED' },
        message: 'Too many requests.',
        details: { quotaErrorDetails: { retryDelay: '30s' } },
      },
    ];
    const body = { error: { code: 429, message: 'x', status: 'RESOURCE_EXHAUSTED', details: [{ errors }] } };
    rig.google.fail(/mutate/, { status: 429, body });
    const before = rig.google.calls.length;
    const limited = await refusal(rig.ads.mutate(customer, 'campaignBudgets', [setTo('170000000')], {}, rig.context));
    expect(limited).toMatchObject({
      code: 'throttled',
      details: { google_code: 'RATE_LIMITED', retry_after_seconds: 30 },
    });
    expect(rig.google.calls.length - before).toBe(1);
  });

  it('does not send a change again whose answer was lost, and says that it may have been made', async () => {
    rig.google.fail(/mutate/, 'lost');
    const before = rig.google.calls.length;
    const lost = await refusal(rig.ads.mutate(customer, 'campaignBudgets', [setTo('180000000')], {}, rig.context));
    expect(lost.details.sent).toBe('unknown');
    expect(rig.google.calls.length - before).toBe(1);
    expect(await amountOf('501')).toBe('180000000');
  });

  it('refuses a customer of somebody else and one that is not there in the same words', async () => {
    const ask = (id: string) => refusal(collected(rig.ads.rows(id, budgets('1'), Budget, rig.context)));
    const [other, missing] = [await ask('5555555555'), await ask('4444444444')];
    expect(other).toMatchObject({ code: 'access_denied', details: { google_code: 'GOOGLE_PERMISSION_DENIED' } });
    expect(missing.message).toBe(other.message);
  });
});

it('a query takes no value that could end its literal', () => {
  const attacks = ["1' OR campaign.id != '", '1 LIMIT 1', '', '１２', '1\n2', "ENABLED' --", "2026-11-20' OR '"];
  for (const make of [digits, word, onDay, resource])
    for (const value of attacks) expect(() => gaql`${make(value)}`).toThrow(CountersignError);
  expect(gaql`SELECT campaign.id FROM campaign WHERE campaign.status = ${word('ENABLED')}`).toBe(
    "SELECT campaign.id FROM campaign WHERE campaign.status = 'ENABLED'",
  );
});

it('the sandbox keeps what was written when it is started again', async () => {
  const tables = openMemoryTables();
  const opened = () => openAdsRig({ keeper: tableKeeper(tables, 'ads') });
  const first = await opened();
  const made = await first.ads.mutate(
    customer,
    'campaignBudgets',
    [setTo('170000000'), { create: { name: 'New', amountMicros: '20000000', explicitlyShared: false } }],
    {},
    first.context,
  );
  await first.close();
  const second = await opened();
  const query = gaql`SELECT campaign_budget.id, campaign_budget.name, campaign_budget.amount_micros FROM campaign_budget`;
  const Row = z.looseObject({ campaignBudget: z.looseObject({ resourceName: z.string(), amountMicros: z.string() }) });
  const rows = await collected(second.ads.rows(customer, query, Row, second.context));
  const amounts = new Map(
    rows.map(({ campaignBudget: { resourceName, amountMicros } }) => [resourceName, amountMicros]),
  );
  expect(made.map((each) => each.ok && amounts.get(each.resourceName ?? ''))).toEqual(['170000000', '20000000']);
  const create = { create: { name: 'Newer', amountMicros: '20000000', explicitlyShared: false } };
  const [newer] = await second.ads.mutate(customer, 'campaignBudgets', [create], {}, second.context);
  expect([...amounts.keys()]).not.toContain(newer?.ok && newer.resourceName);
  await second.close();
});
