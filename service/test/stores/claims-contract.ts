/** One resource, one change at a time, on any engine: two tasks over one store, each with its own connection. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TableEngine } from '../../src/ports/tables.ts';
import { ana, ben, everyone, openRig, type Rig } from '../rigs/pipeline.ts';

type Pipeline = Rig['pipeline'];

export interface TwoTasks {
  readonly rig: Rig;
  /** The same store twice. */
  readonly tasks: readonly [Pipeline, Pipeline];
  readonly tables: readonly [TableEngine, TableEngine];
}

/** @param open two connections to one empty store, on the given clock */
export const openTwoTasks = async (
  open: (now: () => Date) => Promise<readonly [TableEngine, TableEngine]>,
  settings: Parameters<typeof openRig>[0] = {},
): Promise<TwoTasks> => {
  const clock: { rig?: Rig } = {};
  const tables = await open(() => clock.rig?.world.now ?? new Date());
  // Long, because a busy machine is slow: who waits for claims must not give up before it is its turn.
  const rig = openRig({ claimWaitMs: 15_000, ...settings }, tables[0]);
  clock.rig = rig;
  return { rig, tables, tasks: [rig.pipeline, rig.another('task-2', false, tables[1])] };
};

export const ask = async ({ rig }: TwoTasks, colour: string, things: string[], task: Pipeline = rig.pipeline) =>
  (await task.submit(rig.steps, { input: { colour, things } }, rig.context(ana))).operationId;

/** Approves it, and waits for what comes of that in this task. */
export const approve = async ({ rig }: TwoTasks, task: Pipeline, operationId: string) => {
  const approvalHash = (await task.seenBy(everyone).get(operationId))?.approvalHash;
  const decision = { operationId, approvalHash, decision: 'approve' } as const;
  return task.outcome(await task.decide(decision, ben, rig.context(ben)));
};

const many = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, place) => `thing-${String(from + place).padStart(4, '0')}`);
const outcomesOf = (rig: Rig, operationId: string) =>
  rig.events
    .filter((event) => event.operationId === operationId && /write|revert/.test(event.action))
    .map(({ result }) => result);

