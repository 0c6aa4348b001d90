import { ana, ben, everyone, max, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { createPipeline } from './pipeline.ts';

const blue = { colour: 'blue', things: ['a', 'b'] };
const ask = (rig: Rig, input = blue, caller = ana) => rig.pipeline.submit(rig.steps, { input }, rig.context(caller));
const shown = async (rig: Rig, operationId: string) => (await rig.parts.store.get(operationId))?.approvalHash;
const answer = async (rig: Rig, operationId: string, decision: 'approve' | 'confirm', by = ben) => {
  const input = { operationId, decision, approvalHash: await shown(rig, operationId) } as const;
  return rig.pipeline.outcome(await rig.pipeline.decide(input, by, rig.context(by)));
};
const approve = (rig: Rig, operationId: string, caller = ben) => answer(rig, operationId, 'approve', caller);
/** An answer whose task dies while it applies: what went wrong is nobody's answer. */
const approveAndDie = async (rig: Rig, operationId: string) => {
  expect((await approve(rig, operationId)).result).toBeUndefined();
};
const colours = (rig: Rig) => Object.fromEntries(rig.shelf.colours);
const refusal = (code: string) => expect.objectContaining({ code });
const blocked = (rig: Rig) => rig.events.filter((event) => event.result === 'blocked').map((event) => event.errorCode);

describe('from plan to applied', () => {
  it('changes nothing before a second person agrees, then all of it, with an audit record before and after', async () => {
    const rig = openRig();
    const planned = await ask(rig);
    expect(planned).toMatchObject({ status: 'awaiting-countersign', expiresAt: '2026-11-23T10:00:00.000Z' });
    expect(rig.shelf.writes).toEqual([]);
    const applied = await approve(rig, planned.operationId);
    expect(applied).toMatchObject({ status: 'applied', result: { applied: 2, failed: 0, skipped: 0 } });
    expect(colours(rig)).toEqual({ a: 'blue', b: 'blue', c: 'red' });
    expect(rig.events.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'plan success',
      'approve success',
      'write started',
      'write success',
    ]);
    expect(rig.events.at(-1)).toMatchObject({
      userId: 'ana',
      before: { a: { colour: 'red' }, b: { colour: 'red' } },
      after: { a: { colour: 'blue' }, b: { colour: 'blue' } },
    });
  });

  it('keeps what failed apart from what was applied', async () => {
    const rig = openRig();
    rig.shelf.broken.add('a');
    const done = await approve(rig, (await ask(rig)).operationId);
    expect(done).toMatchObject({ status: 'partially-applied', result: { applied: 1, failed: 1 } });
    expect(done.result?.outcomes).toContainEqual({ resourceId: 'a', outcome: 'failed', code: 'AccessDenied' });
  });

  it('does not call applied what does not read back', async () => {
    const rig = openRig();
    rig.shelf.beforeWrite = () => {
      queueMicrotask(() => rig.shelf.colours.set('a', 'green'));
    };
    const done = await approve(rig, (await ask(rig, { colour: 'blue', things: ['a'] })).operationId);
    expect(done).toMatchObject({ status: 'failed', result: { outcomes: [{ code: 'verification_failed' }] } });
  });

  it('returns the first operation when a request is repeated with its key, and refuses the key for another', async () => {
    const rig = openRig();
    const once = { input: blue, idempotencyKey: 'k-1' };
    const [first, second] = await Promise.all([1, 2].map(() => rig.pipeline.submit(rig.steps, once, rig.context(ana))));
    expect(second?.operationId).toBe(first?.operationId);
    const other = { input: { colour: 'green', things: ['a'] }, idempotencyKey: 'k-1' };
    await expect(rig.pipeline.submit(rig.steps, other, rig.context(ana))).rejects.toEqual(refusal('conflict'));
  });

  it('refuses a plan that changes nothing, or more than one operation may', async () => {
    const rig = openRig({ maxChanges: 1 });
    await expect(ask(rig, { colour: 'red', things: ['a'] })).rejects.toEqual(refusal('invalid_input'));
    await expect(ask(rig)).rejects.toEqual(refusal('safety_limit_exceeded'));
  });
});

