import { ana, ben, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { costWords } from '../measures/cost.ts';
import { type Impact, moneyLine } from '../measures/impact.ts';
import { parseMoney } from '../measures/money.ts';
import { detailOf } from '../packs/core/present.ts';
import { isOperation, type Operation } from './operation.ts';
import { createPipeline } from './pipeline.ts';
import type { Plan } from './plan.ts';

const budget = moneyLine({
  label: 'Daily budget',
  currency: 'EUR',
  per: 'day',
  before: parseMoney('9007199254740.93', 'EUR'),
  after: parseMoney('9007199254740.94', 'EUR'),
});
const ceiling = moneyLine({
  label: 'Ceiling',
  currency: 'JPY',
  per: 'month',
  before: parseMoney('0', 'JPY'),
  after: parseMoney('5000', 'JPY'),
});
const charges = [parseMoney('1.20', 'EUR'), parseMoney('0.03', 'USD')];

const submit = (rig: Rig, impact: Impact[], cost: Plan['cost']) => {
  const plan: Rig['steps']['plan'] = async (...asked) => ({ ...(await rig.steps.plan(...asked)), impact, cost });
  return rig.pipeline.submit({ ...rig.steps, plan }, { input: { colour: 'blue', things: ['a'] } }, rig.context(ana));
};
const approve = async (rig: Rig, operationId: string, approvalHash: string) =>
  rig.pipeline.outcome(
    await rig.pipeline.decide({ operationId, approvalHash, decision: 'approve' }, ben, rig.context(ben)),
  );

it('an operation about money in two currencies is planned, stored, answered, applied and taken back, to the last cent', async () => {
  const rig = openRig();
  const { operationId, approvalHash } = await submit(rig, [budget, ceiling], { apiCalls: 2, charges });
  const stored = JSON.parse(JSON.stringify(await rig.tables.get('operations', { operationId }))).record;
  if (!isOperation(stored)) throw new Error('it cannot be read back');
  expect(detailOf(stored, 'https://example.com')).toMatchObject({
    impact: [
      { unit: 'EUR/day', before: '9007199254740.93', after: '9007199254740.94' },
      { unit: 'JPY/month', before: '0', after: '5000', percent_change: null },
    ],
    api_calls: 2,
    charges: [
      { amount: '1.20', currency: 'EUR' },
      { amount: '0.03', currency: 'USD' },
    ],
  });
  expect(await approve(rig, operationId, approvalHash)).toMatchObject({ status: 'applied' });
  const { plan } = await rig.pipeline.revert({ operationId }, rig.context(ana));
  expect(plan.impact).toEqual([
    { ...budget, before: budget.after, after: budget.before },
    { ...ceiling, before: ceiling.after, after: ceiling.before },
  ]);
});

it('an approval covers each amount: another one in the store is refused', async () => {
  const rig = openRig();
  const { operationId, approvalHash } = await submit(rig, [budget], { apiCalls: 2, charges });
  const row = structuredClone(await rig.tables.get('operations', { operationId }));
  if (row === undefined) throw new Error('no row');
  Object(row.record).plan.impact[0].after = parseMoney('1', 'EUR').micros;
  await rig.tables.put('operations', row);
  await expect(approve(rig, operationId, approvalHash)).rejects.toMatchObject({ code: 'arguments_changed' });
});

it('an operation that the release before wrote is decided, and told in the same words', async () => {
  const rig = openRig();
  const impact: Impact[] = [{ label: 'Unattributed spend', before: 18432.4, after: null, unit: 'USD/month' }];
  const { operationId, approvalHash } = await submit(rig, impact, { apiCalls: 6, usd: 0.03 });
  const operation = await approve(rig, operationId, approvalHash);
  expect(operation.status).toBe('applied');
  expect(costWords(operation.plan.cost)).toBe('6 API calls, $0.03');
  expect(detailOf(operation, 'https://example.com')).toMatchObject({
    impact: [{ unit: 'USD/month', before: '18432.40', after: null }],
    charges: [{ amount: '0.03', currency: 'USD' }],
  });
});

it('records of a change name its approval, its snapshot and its money, and what it cost once it is taken back', async () => {
  const rig = openRig();
  const money = (amount: string) => parseMoney(amount, 'USD');
  const financialImpact = {
    before: money('100'),
    after: money('150'),
    per: 'day',
    monthly: money('1520'),
    percent: 50,
  } as const;
  const financialReport = {
    ...{ from: '2026-11-10', to: '2026-11-13', percent: 75.4 },
    ...{ actual: money('640'), expected: money('364.80'), excess: money('275.20') },
  };
  const steps: Rig['steps'] = {
    ...rig.steps,
    plan: async (...asked) => ({ ...(await rig.steps.plan(...asked)), financialImpact }),
    judge: async () => ({ impact: [], warnings: [], financialReport }),
  };
  const pipeline = createPipeline({ ...rig.parts, changes: () => steps });
  const answered = async ({ operationId, approvalHash }: Operation) =>
    pipeline.outcome(await pipeline.decide({ operationId, approvalHash, decision: 'approve' }, ben, rig.context(ben)));
  const planned = await pipeline.submit(steps, { input: { colour: 'blue', things: ['a'] } }, rig.context(ana));
  const { operationId } = await answered(planned);
  const record = { operationId, accountId: '111111111111', financialImpact };
  expect(rig.events.find(({ action }) => action === 'plan')).toMatchObject(record);
  expect(rig.events.at(-1)).toMatchObject({ ...record, approvalId: planned.approvalHash, snapshotId: operationId });
  const kept = { accountId: '111111111111', resourceType: 'thing', resourceId: 'a' };
  expect(await rig.tables.get('snapshots', { operationId })).toMatchObject(kept);
  await answered(await pipeline.revert({ operationId }, rig.context(ana)));
  expect(await rig.tables.get('snapshots', { operationId })).toMatchObject({ ...kept, financialReport });
});
