/** A plan's accounts are asked about before it is kept, before it is planned anew, before it is applied and before it is reverted. */
import { ana, ben, everyone, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { CountersignError } from '../errors.ts';

const input = { colour: 'blue', things: ['a', 'b'] };
const refuseAll: Rig['world']['allow'] = async () => {
  throw new CountersignError('account_not_authorized', 'accounts: 111111111111 is no account that you may act on.');
};

const waitingIn = async (rig: Rig) => rig.pipeline.submit(rig.steps, { input }, rig.context(ana));
const answered = async (rig: Rig, { operationId, approvalHash }: Awaited<ReturnType<typeof waitingIn>>) =>
  rig.pipeline.outcome(
    await rig.pipeline.decide({ operationId, decision: 'approve', approvalHash }, ben, rig.context(ben, 'page')),
  );
const reads = (rig: Rig) => {
  let count = 0;
  rig.shelf.beforeRead = async () => {
    count += 1;
  };
  return () => count;
};

it('asks for the person who asked, with every account of the plan, and keeps nothing that is refused', async () => {
  const rig = openRig();
  const asked: unknown[] = [];
  rig.world.allow = async ({ personId }, accounts) => {
    asked.push([personId, accounts.map(({ accountId }) => accountId)]);
  };
  await waitingIn(rig);
  expect(asked).toEqual([['ana', ['111111111111', '111111111111']]]);
  rig.world.allow = refuseAll;
  await expect(waitingIn(rig)).rejects.toMatchObject({ code: 'account_not_authorized' });
  expect((await rig.pipeline.seenBy(everyone).recent({})).items).toHaveLength(1);
});

it('applies nothing once access is lost, reads nothing either, and says so in the audit log', async () => {
  const rig = openRig();
  const operation = await waitingIn(rig);
  rig.world.allow = refuseAll;
  const read = reads(rig);
  const ended = await answered(rig, operation);
  expect(ended).toMatchObject({ status: 'failed', note: expect.stringContaining('no longer act') });
  expect([rig.shelf.writes, read()]).toEqual([[], 0]);
  expect(rig.events.at(-1)).toMatchObject({ action: 'write', result: 'blocked', errorCode: 'account_not_authorized' });
});

it('plans nothing anew once access is lost', async () => {
  const rig = openRig();
  const operation = await waitingIn(rig);
  rig.world.policy = 'v2';
  rig.world.allow = refuseAll;
  await expect(answered(rig, operation)).rejects.toMatchObject({ code: 'policy_changed' });
  const { operationId } = operation;
  expect(await rig.pipeline.seenBy(everyone).get(operationId)).toMatchObject({ status: 'failed' });
  expect(rig.events.at(-1)).toMatchObject({ action: 'plan', result: 'blocked', errorCode: 'account_not_authorized' });
});

it('reverts nothing for somebody who may not act on the account', async () => {
  const rig = openRig();
  const { operationId } = await answered(rig, await waitingIn(rig));
  const read = reads(rig);
  rig.world.allow = refuseAll;
  await expect(rig.pipeline.revert({ operationId }, rig.context(ana))).rejects.toMatchObject({
    code: 'account_not_authorized',
  });
  expect(read()).toBe(0);
});

it('stays approved where nobody can tell, and is tried again', async () => {
  const rig = openRig();
  const operation = await waitingIn(rig);
  rig.world.allow = async () => {
    throw new CountersignError('store_unavailable', 'the store does not answer');
  };
  expect(await answered(rig, operation)).toMatchObject({ status: 'approved' });
  expect(rig.shelf.writes).toEqual([]);
});
