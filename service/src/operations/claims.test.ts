import { setTimeout as sleep } from 'node:timers/promises';
import { ana, everyone, openRig, type Rig } from '../../test/rigs/pipeline.ts';
import { approve, ask, claimsContract, openTwoTasks } from '../../test/stores/claims-contract.ts';
import { CountersignError } from '../errors.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { resourcesOf } from './claims.ts';
import { createPipeline } from './pipeline.ts';

const inMemory = (settings: Parameters<typeof openRig>[0] = {}) =>
  openTwoTasks(async (now) => {
    const tables = openMemoryTables({ now });
    return [tables, tables];
  }, settings);

describe('claims in memory', () => claimsContract(inMemory));

/** Resolves when the first change writes, and lets it go on when `go` is called. */
const held = (rig: Rig) => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  rig.shelf.whileWriting = async () => {
    begun.resolve();
    await gate.promise;
  };
  return { begun: begun.promise, go: gate.resolve };
};
const outcomes = (rig: Rig) =>
  rig.events.filter(({ action }) => action === 'write').map(({ result, errorCode }) => errorCode ?? result);
const claimed = (rig: Rig, ...things: string[]) => rig.parts.store.claims(resourcesOf(rig.steps, things.map(changeOf)));
const changeOf = (resourceId: string) => ({
  resourceId,
  label: resourceId,
  kind: 'thing',
  accountId: '111111111111',
  before: {},
  after: {},
});

describe('the name a resource is claimed under', () => {
  it.each([
    ['case', 'arn:aws:rds:us-east-1:111111111111:db:Orders', 'arn:aws:rds:us-east-1:111111111111:db:orders'],
    ['composition', 'caf\u00e9', 'cafe\u0301'],
    ['space around it', ' a', 'a'],
  ])('does not tell spellings apart by %s', (_which, one, other) => {
    const { steps } = openRig();
    expect(resourcesOf(steps, [changeOf(one)])).toEqual(resourcesOf(steps, [changeOf(other)]));
    expect(resourcesOf(steps, [changeOf(one), changeOf(other)])).toHaveLength(1);
  });

  it('is the tool’s own where it gives one', () => {
    const { steps } = openRig();
    const customers = {
      ...steps,
      resourceKey: (change: { resourceId: string }) => change.resourceId.replaceAll('-', ''),
    };
    expect(resourcesOf(customers, [changeOf('123-456')])).toEqual(resourcesOf(steps, [changeOf('123456')]));
  });
});

describe('an approved operation whose resource is being changed', () => {
  it('stays approved, and is taken up by the next upkeep after that', async () => {
    const both = await inMemory({ claimWaitMs: 20 });
    const { rig, tasks } = both;
    const [first, second] = [await ask(both, 'blue', ['a']), await ask(both, 'green', ['a', 'b'])];
    const { begun, go } = held(rig);
    const applying = approve(both, tasks[0], first);
    await begun;
    const waiting = await approve(both, tasks[1], second);
    expect(waiting).toMatchObject({ status: 'approved' });
    expect(waiting.lease).toBeUndefined();
    expect((await claimed(rig, 'b')).size).toBe(0);
    rig.world.now = new Date(rig.world.now.getTime() + 31_000);
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(second)).toMatchObject({ status: 'approved' });
    go();
    expect(await applying).toMatchObject({ status: 'applied' });
    rig.world.now = new Date(rig.world.now.getTime() + 31_000);
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(second)).toMatchObject({
      status: 'awaiting-countersign',
      approvals: [],
    });
    expect(rig.shelf.writes).toEqual(['a']);
    expect((await claimed(rig, 'a', 'b')).size).toBe(0);
  });

  it('does not wait for changes of other resources', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    const [first, second] = [await ask(both, 'blue', ['a']), await ask(both, 'green', ['b'])];
    const { begun, go } = held(rig);
    const applying = approve(both, tasks[0], first);
    await begun;
    rig.shelf.whileWriting = async () => {};
    expect(await approve(both, tasks[1], second)).toMatchObject({ status: 'applied' });
    go();
    expect(await applying).toMatchObject({ status: 'applied' });
  });

  it('waits for a revert of another operation too, and then finds the drift', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a', 'b']);
    await approve(both, tasks[0], first);
    const second = await ask(both, 'green', ['b']);
    const revert = await tasks[0].revert({ operationId: first }, rig.context(ana));
    rig.shelf.whileWriting = () => sleep(20);
    const [one, other] = await Promise.all([
      approve(both, tasks[0], revert.operationId),
      approve(both, tasks[1], second),
    ]);
    expect(rig.shelf.mostAtOnce).toBe(1);
    expect([one.status, other.status]).toEqual(
      one.status === 'applied' ? ['applied', 'awaiting-countersign'] : ['failed', 'applied'],
    );
  });
});

