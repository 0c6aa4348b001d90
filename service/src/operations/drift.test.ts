import { ana, ben, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { createPipeline } from './pipeline.ts';

/** A rig whose steps tell who changed things, with one operation that was applied. */
const openApplied = async (drift: NonNullable<Rig['steps']['drift']>) => {
  const rig = openRig();
  const steps: Rig['steps'] = { ...rig.steps, drift };
  const pipeline = createPipeline({ ...rig.parts, changes: () => steps });
  const { operationId, approvalHash } = await pipeline.submit(
    steps,
    { input: { colour: 'blue', things: ['a', 'b'] } },
    rig.context(ana),
  );
  await pipeline.outcome(
    await pipeline.decide({ operationId, approvalHash, decision: 'approve' }, ben, rig.context(ben)),
  );
  return { rig, operationId, revert: () => pipeline.revert({ operationId }, rig.context(ana)) };
};

it('who asks to take back what somebody changed since is told who it was', async () => {
  const asked: unknown[] = [];
  const { rig, revert } = await openApplied(async (changes, since) => {
    asked.push([changes.map(({ resourceId }) => resourceId), since]);
    return [{ resource: 'a', by: 'eve@example.com', at: '2026-11-20 11:00:00' }];
  });
  rig.shelf.colours.set('a', 'green');
  await expect(revert()).rejects.toMatchObject({
    code: 'state_changed',
    details: { resources: ['a'], drift: [{ by: 'eve@example.com' }] },
  });
  expect(asked).toEqual([[['a'], rig.world.now.toISOString()]]);
});

it('an upstream that does not tell who it was leaves the refusal as it is', async () => {
  const { rig, revert } = await openApplied(async () => {
    throw new Error('no answer');
  });
  rig.shelf.colours.set('a', 'green');
  await expect(revert()).rejects.toMatchObject({ code: 'state_changed', details: { resources: ['a'] } });
});

it('what was applied on 22 August at 09:00 can be taken back until 20 November at 09:00, whatever the table still holds', async () => {
  const { rig, operationId, revert } = await openApplied(async () => []);
  const row = await rig.tables.get('snapshots', { operationId });
  if (row === undefined) throw new Error('no snapshot');
  await rig.tables.put('snapshots', { ...row, expirationTime: 1_795_165_200 });
  rig.world.now = new Date('2026-11-20T09:00:00Z');
  expect(await rig.tables.withExpired().get('snapshots', { operationId })).toBeDefined();
  await expect(revert()).rejects.toMatchObject({ code: 'not_reversible', message: expect.stringContaining('90 days') });
  rig.world.now = new Date('2026-11-20T08:59:59Z');
  expect(await revert()).toMatchObject({ reverts: operationId });
});

it('a snapshot of 22 August at 09:00 ends on 20 November at 09:00', async () => {
  const rig = openRig();
  rig.world.now = new Date('2026-08-22T09:00:00Z');
  const { operationId, approvalHash } = await rig.pipeline.submit(
    rig.steps,
    { input: { colour: 'blue', things: ['a'] } },
    rig.context(ana),
  );
  await rig.pipeline.outcome(
    await rig.pipeline.decide({ operationId, approvalHash, decision: 'approve' }, ben, rig.context(ben)),
  );
  expect(await rig.tables.get('snapshots', { operationId })).toMatchObject({ expirationTime: 1_795_165_200 });
});