describe('what a reviewer asks for', () => {
  it('holds when the operation is planned anew: a second person, though the tool asks for less', async () => {
    const rig = openRig();
    rig.world.countersign = 'same-person';
    const review = async () => ({
      forSecondPerson: true,
      warnings: ['Large.'],
      summary: { risk: 'high', confidence: 1, by: 'rules' },
    });
    const planned = await rig.pipeline.submit(rig.steps, { input: blue, review }, rig.context(ana));
    expect(planned).toMatchObject({ countersign: 'second-person', plan: { warnings: ['Large.'] } });
    rig.shelf.colours.set('a', 'green');
    expect(await approve(rig, planned.operationId)).toMatchObject({
      ...{ status: 'awaiting-countersign', countersign: 'second-person', approvals: [] },
    });
  });
});

describe('who may decide', () => {
  it('refuses the requester, even one who may approve, and says so in the audit log', async () => {
    const rig = openRig();
    const planned = await ask(rig, blue, max);
    await expect(approve(rig, planned.operationId, max)).rejects.toEqual(refusal('self_approval_forbidden'));
    expect(blocked(rig)).toEqual(['self_approval_forbidden']);
    expect(rig.shelf.writes).toEqual([]);
  });

  it('knows the requester by their mail address too, for a person may have an id at each of two issuers', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig, blue, max);
    const alias = { ...max, personId: 'outside|max', email: ' MAX@example.com' };
    await expect(approve(rig, operationId, alias)).rejects.toEqual(refusal('self_approval_forbidden'));
  });

  it('lets nobody approve of whom no address is known, unless the operator says so', async () => {
    const nameless = { ...ben, email: '' };
    const rig = openRig();
    const { operationId } = await ask(rig, blue, max);
    await expect(approve(rig, operationId, nameless)).rejects.toEqual(refusal('access_denied'));
    const trusting = openRig({ approveWithoutEmail: true });
    const asked = await ask(trusting, blue, max);
    expect(await approve(trusting, asked.operationId, nameless)).toMatchObject({ status: 'applied' });
    const own = await ask(trusting, { colour: 'green', things: ['a'] }, { ...max, email: '' });
    const alias = { ...max, email: '' };
    await expect(approve(trusting, own.operationId, alias)).rejects.toEqual(refusal('self_approval_forbidden'));
  });

  it('refuses a person without the scope, and a tool when the page is required', async () => {
    const rig = openRig({ byTool: { approve: false, confirm: false } });
    const { operationId } = await ask(rig, blue, max);
    await expect(approve(rig, operationId, ana)).rejects.toEqual(refusal('access_denied'));
    await expect(approve(rig, operationId)).rejects.toEqual(refusal('page_required'));
  });

  it('takes one decision: a replay, and the second of two at once, are refused', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    const other = rig.another('task-2');
    const approvalHash = await shown(rig, operationId);
    const decide = { operationId, decision: 'approve', approvalHash } as const;
    const results = await Promise.allSettled([
      rig.pipeline.decide(decide, ben, rig.context(ben)).then(rig.pipeline.outcome),
      other.decide(decide, ben, rig.context(ben)).then(other.outcome),
    ]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(rig.shelf.writes).toEqual(['a', 'b']);
    await expect(approve(rig, operationId)).rejects.toEqual(refusal('already_decided'));
    expect(rig.shelf.writes).toEqual(['a', 'b']);
  });

  it('is denied with a reason, and stays denied', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    const deny = (comment?: string) =>
      rig.pipeline.decide({ operationId, decision: 'deny', comment }, ben, rig.context(ben));
    await expect(deny()).rejects.toEqual(refusal('invalid_input'));
    expect(await deny('Not on a Friday')).toMatchObject({ status: 'denied', note: 'Not on a Friday' });
    await expect(approve(rig, operationId)).rejects.toEqual(refusal('already_decided'));
  });

  it('lets the requester confirm or withdraw what waits for themself, within its seconds', async () => {
    const rig = openRig();
    rig.world.countersign = 'same-person';
    const confirm = (operationId: string, by = ana) => answer(rig, operationId, 'confirm', by);
    const first = await ask(rig);
    expect(first.status).toBe('awaiting-confirmation');
    await expect(confirm(first.operationId, ben)).rejects.toEqual(refusal('access_denied'));
    expect(await confirm(first.operationId)).toMatchObject({ status: 'applied' });
    const second = await ask(rig, { colour: 'green', things: ['c'] });
    rig.world.now = new Date('2026-11-20T10:05:00.000Z');
    await expect(confirm(second.operationId)).rejects.toEqual(refusal('request_expired'));
  });
});