describe('claims of a task that is gone', () => {
  it('end by themselves after the lease, so that another operation may go on', async () => {
    const both = await inMemory({ claimWaitMs: 0 });
    const { rig, tasks } = both;
    const [first, second] = [await ask(both, 'blue', ['a']), await ask(both, 'green', ['a'])];
    rig.shelf.beforeWrite = () => {
      throw new Error('killed');
    };
    expect(await approve(both, tasks[0], first)).toMatchObject({ status: 'applying' });
    rig.shelf.beforeWrite = () => {};
    expect(await approve(both, tasks[1], second)).toMatchObject({ status: 'approved' });
    rig.world.now = new Date(rig.world.now.getTime() + 360_000 + 61_000);
    const operation = await tasks[1].seenBy(everyone).get(second);
    expect(operation?.status).toBe('approved');
    await tasks[1].resume(false);
    expect(
      [
        (await tasks[1].seenBy(everyone).get(first))?.status,
        (await tasks[1].seenBy(everyone).get(second))?.status,
      ].toSorted(),
    ).toContain('applied');
    expect(rig.shelf.writes).toHaveLength(1);
  });

  it('are void once its operation has no lease, also before they end', async () => {
    const both = await inMemory();
    const { rig, tasks, tables } = both;
    const first = await ask(both, 'blue', ['a']);
    await approve(both, tasks[0], first);
    const [resource = ''] = resourcesOf(rig.steps, [changeOf('a')]);
    const expirationTime = Math.floor(rig.world.now.getTime() / 1000) + 400;
    await tables[0].insert('claims', { resource, operationId: first, leaseId: 'left behind', expirationTime });
    expect(await approve(both, tasks[1], await ask(both, 'green', ['a']))).toMatchObject({ status: 'applied' });
  });
});

describe('a task that stood still', () => {
  it('writes nothing when its claims ended before it began', async () => {
    const both = await inMemory({ claimWaitMs: 0 });
    const { rig, tasks } = both;
    const [first, second] = [await ask(both, 'blue', ['a']), await ask(both, 'green', ['a'])];
    const reading = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    rig.shelf.beforeRead = async () => {
      reading.resolve();
      await gate.promise;
    };
    const stalled = approve(both, tasks[0], first);
    await reading.promise;
    rig.shelf.beforeRead = async () => {};
    rig.world.now = new Date(rig.world.now.getTime() + 421_000);
    expect(await approve(both, tasks[1], second)).toMatchObject({ status: 'applied' });
    gate.resolve();
    expect(await stalled).toMatchObject({ status: 'approved' });
    expect(rig.shelf.writes).toEqual(['a']);
    expect(rig.shelf.colours.get('a')).toBe('green');
    expect(outcomes(rig)).toEqual(['started', 'success']);
  });

  it('writes nothing when somebody else has its claims, whatever its own clock says', async () => {
    const both = await inMemory();
    const { rig, tasks, tables } = both;
    const first = await ask(both, 'blue', ['a', 'b']);
    const [resource = ''] = resourcesOf(rig.steps, [changeOf('b')]);
    rig.shelf.beforeRead = async () => {
      const row = await tables[0].get('claims', { resource });
      if (row) await tables[0].put('claims', { ...row, operationId: 'op_other', leaseId: 'another' });
    };
    expect(await approve(both, tasks[0], first)).toMatchObject({ status: 'approved' });
    expect(rig.shelf.writes).toEqual([]);
    expect(outcomes(rig)).toEqual([]);
  });

  it('tells no outcome when another finished for it', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a']);
    const { begun, go } = held(rig);
    const stalled = approve(both, tasks[0], first);
    await begun;
    rig.shelf.whileWriting = async () => {};
    rig.world.now = new Date(rig.world.now.getTime() + 361_000);
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(first)).toMatchObject({ status: 'applied' });
    go();
    await stalled;
    expect(outcomes(rig).filter((result) => result !== 'started')).toEqual(['success']);
  });
});

