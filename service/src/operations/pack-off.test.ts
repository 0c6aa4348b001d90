import pino from 'pino';
import { ana, ben, openRig } from '../../test/rigs/pipeline.ts';
import type { Operation, Status } from './operation.ts';
import { createPipeline } from './pipeline.ts';

/** An operation that was planned while its pack was on, and a task that is started without the pack. */
const open = async () => {
  const rig = openRig();
  const args = { colour: 'blue', things: ['a', 'b'] };
  const submission = { input: args, reason: 'test', idempotencyKey: undefined };
  const operation = await rig.pipeline.submit(rig.steps, submission, rig.context(ana));
  const faults: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void faults.push(line) });
  const off = createPipeline({ ...rig.parts, log, changes: () => undefined });
  const put = async (status: Status): Promise<Operation> => {
    const next = { ...operation, status, version: operation.version + 1 };
    expect(await rig.parts.store.replace(next, operation.version)).toBe(true);
    return next;
  };
  const answer = (decision: 'approve' | 'deny', by = ben) =>
    off.decide(
      {
        operationId: operation.operationId,
        decision,
        comment: 'no',
        approvalHash: operation.approvalHash,
      },
      by,
      rig.context(by, 'page'),
    );
  const later = (hours: number) => {
    rig.world.now = new Date(rig.world.now.getTime() + hours * 3_600_000);
  };
  const status = async () => (await rig.parts.store.get(operation.operationId))?.status;
  return { ...rig, operation, off, put, answer, later, status, faults };
};
const disabled = { code: 'pack_disabled', message: expect.stringMatching(/^paint is not served here.*TOOL_PACKS/) };

describe('an operation whose pack is off', () => {
  it('cannot be approved, and the attempt is in the audit log', async () => {
    const { answer, events, status } = await open();
    await expect(answer('approve')).rejects.toMatchObject(disabled);
    expect(events.at(-1)).toMatchObject({ action: 'approve', result: 'blocked', errorCode: 'pack_disabled' });
    expect(await status()).toBe('awaiting-countersign');
  });

  it('can be denied', async () => {
    const { answer, status } = await open();
    await answer('deny');
    expect(await status()).toBe('denied');
  });

  it('can be withdrawn by whoever asked for it', async () => {
    const { answer, status } = await open();
    await answer('deny', ana);
    expect(await status()).toBe('withdrawn');
  });

  it.each<Status>(['approved', 'applying', 'planned'])(
    'is left as it is while it is %s, without a fault in the log',
    async (at) => {
      const { put, off, later, status, shelf, faults } = await open();
      await put(at);
      later(1);
      await off.resume(true);
      expect(await status()).toBe(at);
      expect(shelf.writes).toEqual([]);
      expect(faults).toEqual([]);
    },
  );

  it.each<Status>(['approved', 'planned', 'awaiting-countersign'])('expires from %s', async (at) => {
    const { put, off, later, status } = await open();
    await put(at);
    later(100);
    await off.resume(false);
    expect(await status()).toBe('expired');
  });

  it('is agreed to and applied where a task serves the pack again', async () => {
    const { answer, pipeline, operation, context, shelf } = await open();
    await expect(answer('approve')).rejects.toMatchObject(disabled);
    const { operationId, approvalHash } = operation;
    const decision = { operationId, decision: 'approve', approvalHash } as const;
    await pipeline.outcome(await pipeline.decide(decision, ben, context(ben)));
    expect(shelf.writes.toSorted()).toEqual(['a', 'b']);
  });

  it('cannot be reverted once it was applied', async () => {
    const { put, off, operation, context } = await open();
    await put('applied');
    await expect(off.revert({ operationId: operation.operationId }, context(ana))).rejects.toMatchObject(disabled);
  });
});
