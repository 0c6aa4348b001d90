import { setImmediate as turn } from 'node:timers/promises';
import { ana, ben, openRig, type Rig } from '../../test/rigs/pipeline.ts';

const through = (clientId: string) => ({ ...ana, clientId });
let asked = 0;
const ask = (rig: Rig, caller = ana, pipeline = rig.pipeline) => {
  asked += 1;
  return pipeline.submit(rig.steps, { input: { colour: `c-${asked}`, things: ['a'] } }, rig.context(caller));
};
const refused = (setting: string) =>
  expect.objectContaining({ code: 'budget_exhausted', message: expect.stringContaining(setting) });
const waitingIn = async (rig: Rig) =>
  (await rig.parts.store.recent({ statuses: ['awaiting-countersign'], limit: 100 })).items;

describe('what one person may have waiting', () => {
  it('ends at a limit for each client and at one for all of them; the message names it and the remedy', async () => {
    const rig = openRig({ waitingPerClient: 3, waitingPerPerson: 5 });
    for (let count = 0; count < 3; count += 1) await ask(rig, through('one'));
    await expect(ask(rig, through('one'))).rejects.toEqual(refused('WAITING_PER_CLIENT'));
    await expect(ask(rig, through('one'))).rejects.toThrow(/approved or denied, withdraw/);
    for (let count = 0; count < 2; count += 1) await ask(rig, through('two'));
    await expect(ask(rig, through('two'))).rejects.toEqual(refused('WAITING_PER_PERSON'));
    expect(await waitingIn(rig)).toHaveLength(5);
    // Another person has places of their own.
    await ask(rig, { ...ana, personId: 'max', email: 'max@example.com' });
  });

  it('holds when all are asked for at once, also by two tasks', async () => {
    const rig = openRig({ waitingPerClient: 10 });
    const other = rig.another('task-2');
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, (_, place) => ask(rig, ana, place % 2 ? other : rig.pipeline)),
    );
    const taken = answers.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(10);
    expect(await waitingIn(rig)).toHaveLength(taken);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toEqual(refused('WAITING_PER_CLIENT'));
  });

  it('gives a place back with every answer, and with time', async () => {
    const rig = openRig({ waitingPerClient: 1 });
    const answer = async (decision: 'approve' | 'deny' | 'withdraw') => {
      const { operationId, approvalHash } = await ask(rig);
      await expect(ask(rig)).rejects.toEqual(refused('WAITING_PER_CLIENT'));
      const by = decision === 'withdraw' ? ana : ben;
      const input = { operationId, approvalHash, decision, comment: 'no' } as const;
      await rig.pipeline.outcome(await rig.pipeline.decide(input, by, rig.context(by)));
    };
    for (const decision of ['approve', 'deny', 'withdraw'] as const) await answer(decision);
    await ask(rig);
    rig.world.now = new Date(rig.world.now.getTime() + 72 * 3_600_000 + 1000);
    await ask(rig);
  });

  it('counts what is planned anew, and no repetition with the same key', async () => {
    const rig = openRig({ waitingPerClient: 2 });
    const first = await ask(rig);
    rig.shelf.colours.set('a', 'yellow');
    const { operationId, approvalHash } = first;
    const input = { operationId, approvalHash, decision: 'approve' } as const;
    const again = await rig.pipeline.outcome(await rig.pipeline.decide(input, ben, rig.context(ben)));
    expect(again.status).toBe('awaiting-countersign');
    const keyed = { input: { colour: 'blue', things: ['b'] }, idempotencyKey: 'a key of mine' };
    const repeated = [1, 2, 3].map(() => rig.pipeline.submit(rig.steps, keyed, rig.context(ana)));
    expect(new Set((await Promise.all(repeated)).map((each) => each.operationId)).size).toBe(1);
    await expect(ask(rig)).rejects.toEqual(refused('WAITING_PER_CLIENT'));
  });

  it('is asked before anything is read upstream', async () => {
    const rig = openRig({ waitingPerClient: 1 });
    await ask(rig);
    const plan = () => Promise.reject(new Error('planned'));
    const submission = { input: { colour: 'blue', things: ['a'] } };
    const answer = rig.pipeline.submit({ ...rig.steps, plan }, submission, rig.context(ana));
    await expect(answer).rejects.toEqual(refused('WAITING_PER_CLIENT'));
  });
});

describe('upkeep over many that wait', () => {
  const fill = async (count: number) => {
    const rig = openRig({ waitingPerClient: 10_000, waitingPerPerson: 10_000 });
    for (let place = 0; place < count; place += 1) await ask(rig);
    const reads: number[] = [];
    const query = rig.tables.query.bind(rig.tables);
    rig.tables.query = async (table, asked) => {
      const page = await query(table, asked);
      if (table === 'operations') reads.push(page.items.length);
      return page;
    };
    return { rig, rows: () => reads.splice(0).reduce((sum, rows) => sum + rows, 0), reads };
  };

  it('reads none of those whose time is not over', async () => {
    const { rig, rows } = await fill(50);
    await rig.pipeline.resume(false);
    expect(rows()).toBe(0);
  });

  it('reads small pages, lets others run between two of them, and ends after a bounded number', async () => {
    const { rig, rows, reads } = await fill(230);
    rig.world.now = new Date(rig.world.now.getTime() + 73 * 3_600_000);
    let turns = 0;
    let done = false;
    const others = (async () => {
      for (; !done; turns += 1) await turn();
    })();
    await rig.pipeline.resume(false);
    done = true;
    await others;
    expect(Math.max(...reads)).toBeLessThanOrEqual(10);
    expect(rows()).toBeLessThanOrEqual(200);
    expect(turns).toBeGreaterThan(150);
    await rig.pipeline.resume(false);
    expect(await waitingIn(rig)).toHaveLength(0);
  });

  it('comes by those that are skipped, so that nobody starves behind them', async () => {
    const { rig } = await fill(205);
    // The first ones were given more time; what is behind them is over.
    const { items } = await rig.parts.store.page('awaiting-countersign', {
      limit: 202,
      cursor: undefined,
      to: undefined,
    });
    for (const operation of items) {
      const longer = { ...operation, expiresAt: '2100-01-01T00:00:00.000Z', version: operation.version + 1 };
      await rig.parts.store.replace(longer, operation.version);
    }
    rig.world.now = new Date(rig.world.now.getTime() + 73 * 3_600_000);
    await rig.pipeline.resume(false);
    await rig.pipeline.resume(false);
    const { items: over } = await rig.parts.store.recent({ statuses: ['expired'], limit: 100 });
    expect(over).toHaveLength(3);
  });
});