describe('what an approval is for', () => {
  it('expires', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    rig.world.now = new Date('2026-11-23T10:00:00.000Z');
    await expect(approve(rig, operationId)).rejects.toEqual(refusal('request_expired'));
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'expired' });
    expect(blocked(rig)).toEqual(['request_expired']);
  });

  it('is for these arguments: a record that was tampered with is refused for good', async () => {
    const rig = openRig();
    const planned = await ask(rig);
    const forged = structuredClone(planned);
    for (const change of forged.plan.changes) change.after = { colour: 'black' };
    forged.version = 2;
    await rig.parts.store.replace(forged, 1);
    await expect(approve(rig, planned.operationId)).rejects.toEqual(refusal('arguments_changed'));
    expect(await rig.parts.store.get(planned.operationId)).toMatchObject({ status: 'denied' });
    expect(rig.shelf.writes).toEqual([]);
  });

  it('is for the plan that was shown', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    const decision = { operationId, decision: 'approve', approvalHash: '0'.repeat(64) } as const;
    await expect(rig.pipeline.decide(decision, ben, rig.context(ben))).rejects.toEqual(refusal('arguments_changed'));
    expect(await rig.parts.store.get(operationId)).toMatchObject({ status: 'awaiting-countersign' });
  });

  it('is for this policy: when it moves, the change is planned and shown again', async () => {
    const rig = openRig();
    const planned = await ask(rig);
    rig.world.policy = 'v2';
    await expect(approve(rig, planned.operationId)).rejects.toEqual(refusal('policy_changed'));
    const again = await rig.parts.store.get(planned.operationId);
    expect(again).toMatchObject({ status: 'awaiting-countersign', policyVersion: 'v2', approvals: [] });
    expect(again?.approvalHash).not.toBe(planned.approvalHash);
    expect(await approve(rig, planned.operationId)).toMatchObject({ status: 'applied' });
  });

  it('is for this policy until the moment it is written: one that moves while resources are read stops it', async () => {
    const rig = openRig();
    const planned = await ask(rig);
    const { read } = rig.steps;
    rig.steps.read = async (...asked) => {
      rig.world.policy = 'v2';
      return read(...asked);
    };
    expect(await approve(rig, planned.operationId)).toMatchObject({
      status: 'awaiting-countersign',
      policyVersion: 'v2',
      note: 'The policy changed after this was planned.',
    });
    expect(rig.shelf.writes).toEqual([]);
  });

  it('is for this state: when a resource moved, nothing is written and it is planned again', async () => {
    const rig = openRig();
    const planned = await ask(rig);
    rig.shelf.colours.set('b', 'yellow');
    const again = await approve(rig, planned.operationId);
    expect(again).toMatchObject({ status: 'awaiting-countersign', approvals: [] });
    expect(again.plan.changes.map((change) => change.before.colour)).toEqual(['red', 'yellow']);
    expect(rig.shelf.writes).toEqual([]);
    expect(blocked(rig)).toEqual(['state_changed']);
  });
});

describe('without an audit record there is no change', () => {
  it('neither plans nor applies while the log is down', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    rig.world.auditDown = true;
    await expect(ask(rig, { colour: 'green', things: ['c'] })).rejects.toEqual(refusal('store_unavailable'));
    await expect(approve(rig, operationId)).rejects.toEqual(refusal('store_unavailable'));
    expect(rig.shelf.writes).toEqual([]);
    expect(await rig.pipeline.seenBy(ben).waiting()).toHaveLength(1);
  });
});