describe('an upstream that hangs', () => {
  it('is no longer waited for after the time an apply may take; the lease still holds', async () => {
    const both = await inMemory({ applyMs: 50 });
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a']);
    const { go } = held(rig);
    expect(await approve(both, tasks[0], first)).toMatchObject({ status: 'applying' });
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(first)).toMatchObject({ status: 'applying' });
    go();
    rig.shelf.whileWriting = async () => {};
    await sleep(10);
    rig.world.now = new Date(rig.world.now.getTime() + 61_000);
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(first)).toMatchObject({ status: 'applied' });
    expect(outcomes(rig).filter((result) => result !== 'started')).toEqual(['success']);
  });

  it('leaves the operation approved when it hangs before anything is written', async () => {
    const both = await inMemory({ applyMs: 50 });
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a']);
    rig.shelf.beforeRead = () => new Promise(() => {});
    const operation = await approve(both, tasks[0], first);
    expect(operation).toMatchObject({ status: 'approved' });
    expect(operation?.lease).toBeUndefined();
    expect((await claimed(rig, 'a')).size).toBe(0);
  });

  it('holds up neither a start nor the others that upkeep takes up', async () => {
    const both = await inMemory({ claimWaitMs: 0, applyMs: 300 });
    const { rig, tasks } = both;
    const { read } = rig.steps;
    const [hung, other] = [await ask(both, 'blue', ['a']), await ask(both, 'blue', ['b'])];
    Object.assign(rig.steps, { read: () => Promise.reject(new CountersignError('upstream_error', 'away')) });
    for (const operationId of [hung, other])
      expect((await approve(both, tasks[0], operationId)).status).toBe('approved');
    const hangsOnA: typeof read = async (changes, context) =>
      changes.some(({ resourceId }) => resourceId === 'a') ? new Promise(() => {}) : read(changes, context);
    Object.assign(rig.steps, { read: hangsOnA });
    rig.world.now = new Date(rig.world.now.getTime() + 31_000);
    const upkeep = tasks[1].resume(false);
    await sleep(100);
    expect(await tasks[1].seenBy(everyone).get(other)).toMatchObject({ status: 'applied' });
    await upkeep;
    expect(await tasks[1].seenBy(everyone).get(hung)).toMatchObject({ status: 'approved' });
  });

  it('moves the lease with the time an apply may take', async () => {
    const both = await inMemory({ applyMs: 900_000 });
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a']);
    rig.shelf.beforeWrite = () => {
      throw new Error('killed');
    };
    expect(await approve(both, tasks[0], first)).toMatchObject({ status: 'applying' });
    rig.shelf.beforeWrite = () => {};
    rig.world.now = new Date(rig.world.now.getTime() + 950_000);
    await tasks[1].resume(false);
    expect(rig.shelf.writes).toEqual([]);
    rig.world.now = new Date(rig.world.now.getTime() + 11_000);
    await tasks[1].resume(false);
    expect(rig.shelf.writes).toEqual(['a']);
  });
});

describe('an answer that got lost', () => {
  it('does not make a change failed that was made', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    rig.shelf.broken.add('a');
    rig.shelf.whileWriting = async () => {
      rig.shelf.colours.set('a', 'blue');
    };
    const done = await approve(both, tasks[0], await ask(both, 'blue', ['a', 'b']));
    expect(done).toMatchObject({ status: 'applied', result: { applied: 2 } });
    const revert = await tasks[0].revert({ operationId: done.operationId }, rig.context(ana));
    expect(revert.plan.changes).toHaveLength(2);
  });
});

describe('a process that dies', () => {
  /** A task whose audit log takes no record of this kind any more, and the writes beside it neither. */
  const dying = (rig: Rig, action: string, result: string) => {
    const { audit } = rig.parts;
    const appendWith: typeof audit.appendWith = (event, together) =>
      event.action === action && event.result === result
        ? Promise.reject(new Error('killed'))
        : audit.appendWith(event, together);
    const append: typeof audit.append = (event) =>
      event.action === action && event.result === result ? Promise.reject(new Error('killed')) : audit.append(event);
    return createPipeline({ ...rig.parts, audit: { ...audit, append, appendWith } });
  };

  it('between the last write and its outcome loses neither: one outcome, by whoever goes on', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a']);
    expect(await approve(both, dying(rig, 'write', 'success'), first)).toMatchObject({ status: 'applying' });
    expect((await tasks[1].seenBy(everyone).get(first))?.result).toBeUndefined();
    rig.world.now = new Date(rig.world.now.getTime() + 361_000);
    await Promise.all([tasks[0].resume(false), tasks[1].resume(false)]);
    expect(await tasks[1].seenBy(everyone).get(first)).toMatchObject({ status: 'applied', result: { applied: 1 } });
    expect(rig.shelf.writes).toEqual(['a']);
    expect(outcomes(rig).filter((result) => result !== 'started')).toEqual(['success']);
  });

  it.each([
    ['a plan', 'plan', 'success'],
    ['an intent', 'write', 'started'],
    ['an expiry', 'expire', 'success'],
  ])('before the record of %s has not done it either', async (_what, action, result) => {
    const both = await inMemory();
    const { rig } = both;
    const task = dying(rig, action, result);
    const first = await ask(both, 'blue', ['a'], task).catch(() => undefined);
    expect(first === undefined).toBe(action === 'plan');
    expect((await rig.parts.store.recent({})).items).toHaveLength(first === undefined ? 0 : 1);
    if (first === undefined) return;
    if (action === 'expire') {
      rig.world.now = new Date(rig.world.now.getTime() + 73 * 3_600_000);
      await task.resume(false);
      expect(await task.seenBy(everyone).get(first)).toMatchObject({ status: 'awaiting-countersign' });
    } else {
      expect(await approve(both, task, first)).toMatchObject({ status: 'approved' });
      expect(rig.shelf.writes).toEqual([]);
    }
  });
});

