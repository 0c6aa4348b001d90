import { ana, ben, everyone, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { digest } from '../canonical.ts';
import { beforeDigest, hashForms, openApprovalHashes, WRITTEN_FORM } from './hash.ts';
import type { Operation } from './operation.ts';
import { createPipeline } from './pipeline.ts';

const ask = (rig: Rig, input = { colour: 'blue', things: ['a', 'b'] }) =>
  rig.pipeline.submit(rig.steps, { input, reason: 'Because' }, rig.context(ana));
const approve = async (rig: Rig, operationId: string, pipeline = rig.pipeline) => {
  const approvalHash = (await pipeline.seenBy(everyone).get(operationId))?.approvalHash;
  const decision = { operationId, approvalHash, decision: 'approve' } as const;
  return pipeline.outcome(await pipeline.decide(decision, ben, rig.context(ben)));
};
const code = (wanted: string) => expect.objectContaining({ code: wanted });
type Json = Record<string, unknown>;
type Unhashed = Omit<Operation, 'approvalHash'>;

/** What somebody does who can write the database. */
const spoil = async (rig: Rig, operationId: string, change: (record: Json) => Json): Promise<void> => {
  const row = await rig.tables.get('operations', { operationId });
  if (row === undefined) throw new Error('no row');
  const record = { ...change(structuredClone(Object(row.record))), version: row.version + 1 };
  await rig.tables.put('operations', {
    ...row,
    version: row.version + 1,
    status: String(Object(record).status),
    record,
  });
};
const inPlan = (change: (plan: Json) => void) => (record: Json) => {
  change(Object(record.plan));
  return record;
};
const inChange = (more: Json) => inPlan((plan) => Object.assign(Object(plan.changes)[0], more));

describe('an approval covers', () => {
  const spoils: readonly [string, (record: Json) => Json][] = [
    ['who must agree', (record) => ({ ...record, countersign: 'same-person', status: 'awaiting-confirmation' })],
    ['that somebody must agree', (record) => ({ ...record, countersign: 'none' })],
    ['the scope it takes', (record) => ({ ...record, approveScope: 'tag:write' })],
    ['the requester', (record) => ({ ...record, requester: { ...Object(record.requester), personId: 'vera' } })],
    ['the requester’s address', (record) => ({ ...record, requester: { ...Object(record.requester), email: '' } })],
    ['the reason', (record) => ({ ...record, reason: 'Harmless' })],
    ['the tool', (record) => ({ ...record, tool: 'paint', arguments: { colour: 'black', things: ['a', 'b'] } })],
    ['until when it waits', (record) => ({ ...record, expiresAt: '2100-01-01T00:00:00.000Z' })],
    ['the policy', (record) => ({ ...record, policyVersion: 'v0' })],
    ['which operation it undoes', (record) => ({ ...record, reverts: `op_${'0'.repeat(32)}` })],
    ['the summary', inPlan((plan) => Object.assign(plan, { summary: 'Nothing much' }))],
    ['the warnings', inPlan((plan) => Object.assign(plan, { warnings: ['None'] }))],
    [
      'whether it can be undone',
      inPlan((plan) => Object.assign(plan, { reversible: { possible: false, reason: 'no' } })),
    ],
    ['the cost', inPlan((plan) => Object.assign(plan, { cost: { apiCalls: 9, usd: 9 } }))],
    ['the impact', inPlan((plan) => Object.assign(Object(plan.impact)[0], { after: 0 }))],
    ['a label', inChange({ label: 'harmless' })],
    ['an account', inChange({ accountId: '222222222222' })],
    ['a region', inChange({ region: 'eu-west-1' })],
    ['a kind', inChange({ kind: 'other' })],
    ['what is beside a change', inChange({ context: { colour: 'x' } })],
    ['what would fail', inChange({ wouldFail: 'not_found' })],
    ['a state after', inChange({ after: { colour: 'black' } })],
    ['a member that this version does not know', inPlan((plan) => Object.assign(plan, { later: 1 }))],
  ];
  it.each(spoils)('%s: changed in the store it is refused, and nothing is written', async (_what, change) => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    await spoil(rig, operationId, change);
    const decision =
      Object(change({ status: 'x', plan: { impact: [{}], changes: [{}] } })).countersign === 'same-person'
        ? 'confirm'
        : 'approve';
    const by = decision === 'confirm' ? ana : ben;
    const approvalHash = (await rig.parts.store.get(operationId))?.approvalHash;
    const answer = rig.pipeline.decide({ operationId, approvalHash, decision }, by, rig.context(by));
    await expect(answer).rejects.toMatchObject({ code: expect.stringMatching(/arguments_changed|access_denied/) });
    expect(rig.shelf.writes).toEqual([]);
    // Written as approved right away it does not pass either.
    const other = openRig();
    const approved = await ask(other);
    await spoil(other, approved.operationId, (record) => ({ ...change(record), status: 'approved' }));
    await other.another('task-1-again', true).resume(true);
    expect(other.shelf.writes).toEqual([]);
    // Nor is it signed anew, which would make it a good one.
    expect(await other.parts.store.get(approved.operationId)).toMatchObject({
      status: 'failed',
      approvalHash: approved.approvalHash,
    });
  });

  it.each<[string, (record: Json) => Json]>([
    ['none', (record) => ({ ...record, approvals: [] })],
    ['a forged one with the right hash', (record) => ({ ...record, approvals: [forged(record)] })],
    [
      'one of another operation',
      (record) => ({ ...record, approvals: [{ ...forged(record), proof: `v2:${'a'.repeat(64)}` }] }),
    ],
  ])(
    'only what a person agreed to: made approved in the store, with %s, nothing is written',
    async (_which, change) => {
      const rig = openRig();
      const { operationId } = await ask(rig);
      await spoil(rig, operationId, (record) => ({ ...change(record), status: 'approved' }));
      await rig.another('task-1-again', true).resume(true);
      expect(rig.shelf.writes).toEqual([]);
      expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'awaiting-countersign', approvals: [] });
    },
  );
  const forged = (record: Json) => ({
    by: { personId: 'ben', name: 'ben', email: 'ben@example.com' },
    decision: 'approve',
    at: record.createdAt,
    via: 'page',
    approvalHash: record.approvalHash,
  });

  it('is not had by planning anew what somebody wrote', async () => {
    const rig = openRig();
    const { operationId, approvalHash } = await ask(rig);
    const requester = { personId: 'vera', name: 'vera', email: '', clientId: 'client' };
    await spoil(rig, operationId, (record) => ({ ...record, requester, status: 'planned' }));
    await rig.another('task-1-again', true).resume(true);
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'failed', approvalHash });
  });

  it('is for one operation: an equal one asked for later has another hash', async () => {
    const rig = openRig();
    const [one, other] = [await ask(rig), await ask(rig)];
    expect(one.approvalHash).not.toBe(other.approvalHash);
    expect(one.approvalHash).toMatch(/^v2:[0-9a-f]{8}:[0-9a-f]{64}$/);
  });

  it('is used once: what was applied and is made to look approved again is not applied again', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    await approve(rig, operationId);
    rig.shelf.colours.set('a', 'red').set('b', 'red');
    await spoil(rig, operationId, ({ result: _result, ...record }) => ({ ...record, status: 'approved' }));
    await rig.another('task-1-again', true).resume(true);
    expect(rig.shelf.writes).toEqual(['a', 'b']);
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'applied', result: { applied: 2 } });
  });

  it('still holds after the record went through the store and back', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    await spoil(rig, operationId, (record) => JSON.parse(JSON.stringify(record)));
    expect(await approve(rig, operationId)).toMatchObject({ status: 'applied' });
  });
});