/** @param large resources of the largest operations; one may have 500 */
export const claimsContract = (open: () => Promise<TwoTasks>, large = 500): void => {
  it('applies one of two changes of a resource that are approved at once, and plans the other anew', async () => {
    const both = await open();
    const { rig, tasks } = both;
    for (let round = 0; round < 4; round += 1) {
      const [first, second] = [
        await ask(both, `one-${round}`, ['a', 'b']),
        await ask(both, `two-${round}`, ['b', 'c']),
      ];
      rig.shelf.whileWriting = () => sleep(20);
      const done = await Promise.all([approve(both, tasks[0], first), approve(both, tasks[round % 2 ? 0 : 1], second)]);
      expect(done.map(({ status }) => status).toSorted()).toEqual(['applied', 'awaiting-countersign']);
      const [won, lost] = done[0]?.status === 'applied' ? done : done.toReversed();
      const seen = lost?.plan.changes.find(({ resourceId }) => resourceId === 'b')?.before.colour;
      expect(seen).toBe(won?.plan.changes[0]?.after.colour);
      expect(outcomesOf(rig, won?.operationId ?? '')).toEqual(['started', 'success']);
      expect(outcomesOf(rig, lost?.operationId ?? '')).toEqual(['blocked']);
      expect(lost?.approvals).toEqual([]);
    }
    expect(rig.shelf.mostAtOnce).toBe(1);
  });

  it('never writes a resource twice at once, whatever overlaps', async () => {
    const both = await open();
    const { rig, tasks } = both;
    rig.shelf.whileWriting = () => sleep(5);
    const sets = [['a', 'b', 'c'], ['c', 'a'], ['b'], ['b', 'c'], ['a'], ['c', 'b']];
    const asked = await Promise.all(sets.map((things, place) => ask(both, `colour-${place}`, things)));
    const done = await Promise.all(
      asked.map((operationId, place) => approve(both, tasks[place % 2 ? 1 : 0], operationId)),
    );
    expect(rig.shelf.mostAtOnce).toBe(1);
    for (const { operationId, status } of done)
      expect([status, outcomesOf(rig, operationId)]).toEqual(
        status === 'applied' ? ['applied', ['started', 'success']] : ['awaiting-countersign', ['blocked']],
      );
    // Each applied change began from what the one before it left.
    const applied = rig.events.filter(({ action, result }) => action === 'write' && result === 'success');
    const shelf: Record<string, unknown> = { a: { colour: 'red' }, b: { colour: 'red' }, c: { colour: 'red' } };
    for (const { before, after } of applied) {
      expect(shelf).toMatchObject(Object(before));
      Object.assign(shelf, after);
    }
    expect(shelf).toEqual(Object.fromEntries([...rig.shelf.colours].map(([id, colour]) => [id, { colour }])));
  });

  it('holds for more resources than one transaction can claim', async () => {
    const both = await open();
    const { rig, tasks, tables } = both;
    for (const id of many(large + large / 2)) rig.shelf.colours.set(id, 'red');
    rig.shelf.whileWriting = () => sleep(20);
    // Their last parts overlap: the second finds out late and has to give back what it claimed before.
    const first = await ask(both, 'blue', many(large));
    const second = await ask(both, 'green', many(large, large / 2));
    const done = await Promise.all([approve(both, tasks[0], first), approve(both, tasks[1], second)]);
    expect(done.map(({ status }) => status).toSorted()).toEqual(['applied', 'awaiting-countersign']);
    expect(rig.shelf.mostAtOnce).toBe(1);
    expect(rig.shelf.writes).toHaveLength(large);
    const third = await ask(both, 'white', many(large + large / 2).slice(-large));
    expect(await approve(both, tasks[1], third)).toMatchObject({ status: 'applied' });
    const claims = await rig.parts.store.claims([]);
    expect(claims.size).toBe(0);
    expect(await tables[0].query('claims', { partition: 'none' })).toEqual({ items: [] });
  });

  it('keeps one open revert of six that are asked for at once', async () => {
    const both = await open();
    const { rig, tasks } = both;
    const operationId = await ask(both, 'blue', ['a', 'b']);
    await approve(both, tasks[0], operationId);
    const revert = (task: Pipeline) => task.revert({ operationId }, rig.context(ana));
    const answers = await Promise.allSettled([0, 1, 0, 1, 0, 1].map((task) => revert(tasks[task] ?? tasks[0])));
    const kept = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(kept).toHaveLength(1);
    const open_ = kept[0]?.operationId ?? '';
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'conflict', details: { operation_id: open_ } });
    expect(rig.events.filter(({ action, result }) => action === 'plan' && result === 'success')).toHaveLength(2);
    await tasks[1].decide({ operationId: open_, decision: 'deny', comment: 'no' }, ben, rig.context(ben));
    const again = await revert(tasks[0]);
    expect(await approve(both, tasks[1], again.operationId)).toMatchObject({ status: 'applied' });
    expect(await tasks[0].seenBy(everyone).get(operationId)).toMatchObject({
      status: 'reverted',
      revertedBy: again.operationId,
    });
  });

  it('lets one of two tasks take over what a dead one left, with one outcome', async () => {
    const both = await open();
    const { rig, tasks } = both;
    const operationId = await ask(both, 'blue', ['a', 'b']);
    rig.shelf.beforeWrite = (id) => {
      if (id === 'b') throw new Error('killed');
    };
    expect(await approve(both, tasks[0], operationId)).toMatchObject({ status: 'applying' });
    rig.shelf.beforeWrite = () => {};
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(operationId)).toMatchObject({ status: 'applying' });
    rig.world.now = new Date(rig.world.now.getTime() + 361_000);
    await Promise.all([tasks[0].resume(false), tasks[1].resume(false)]);
    expect(await tasks[1].seenBy(everyone).get(operationId)).toMatchObject({
      status: 'applied',
      result: { applied: 2 },
    });
    expect(rig.shelf.writes).toEqual(['a', 'b']);
    expect(outcomesOf(rig, operationId).filter((result) => result !== 'started')).toEqual(['success']);
  });
};