describe('a revert of a revert', () => {
  it('applies the first operation again, which can be reverted again, and so on', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a', 'b']);
    await approve(both, tasks[0], first);
    const undo = async (operationId: string) => {
      const { operationId: revert } = await tasks[0].revert({ operationId }, rig.context(ana));
      expect(await approve(both, tasks[1], revert)).toMatchObject({ status: 'applied' });
      return revert;
    };
    const statusOf = async (operationId: string) => (await tasks[0].seenBy(everyone).get(operationId))?.status;
    const second = await undo(first);
    expect(await tasks[0].seenBy(everyone).get(first)).toMatchObject({ status: 'reverted', revertedBy: second });
    const third = await undo(second);
    expect([await statusOf(first), await statusOf(second)]).toEqual(['applied', 'reverted']);
    expect((await tasks[0].seenBy(everyone).get(first))?.revertedBy).toBeUndefined();
    expect(rig.shelf.colours.get('a')).toBe('blue');
    const fourth = await undo(third);
    expect(await Promise.all([first, second, third, fourth].map(statusOf))).toEqual([
      'reverted',
      'applied',
      'reverted',
      'applied',
    ]);
    await undo(fourth);
    const again = await undo(first);
    expect(await tasks[0].seenBy(everyone).get(first)).toMatchObject({ status: 'reverted', revertedBy: again });
    expect(rig.shelf.colours.get('a')).toBe('red');
  });

  it('gives one that was applied in part back as that', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    rig.shelf.broken.add('a');
    const first = await ask(both, 'blue', ['a', 'b']);
    await approve(both, tasks[0], first);
    for (let each = first, round = 0; round < 2; round += 1) {
      const { operationId } = await tasks[0].revert({ operationId: each }, rig.context(ana));
      await approve(both, tasks[1], operationId);
      each = operationId;
    }
    expect(await tasks[0].seenBy(everyone).get(first)).toMatchObject({ status: 'partially-applied' });
  });
});

describe('a process that was frozen', () => {
  it('writes nothing more once its lease is over by the clock on the wall', async () => {
    const both = await inMemory();
    const { rig, tasks } = both;
    const first = await ask(both, 'blue', ['a']);
    const aborted = Promise.withResolvers<void>();
    const { apply } = rig.steps;
    Object.assign(rig.steps, {
      apply: async (...[changes, context]: Parameters<typeof apply>) => {
        // Its timers know nothing of the time it stood still.
        rig.world.now = new Date(rig.world.now.getTime() + 361_000);
        context.signal.addEventListener('abort', () => aborted.resolve());
        await aborted.promise;
        context.signal.throwIfAborted();
        return apply(changes, context);
      },
    });
    expect(await approve(both, tasks[0], first)).toMatchObject({ status: 'applying' });
    expect(rig.shelf.writes).toEqual([]);
    Object.assign(rig.steps, { apply });
    await tasks[1].resume(false);
    expect(await tasks[1].seenBy(everyone).get(first)).toMatchObject({ status: 'applied' });
    expect(rig.shelf.writes).toEqual(['a']);
  });
});

describe('a record that has no room for its result', () => {
  it('is kept shorter: what was written upstream is told, and can be undone', async () => {
    const both = await inMemory();
    const { rig, tasks, tables } = both;
    const first = await ask(both, 'blue', ['a', 'b']);
    const { transact } = tables[0];
    Object.assign(tables[0], {
      transact: async (...[writes]: Parameters<typeof transact>) => {
        const full = writes.some(
          (write) => write.table === 'operations' && JSON.stringify(write).includes('"outcomes":[{'),
        );
        if (full) throw new CountersignError('too_large', 'operations: the record is larger than DynamoDB keeps.');
        return transact(writes);
      },
    });
    const done = await approve(both, tasks[0], first);
    expect(done).toMatchObject({ status: 'applied', result: { applied: 2, outcomes: [] } });
    const revert = await tasks[0].revert({ operationId: first }, rig.context(ana));
    expect(revert.plan.changes).toHaveLength(2);
    expect(outcomes(rig)).toEqual(['started', 'success']);
  });
});