describe('an operation of another version', () => {
  const firstHash = (operation: Operation): string =>
    digest({
      tool: operation.tool,
      arguments: operation.arguments,
      beforeDigest: operation.beforeDigest,
      after: Object.fromEntries(operation.plan.changes.map((change) => [change.resourceId, change.after])),
      policyVersion: operation.policyVersion,
      requester: operation.requester.personId,
    });
  const asFirst = (record: Json): Json => ({ ...record, approvalHash: firstHash(record as Operation) });

  it('that hashed without a key is refused clearly, neither denied for good nor signed anew; it may be denied', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    await spoil(rig, operationId, (record) =>
      asFirst({ ...record, requester: { ...Object(record.requester), personId: 'vera' } }),
    );
    await expect(approve(rig, operationId)).rejects.toMatchObject({
      code: 'arguments_changed',
      message: expect.stringMatching(/earlier version.*ask for the change again/i),
    });
    const still = await rig.parts.store.get(operationId);
    expect(still).toMatchObject({ status: 'awaiting-countersign' });
    expect(still?.approvalHash).not.toMatch(/^v2:/);
    const deny = { operationId, decision: 'deny', comment: 'no' } as const;
    expect(await rig.pipeline.decide(deny, ben, rig.context(ben))).toMatchObject({ status: 'denied' });
  });

  it('that hashed without a key expires like any other', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    await spoil(rig, operationId, asFirst);
    rig.world.now = new Date('2026-11-24T10:00:00.000Z');
    await rig.pipeline.resume(false);
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'expired' });
  });

  it.each(['approved', 'planned', 'applying'])('that hashed without a key does not pass as %s', async (status) => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    await spoil(rig, operationId, (record) => {
      const first = asFirst(record);
      const by = { personId: 'ben', name: 'ben', email: 'ben@example.com' };
      const approval = { by, decision: 'approve', at: record.createdAt, via: 'page', approvalHash: first.approvalHash };
      return { ...first, status, approvals: [approval] };
    });
    await rig.another('task-1-again', true).resume(true);
    expect(rig.shelf.writes).toEqual([]);
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status });
    rig.world.now = new Date(rig.world.now.getTime() + 3_700_000);
    await rig.pipeline.resume(false);
    expect(rig.shelf.writes).toEqual([]);
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: status === 'applying' ? 'failed' : status });
  });

  it('under another key is refused clearly too', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    const rekeyed = createPipeline({ ...rig.parts, hashes: openApprovalHashes(new Uint8Array(32).fill(8)) });
    await expect(approve(rig, operationId, rekeyed)).rejects.toEqual(code('arguments_changed'));
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'awaiting-countersign' });
    expect(await approve(rig, operationId)).toMatchObject({ status: 'applied' });
  });

  it.each(['v3:anything at all', `v3:00000000:${'0'.repeat(64)}`])(
    'that is newer is neither denied nor failed nor expired here (%s)',
    async (approvalHash) => {
      const rig = openRig();
      const { operationId } = await ask(rig);
      await spoil(rig, operationId, (record) => ({ ...record, approvalHash }));
      for (const decision of ['approve', 'deny'] as const) {
        const input = { operationId, approvalHash, decision, comment: 'x' } as const;
        await expect(rig.pipeline.decide(input, ben, rig.context(ben))).rejects.toEqual(code('newer_version'));
      }
      rig.world.now = new Date('2026-12-24T10:00:00.000Z');
      await rig.another('task-1-again', true).resume(true);
      expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'awaiting-countersign', approvalHash });
      await spoil(rig, operationId, (record) => ({ ...record, status: 'approved' }));
      await rig.another('task-1-again', true).resume(true);
      expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'approved' });
    },
  );

  // A member joins what is hashed: one release reads it, the next writes it, the one after reads nothing else.
  const second = (operation: Unhashed): object => hashForms.get(2)?.(operation) ?? {};
  const third = (operation: Unhashed) => ({ ...second(operation), later: Object(operation).later });
  const key = new Uint8Array(32).fill(7);
  const release = (rig: Rig, forms: [number, typeof second][], written: number) =>
    createPipeline({ ...rig.parts, hashes: openApprovalHashes(key, { forms: new Map(forms), written }) });
  const releases = (rig: Rig) => ({
    before: release(rig, [[2, second]], 2),
    reads: release(
      rig,
      [
        [2, second],
        [3, third],
      ],
      2,
    ),
    writes: release(
      rig,
      [
        [2, second],
        [3, third],
      ],
      3,
    ),
    drops: release(rig, [[3, third]], 3),
  });
  const askAt = (rig: Rig, pipeline: Rig['pipeline']) =>
    pipeline.submit(rig.steps, { input: { colour: 'blue', things: ['a'] } }, rig.context(ana));

  it.each<[keyof ReturnType<typeof releases>, keyof ReturnType<typeof releases>]>([
    ['before', 'reads'],
    ['reads', 'before'],
    ['reads', 'writes'],
    ['writes', 'reads'],
    ['writes', 'drops'],
    ['drops', 'writes'],
  ])('that the release that %s it planned is approved at the release that %s it', async (planning, deciding) => {
    const rig = openRig();
    const all = releases(rig);
    const { operationId } = await askAt(rig, all[planning]);
    expect(await approve(rig, operationId, all[deciding])).toMatchObject({ status: 'applied' });
    expect(rig.shelf.writes).toEqual(['a']);
  });

  it('two releases apart is left alone by the earlier one, whatever is answered there, and approved at its own', async () => {
    const rig = openRig();
    const { before, writes } = releases(rig);
    const { operationId } = await askAt(rig, writes);
    for (const decision of ['approve', 'deny', 'confirm', 'withdraw'] as const) {
      const approvalHash = (await before.seenBy(everyone).get(operationId))?.approvalHash;
      const input = { operationId, approvalHash, decision, comment: 'x' } as const;
      const by = decision === 'withdraw' || decision === 'confirm' ? ana : ben;
      await expect(before.decide(input, by, rig.context(by))).rejects.toMatchObject({
        code: expect.stringMatching(/newer_version|conflict/),
      });
    }
    await before.resume(true);
    expect(await approve(rig, operationId, writes)).toMatchObject({ status: 'applied' });
  });

  it('is told apart by a number: what each number covers never changes', async () => {
    const operation = await ask(openRig());
    const members = [...hashForms].map(([form, covered]) => [form, Object.keys(covered(operation)).join(' ')]);
    expect(Object.fromEntries(members)).toEqual({
      2: 'operationId tool arguments requester reason createdAt expiresAt correlationId idempotencyKey countersign approveScope policyVersion plan beforeDigest reverts',
    });
    expect(hashForms.has(WRITTEN_FORM)).toBe(true);
  });

  it.each<[string, (record: Json) => Json]>([
    ['status', (record) => ({ ...record, status: 'awaiting-two-people' })],
    ['kind of countersign', (record) => ({ ...record, countersign: 'two-people' })],
    ['way of answering', (record) => ({ ...record, approvals: [{ via: 'phone' }] })],
  ])('with a %s that is not known here is refused, left alone, and breaks no list', async (_what, change) => {
    const rig = openRig();
    const [unknown, known] = [await ask(rig), await ask(rig, { colour: 'green', things: ['c'] })];
    await spoil(rig, unknown.operationId, change);
    const before = await rig.tables.get('operations', { operationId: unknown.operationId });
    await expect(rig.parts.store.get(unknown.operationId)).rejects.toEqual(code('newer_version'));
    const decision = { operationId: unknown.operationId, decision: 'deny', comment: 'x' } as const;
    await expect(rig.pipeline.decide(decision, ben, rig.context(ben))).rejects.toEqual(code('newer_version'));
    const ids = async (list: Promise<{ items: Operation[] }>) => (await list).items.map((each) => each.operationId);
    expect(await ids(rig.parts.store.recent({ createdBy: 'ana' }))).toEqual([known.operationId]);
    expect(await ids(rig.parts.store.recent({}))).toEqual([known.operationId]);
    rig.world.now = new Date('2026-12-24T10:00:00.000Z');
    await rig.another('task-1-again', true).resume(true);
    expect(await rig.tables.get('operations', { operationId: unknown.operationId })).toEqual(before);
  });

  it('keeps members that this version does not know, at every depth, through its whole life', async () => {
    const rig = openRig();
    const later = { ...rig.steps };
    later.plan = async (input, context) => {
      const plan = await rig.steps.plan(input, context);
      const changes = plan.changes.map((change) => ({ ...change, later: { deep: true } }));
      return { ...plan, changes, later: 1, cost: { ...plan.cost, later: 2 } };
    };
    const submission = { input: { colour: 'blue', things: ['a'] } };
    const { operationId } = await rig.pipeline.submit(later, submission, rig.context(ana));
    await spoil(rig, operationId, (record) => ({ ...record, later: { top: true } }));
    const operation = await approve(rig, operationId);
    expect(operation).toMatchObject({
      status: 'applied',
      later: { top: true },
      plan: { later: 1, cost: { later: 2 }, changes: [{ later: { deep: true } }] },
    });
    await spoil(rig, operationId, (record) => {
      for (const approval of record.approvals as Json[]) approval.later = 3;
      Object.assign(Object(record.result), { later: 4 });
      return record;
    });
    const revert = await rig.pipeline.revert({ operationId }, rig.context(ana));
    expect(await approve(rig, revert.operationId)).toMatchObject({ status: 'applied' });
    expect((await rig.tables.get('operations', { operationId }))?.record).toMatchObject({
      status: 'reverted',
      later: { top: true },
      approvals: [{ later: 3 }],
      result: { later: 4 },
    });
  });
});

describe('the digest of the state before', () => {
  it('does not depend on the order of resources', () => {
    const change = (resourceId: string) => ({ resourceId, label: '', kind: '', accountId: '', before: {}, after: {} });
    const [a, b] = [change('a'), change('b')];
    expect(beforeDigest([a, b])).toBe(beforeDigest([b, a]));
  });
});
