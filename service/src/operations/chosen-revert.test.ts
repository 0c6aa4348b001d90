/** Taking back some resources of an operation: the others stay as it left them, and can be taken back later. */
import { ana, ben, openRig, type Rig } from '../../test/rigs/pipeline.ts';

const approve = async (rig: Rig, operationId: string) => {
  const approvalHash = (await rig.parts.store.get(operationId))?.approvalHash;
  const decided = await rig.pipeline.decide({ operationId, decision: 'approve', approvalHash }, ben, rig.context(ben));
  return rig.pipeline.outcome(decided);
};
const painted = async (rig: Rig, things = ['a', 'b', 'c']) => {
  const { operationId } = await rig.pipeline.submit(rig.steps, { input: { colour: 'blue', things } }, rig.context(ana));
  await approve(rig, operationId);
  return operationId;
};
const plan = (rig: Rig, operationId: string, only?: string[]) =>
  rig.pipeline.revert({ operationId, only }, rig.context(ana));
const takeBack = async (rig: Rig, operationId: string, only?: string[]) =>
  (await approve(rig, (await plan(rig, operationId, only)).operationId)).operationId;
const state = async (rig: Rig, operationId: string) => {
  const { status, takenBack } = (await rig.parts.store.get(operationId)) ?? {};
  return [status, takenBack];
};
const colours = ({ shelf }: Rig) => [...shelf.colours.values()].join(' ');

describe('a revert of chosen resources', () => {
  it('restores them alone; the operation stays applied until nothing of it is left', async () => {
    const rig = openRig();
    const id = await painted(rig);
    const first = await plan(rig, id, ['b']);
    expect(first).toMatchObject({
      arguments: { operation_id: id, resource_ids: ['b'] },
      plan: { summary: 'Take back on 1 of 3 resources: Paint 3 things blue', changes: [{ resourceId: 'b' }] },
    });
    await approve(rig, first.operationId);
    expect([colours(rig), await state(rig, id)]).toEqual(['blue red blue', ['applied', ['b']]]);
    await takeBack(rig, id, ['a']);
    expect(await state(rig, id)).toEqual(['applied', ['b', 'a']]);
    await takeBack(rig, id, ['c']);
    expect([colours(rig), await state(rig, id)]).toEqual(['red red red', ['reverted', undefined]]);
  });

  it('leaves the rest to a revert of all, whatever became of those meanwhile', async () => {
    const rig = openRig();
    const id = await painted(rig);
    await takeBack(rig, id, ['b']);
    rig.shelf.colours.set('b', 'green');
    const rest = await plan(rig, id);
    expect(rest.plan.changes.map(({ resourceId }) => resourceId)).toEqual(['a', 'c']);
    await approve(rig, rest.operationId);
    expect([colours(rig), await state(rig, id)]).toEqual(['red green red', ['reverted', undefined]]);
  });

  it('is planned though another resource moved, and refused where a chosen one did', async () => {
    const rig = openRig();
    const id = await painted(rig);
    rig.shelf.colours.set('c', 'green');
    await expect(plan(rig, id)).rejects.toMatchObject({ code: 'state_changed' });
    await expect(plan(rig, id, ['a', 'c'])).rejects.toMatchObject({ code: 'state_changed' });
    await takeBack(rig, id, ['a']);
    expect(colours(rig)).toBe('red blue green');
  });

  it('names what the operation did not change, and what is restored already', async () => {
    const rig = openRig();
    const id = await painted(rig, ['a', 'b']);
    await expect(plan(rig, id, ['c'])).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('changed no c'),
    });
    await takeBack(rig, id, ['a']);
    await expect(plan(rig, id, ['a'])).rejects.toMatchObject({ code: 'not_reversible' });
  });

  it('can be taken back itself, whole or in part, and the operation has that again', async () => {
    const rig = openRig();
    const id = await painted(rig);
    const revert = await takeBack(rig, id, ['a', 'b']);
    await takeBack(rig, revert, ['a']);
    expect([colours(rig), await state(rig, id)]).toEqual(['blue red blue', ['applied', ['b']]]);
    expect(await state(rig, revert)).toEqual(['applied', ['a']]);
    await takeBack(rig, revert);
    expect([colours(rig), await state(rig, id)]).toEqual(['blue blue blue', ['applied', undefined]]);
    expect(await state(rig, revert)).toEqual(['reverted', undefined]);
  });

  it('of which a part of the revert of all is taken back makes the operation applied again in that part', async () => {
    const rig = openRig();
    const id = await painted(rig);
    const all = await takeBack(rig, id);
    expect(await state(rig, id)).toEqual(['reverted', undefined]);
    await takeBack(rig, all, ['c']);
    expect([colours(rig), await state(rig, id)]).toEqual(['red red blue', ['applied', ['a', 'b']]]);
  });
});
