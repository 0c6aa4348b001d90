import { ana, ben, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import type { Countersign } from './operation.ts';
import { createPipeline } from './pipeline.ts';

const typed = { what: 'the name of the budget', text: 'Crème brûlée – Q4' };
const blue = { colour: 'blue', things: ['a'] };

/** A rig whose plans, and whose reverts' plans, ask for this text. */
const openTyped = async (countersign: Countersign = 'second-person') => {
  const rig = openRig();
  rig.world.countersign = countersign;
  const steps: Rig['steps'] = {
    ...rig.steps,
    plan: async (...asked) => ({ ...(await rig.steps.plan(...asked)), typed }),
    judge: async () => ({ impact: [], warnings: [], typed }),
  };
  const pipeline = createPipeline({ ...rig.parts, changes: () => steps });
  const operation = await pipeline.submit(steps, { input: blue }, rig.context(ana));
  const { operationId, approvalHash } = operation;
  const agree = (text?: string, id = operationId, hash = approvalHash) => {
    const [by, decision] = countersign === 'second-person' ? ([ben, 'approve'] as const) : ([ana, 'confirm'] as const);
    return pipeline.decide({ operationId: id, approvalHash: hash, decision, typed: text }, by, rig.context(by));
  };
  return { rig, pipeline, operation, agree };
};

it.each<[Countersign, string | undefined]>([
  ['second-person', undefined],
  ['second-person', ''],
  ['second-person', 'crème brûlée – Q4'],
  ['second-person', 'Crème brûlée - Q4'],
  ['second-person', ' Crème brûlée – Q4'],
  ['same-person', 'Crème brûlée – Q'],
])('%s who types %j agrees to nothing', async (countersign, text) => {
  const { rig, operation, agree, pipeline } = await openTyped(countersign);
  await expect(agree(text)).rejects.toMatchObject({
    code: 'invalid_input',
    message: 'typed: whoever agrees to this types the name of the budget, exactly as the plan shows it.',
    details: { field: 'typed' },
  });
  expect(await rig.parts.store.get(operation.operationId)).toMatchObject({ status: operation.status, approvals: [] });
  expect(rig.events.at(-1)).toMatchObject({ result: 'blocked', errorCode: 'invalid_input' });
  const denied = { operationId: operation.operationId, decision: 'deny', comment: 'No.' } as const;
  expect(await pipeline.decide(denied, ben, rig.context(ben))).toMatchObject({ status: 'denied' });
  expect(rig.shelf.writes).toEqual([]);
});

it.each<[Countersign, string]>([
  ['second-person', typed.text],
  ['same-person', typed.text.normalize('NFD')],
])('%s who types it agrees, the record says what was typed, and the revert asks for it again', async (who, text) => {
  const { rig, pipeline, agree } = await openTyped(who);
  const applied = await pipeline.outcome(await agree(text));
  expect(applied.status).toBe('applied');
  expect(rig.events.find(({ action }) => action === 'approve' || action === 'confirm')).toMatchObject({
    result: 'success',
    summary: { typed: typed.text },
  });
  const { operationId, approvalHash, plan } = await pipeline.revert(
    { operationId: applied.operationId },
    rig.context(ana),
  );
  expect(plan.typed).toEqual(typed);
  await expect(agree(undefined, operationId, approvalHash)).rejects.toMatchObject({ code: 'invalid_input' });
});

it('what has to be typed is part of the approval: less of it in the store is refused', async () => {
  const { rig, operation, agree } = await openTyped();
  const row = structuredClone(await rig.tables.get('operations', { operationId: operation.operationId }));
  if (row === undefined) throw new Error('no row');
  delete Object(row.record).plan.typed;
  await rig.tables.put('operations', row);
  await expect(agree()).rejects.toMatchObject({ code: 'arguments_changed' });
});