describe('the operations of everybody', () => {
  it('come newest first over all statuses, a page at a time, none twice and none left out', async () => {
    const rig = openRig();
    const asked: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      // Two at a time, in different statuses, are as old as each other.
      rig.world.now = new Date(Date.parse('2026-11-20T10:00:00Z') + Math.floor(index / 3) * 60_000);
      const { operationId } = await ask(rig);
      if (index % 2 === 0) await approve(rig, operationId);
      rig.shelf.colours.set('a', 'red').set('b', 'red');
      asked.push(operationId);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await rig.parts.store.recent({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((each) => each.operationId));
      cursor = page.cursor;
    } while (cursor !== undefined && seen.length < 20);
    expect(seen.toSorted()).toEqual(asked.toSorted());
    expect(seen[0]).toBe(asked[6]);
    expect(seen.slice(-3).toSorted()).toEqual(asked.slice(0, 3).toSorted());
    const { items } = await rig.parts.store.recent({ statuses: ['applied'] });
    expect(items.map((each) => each.status)).toEqual(Array(4).fill('applied'));
    await expect(rig.parts.store.recent({ cursor: 'forged' })).rejects.toEqual(refusal('invalid_input'));
  });
});

describe('after a crash', () => {
  const crash = (rig: Rig, at: string) => {
    rig.shelf.beforeWrite = (id) => {
      if (id === at) throw new Error('killed');
    };
  };

  it('goes on with what was being applied, and writes each resource once', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    crash(rig, 'b');
    await approveAndDie(rig, operationId);
    rig.shelf.beforeWrite = () => {};
    const restarted = rig.another('task-1-again', true);
    await restarted.resume(true);
    expect(await restarted.seenBy(everyone).get(operationId)).toMatchObject({
      status: 'applied',
      result: { applied: 2 },
    });
    expect(rig.shelf.writes).toEqual(['a', 'b']);
  });

  it('leaves to another living task what it holds, until its lease ends', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    crash(rig, 'a');
    await approveAndDie(rig, operationId);
    rig.shelf.beforeWrite = () => {};
    const other = rig.another('task-2');
    await other.resume(true);
    expect(rig.shelf.writes).toEqual([]);
    rig.world.now = new Date('2026-11-20T10:06:00.000Z');
    await other.resume(false);
    expect(await other.seenBy(everyone).get(operationId)).toMatchObject({ status: 'applied' });
  });

  it('skips what somebody else changed in between, and says so', async () => {
    const rig = openRig();
    const { operationId } = await ask(rig);
    crash(rig, 'a');
    await approveAndDie(rig, operationId);
    rig.shelf.beforeWrite = () => {};
    rig.shelf.colours.set('a', 'yellow');
    const restarted = rig.another('task-1-again', true);
    await restarted.resume(true);
    const done = await restarted.seenBy(everyone).get(operationId);
    expect(done).toMatchObject({ status: 'partially-applied', result: { applied: 1, skipped: 1 } });
    expect(colours(rig)).toMatchObject({ a: 'yellow', b: 'blue' });
  });

  it('applies what was approved and never started, and expires what nobody answered', async () => {
    const rig = openRig();
    const approved = await ask(rig);
    const { audit } = rig.parts;
    const killed: typeof audit.appendWith = (event, together) =>
      event.result === 'started' ? Promise.reject(new Error('killed')) : audit.appendWith(event, together);
    const failing = { ...rig.parts, audit: { ...audit, appendWith: killed } };
    const dying = createPipeline(failing);
    const { operationId, approvalHash } = approved;
    const decision = { operationId, approvalHash, decision: 'approve' } as const;
    const left = await dying.outcome(await dying.decide(decision, ben, rig.context(ben)));
    expect(left.status).toBe('approved');
    const forgotten = await ask(rig, { colour: 'green', things: ['c'] });
    const restarted = rig.another('task-1-again', true);
    await restarted.resume(true);
    expect(await restarted.seenBy(everyone).get(approved.operationId)).toMatchObject({ status: 'applied' });
    rig.world.now = new Date('2026-11-24T10:00:00.000Z');
    await restarted.resume(false);
    expect(await restarted.seenBy(everyone).get(forgotten.operationId)).toMatchObject({ status: 'expired' });
  });
});

