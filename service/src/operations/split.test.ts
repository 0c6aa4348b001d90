/** A request that is too large for one operation: several, each planned, decided and applied by itself. */
import { ana, ben, openRig, type Rig } from '../../test/rigs/pipeline.ts';

type Paint = { colour: string; things: string[] };
/** Paint on one thing an operation. */
const openSplit = () => {
  const rig = openRig();
  const steps = { ...rig.steps, split: (input: Paint) => input.things.map((thing) => ({ ...input, things: [thing] })) };
  const ask = (things: string[], idempotencyKey?: string, colour = 'blue') =>
    rig.pipeline.submitParts(steps, { input: { colour, things }, idempotencyKey }, rig.context(ana));
  return { ...rig, ask };
};
const approve = async (rig: Rig, operationId: string) => {
  const approvalHash = (await rig.parts.store.get(operationId))?.approvalHash;
  const decided = await rig.pipeline.decide({ operationId, decision: 'approve', approvalHash }, ben, rig.context(ben));
  return rig.pipeline.outcome(decided);
};

describe('a request that is split', () => {
  it('becomes operations that know one another and are applied one without the other', async () => {
    const rig = openSplit();
    const { operations, refused } = await rig.ask(['a', 'b', 'c']);
    const ids = operations.map(({ operationId }) => operationId);
    expect(refused).toEqual([]);
    expect(operations.map(({ batch, arguments: args }) => [batch, args.things])).toEqual([
      [ids, ['a']],
      [ids, ['b']],
      [ids, ['c']],
    ]);
    await approve(rig, ids[1] ?? '');
    expect([...rig.shelf.colours.values()]).toEqual(['red', 'blue', 'red']);
  });

  it('of which a part is refused keeps the others and says which, and why', async () => {
    const rig = openSplit();
    rig.shelf.colours.set('b', 'blue');
    const { operations, refused } = await rig.ask(['a', 'b', 'c']);
    expect(operations.map(({ arguments: args }) => args.things)).toEqual([['a'], ['c']]);
    expect(refused).toEqual([
      { part: 2, code: 'invalid_input', message: expect.stringContaining('Nothing would change') },
    ]);
    await expect(openSplit().ask(['a', 'b'], undefined, 'red')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('tells what waits already where a later part ends with a fault, and a fault of the first part as it is', async () => {
    const rig = openSplit();
    const plan = rig.steps.plan;
    const steps = (faulty: string) => ({
      ...rig.steps,
      split: (input: Paint) => input.things.map((thing) => ({ ...input, things: [thing] })),
      plan: (input: Paint, context: Parameters<typeof plan>[1]) =>
        input.things.includes(faulty) ? Promise.reject(new Error('away')) : plan(input, context),
    });
    const ask = (faulty: string) => {
      const input = { colour: 'blue', things: ['a', 'b', 'c'] };
      return rig.pipeline.submitParts(steps(faulty), { input }, rig.context(ana));
    };
    const { operations, refused } = await ask('b');
    expect(operations.map(({ arguments: args }) => args.things)).toEqual([['a'], ['c']]);
    expect(refused).toEqual([{ part: 2, code: 'internal_error', message: expect.stringContaining('Ask for its') }]);
    await expect(ask('a')).rejects.toThrow('away');
  });

  it('plans anew only the part that moved, with that part’s own arguments', async () => {
    const rig = openSplit();
    const { operations } = await rig.ask(['a', 'b']);
    const [first, second] = operations.map(({ operationId }) => operationId);
    rig.shelf.colours.set('a', 'green');
    expect(await approve(rig, first ?? '')).toMatchObject({
      status: 'awaiting-countersign',
      arguments: { things: ['a'] },
    });
    expect(await approve(rig, second ?? '')).toMatchObject({ status: 'applied' });
  });

  it('asked for again with its key is the same operations, and the key is refused for another request', async () => {
    const rig = openSplit();
    const ids = async (things: string[]) =>
      (await rig.ask(things, 'key-of-it')).operations.map(({ operationId }) => operationId);
    expect(await ids(['a', 'b'])).toEqual(await ids(['a', 'b']));
    await expect(ids(['c', 'b'])).resolves.toHaveLength(1);
    await expect(ids(['c'])).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of one part is an operation like any other', async () => {
    const { operations } = await openSplit().ask(['a']);
    expect(operations).toMatchObject([{ arguments: { things: ['a'] } }]);
    expect(operations[0]).not.toHaveProperty('batch');
  });
});
