import { ana, ben, everyone, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { untilEnded, type Wait } from './ended.ts';
import type { Operation } from './operation.ts';

const ask = (rig: Rig): Promise<Operation> =>
  rig.pipeline.submit(rig.steps, { input: { colour: 'blue', things: ['a'] } }, rig.context(ana));

const approve = async (rig: Rig, { operationId }: Operation): Promise<Operation> => {
  const approvalHash = (await rig.parts.store.get(operationId))?.approvalHash;
  const decided = await rig.pipeline.decide({ operationId, decision: 'approve', approvalHash }, ben, rig.context(ben));
  return rig.pipeline.outcome(decided);
};

/** A wait whose pauses take no time. What is to happen in the n-th of them is in `meanwhile`. */
const waitFor = (rig: Rig, { operationId }: Pick<Operation, 'operationId'>, more: Partial<Wait> = {}) => {
  const [pauses, moves]: [number[], string[]] = [[], []];
  const meanwhile = new Map<number, () => Promise<unknown>>();
  const ended = untilEnded({
    look: () => rig.pipeline.seenBy(everyone).get(operationId),
    milliseconds: 10_000,
    signal: new AbortController().signal,
    stopping: () => false,
    onMove: async ({ status }) => void moves.push(status),
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      await meanwhile.get(pauses.length)?.();
    },
    ...more,
  });
  return { ended, pauses, moves, meanwhile };
};

describe('waiting for an operation', () => {
  it('ends when another person has agreed and it is applied', async () => {
    const rig = openRig();
    const operation = await ask(rig);
    const { ended, pauses, moves, meanwhile } = waitFor(rig, operation);
    meanwhile.set(3, () => approve(rig, operation));
    expect(await ended).toMatchObject({ status: 'applied' });
    expect([pauses.length, moves]).toEqual([3, ['applied']]);
  });

  it.each(['deny', 'withdraw'] as const)('ends when it is answered with %s', async (decision) => {
    const rig = openRig();
    const operation = await ask(rig);
    const by = decision === 'deny' ? ben : ana;
    const { ended, meanwhile } = waitFor(rig, operation);
    meanwhile.set(1, () =>
      rig.pipeline.decide({ operationId: operation.operationId, decision, comment: 'no' }, by, rig.context(by)),
    );
    expect(await ended).toMatchObject({ status: decision === 'deny' ? 'denied' : 'withdrawn' });
  });

  it('answers as it stands when the time is up, to the millisecond', async () => {
    const rig = openRig();
    const { ended, pauses } = waitFor(rig, await ask(rig), { milliseconds: 2500 });
    expect(await ended).toMatchObject({ status: 'awaiting-countersign' });
    expect(pauses).toEqual([1000, 1000, 500]);
  });

  it('does not wait for what is over, for what is not there, or while the service stops', async () => {
    const rig = openRig();
    const operation = await ask(rig);
    const stopping = waitFor(rig, operation, { stopping: () => true });
    expect(await stopping.ended).toMatchObject({ status: 'awaiting-countersign' });
    await approve(rig, operation);
    const over = waitFor(rig, operation);
    expect(await over.ended).toMatchObject({ status: 'applied' });
    const none = waitFor(rig, { operationId: `op_${'0'.repeat(32)}` });
    expect(await none.ended).toBeUndefined();
    expect([stopping, over, none].flatMap(({ pauses }) => pauses)).toEqual([]);
  });

  it('ends at once when nobody waits for the answer any more', async () => {
    const rig = openRig();
    const gone = new AbortController();
    const { pause: _byTheClock, ...wait } = {
      look: async () => {
        gone.abort(new Error('the client hung up'));
        return operation;
      },
      milliseconds: 10_000,
      signal: gone.signal,
      stopping: () => false,
      onMove: async () => {},
      pause: undefined,
    };
    const operation = await ask(rig);
    await expect(untilEnded(wait)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