describe('an operation that somebody wrote into the store as approved', () => {
  const forge = async (rig: Rig, approvalHash: string | undefined) => {
    const planned = await ask(rig);
    const by = { personId: 'ben', name: 'ben', email: 'ben@example.com' };
    const at = planned.createdAt;
    const approvals =
      approvalHash === undefined ? [] : [{ by, decision: 'approve', at, via: 'page', approvalHash } as const];
    await rig.parts.store.replace({ ...planned, approvals, status: 'approved', version: 2 }, 1);
    await rig.another('task-1-again', true).resume(true);
    return rig.parts.store.get(planned.operationId);
  };

  it.each([
    ['without an approval', undefined],
    ['with an approval of another plan', 'f'.repeat(64)],
  ])('%s is not applied: it waits for a person again', async (_which, approvalHash) => {
    const rig = openRig();
    expect(await forge(rig, approvalHash)).toMatchObject({ status: 'awaiting-countersign', approvals: [] });
    expect(rig.shelf.writes).toEqual([]);
  });
});

describe('revert', () => {
  const applied = async (rig: Rig) => approve(rig, (await ask(rig)).operationId);
  const revert = (rig: Rig, operationId: string) =>
    rig.pipeline.revert({ operationId, reason: 'Wrong colour' }, rig.context(ana));

  it('is an operation of its own, countersigned, and restores what was', async () => {
    const rig = openRig();
    const original = await applied(rig);
    const planned = await revert(rig, original.operationId);
    expect(planned).toMatchObject({ status: 'awaiting-countersign', reverts: original.operationId });
    expect(colours(rig)).toMatchObject({ a: 'blue' });
    await expect(approve(rig, planned.operationId, ana)).rejects.toEqual(refusal('self_approval_forbidden'));
    expect(await approve(rig, planned.operationId)).toMatchObject({ status: 'applied' });
    expect(colours(rig)).toMatchObject({ a: 'red', b: 'red' });
    const reverted = await rig.parts.store.get(original.operationId);
    expect(reverted).toMatchObject({ status: 'reverted', revertedBy: planned.operationId });
    await expect(revert(rig, original.operationId)).rejects.toEqual(refusal('not_reversible'));
  });

  it('is possible for 90 days', async () => {
    const rig = openRig();
    const { operationId } = await applied(rig);
    rig.world.now = new Date('2027-02-18T10:00:00.000Z');
    await expect(revert(rig, operationId)).rejects.toEqual(refusal('not_reversible'));
    rig.world.now = new Date('2027-02-18T09:59:59.000Z');
    expect(await revert(rig, operationId)).toMatchObject({ status: 'awaiting-countersign' });
  });

  it('refuses when a resource moved since, at the plan and again at the apply', async () => {
    const rig = openRig();
    const original = await applied(rig);
    const planned = await revert(rig, original.operationId);
    rig.shelf.colours.set('a', 'yellow');
    await expect(revert(rig, original.operationId)).rejects.toEqual(refusal('state_changed'));
    expect(await approve(rig, planned.operationId)).toMatchObject({ status: 'failed' });
    expect(colours(rig)).toMatchObject({ a: 'yellow', b: 'blue' });
  });

  it('undoes only what was applied', async () => {
    const rig = openRig();
    rig.shelf.broken.add('a');
    const original = await applied(rig);
    const planned = await revert(rig, original.operationId);
    expect(planned.plan.changes.map((change) => change.resourceId)).toEqual(['b']);
  });

  it('refuses what was never applied, and what cannot be undone', async () => {
    const rig = openRig();
    const waiting = await ask(rig);
    await expect(revert(rig, waiting.operationId)).rejects.toEqual(refusal('not_reversible'));
    rig.world.reversible = false;
    const { operationId } = await approve(rig, (await ask(rig, { colour: 'green', things: ['c'] })).operationId);
    await expect(revert(rig, operationId)).rejects.toEqual(refusal('not_reversible'));
  });
});
