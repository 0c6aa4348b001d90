/** A token that is over before the work is: who goes on with it, with which token, and how they learn that they have to. */

import type { Person } from '../../src/auth/caller.ts';
import { startWorld, type World } from '../rigs/letters/world.ts';

let world: World;
let ana: Person;
let ben: Person;
let max: Person;
beforeAll(async () => {
  world = await startWorld('header', { tasks: 2 });
  ana = world.person('ana', 'letters:analyst' as never);
  ben = world.person('ben', 'letters:approver' as never);
  max = world.person('max', 'letters:admin' as never);
});
afterEach(() => {
  world.ahead = 0;
});
afterAll(() => world.stop());

const MINUTE = 60_000;
const fresh = (account = 'ana@post') => world.office.tokenOf(account);
const agreed = async (to: string): Promise<string> => {
  const { result, text } = await world.call(ana, 'send_letter', { to, text: `Dear ${to}` }, fresh());
  if (result === undefined) throw new Error(text);
  const id = String(result.operation_id);
  await world.approve(ben, id);
  return id;
};
const confirm = (who: Person, operation_id: string, token?: string, task?: number) =>
  world.call(who, 'confirm_operation', { operation_id }, token, task);
const get = async (operation_id: string, who = ana) =>
  (await world.call(who, 'get_operation', { operation_id })).result ?? {};
const wait = async (operation_id: string, who = ana) =>
  (await world.call(who, 'wait_for_operation', { operation_id, seconds: 1 })).result ?? {};
const page = async (operation_id: string) => {
  const { body } = await (await world.signIn(ana)).get(`/operations/${operation_id}`);
  return body.replace(/<[^>]*>/g, '');
};
const puts = (to: string) => world.office.calls.filter(({ what }) => what === `PUT /v1/letters/${to}`);
const upkeep = async () => {
  for (const { pipeline } of world.tasks) await pipeline.resume(false);
};

describe('what was agreed to and waits for its requester', () => {
  it('is shown so to whoever asks, in each way of asking, and to nobody any more once it is done', async () => {
    const id = await agreed('amy');
    for (const who of [ana, ben]) {
      expect(await get(id, who)).toMatchObject({ status: 'approved', awaiting_requester: true });
      expect(await wait(id, who)).toMatchObject({ outcome: 'awaiting_requester', decided: true });
    }
    expect(await page(id)).toContain('It was agreed to and waits for ana until');
    await confirm(ana, id, fresh());
    expect(await get(id)).toMatchObject({ status: 'applied' });
    expect(await get(id)).not.toHaveProperty('awaiting_requester');
    expect(await wait(id)).toMatchObject({ outcome: 'executed' });
    expect(await page(id)).not.toContain('waits for ana');
  });

  it('is refused aloud where the token ended between plan and confirmation, and is carried out with the next one', async () => {
    const id = await agreed('bea');
    const old = fresh();
    world.office.expireAccess();
    world.ahead = 61 * MINUTE;
    const { error, text } = await confirm(ana, id, old);
    expect(error).toMatchObject({
      code: 'credentials_required',
      message: expect.stringMatching(/has expired.*It stays agreed to until \S+Z: call confirm_operation again\./),
      details: { provider: 'office', header: 'x-letters-token', operation_id: id, status: 'approved' },
    });
    expect(text).not.toContain(old);
    const rest = await world.rest(ana, '/mcp/confirm-operation', { operation_id: id }, old);
    expect([rest.status, rest.error?.code]).toEqual([403, 'credentials_required']);
    expect(await get(id)).toMatchObject({ status: 'approved', awaiting_requester: true });
    expect(world.office.letters.has('bea')).toBe(false);
    expect((await confirm(ana, id, fresh())).result).toMatchObject({ status: 'applied' });
    expect(puts('bea')).toHaveLength(1);
  });
});

describe('an apply that stopped in the middle', () => {
  /** Written, and not read back, because the token ended between the two. */
  const interrupted = async (to: string): Promise<string> => {
    const id = await agreed(to);
    world.office.faults.lastCall = 'PUT';
    const { error } = await confirm(ana, id, fresh());
    expect(error).toMatchObject({
      code: 'credentials_required',
      message: expect.stringMatching(/interrupted while it was applied.*again after \S+Z\./),
      details: { operation_id: id, status: 'applying' },
    });
    return id;
  };

  it('is gone on with by its requester alone, at any task and with a new token, and writes nothing twice', async () => {
    const id = await interrupted('cleo');
    // Until then its task may be at it still.
    expect((await confirm(ana, id, fresh(), 1)).error?.code).toBe('conflict');
    expect(await get(id)).not.toHaveProperty('awaiting_requester');

    world.ahead = 30 * MINUTE;
    await upkeep();
    expect(await get(id)).toMatchObject({ status: 'applying', awaiting_requester: true });
    expect(await wait(id)).toMatchObject({ outcome: 'awaiting_requester' });
    expect(await page(id)).toContain('waits for ana');
    expect((await confirm(max, id, fresh('max@post'), 1)).error?.code).toBe('access_denied');
    expect((await confirm(ana, id, undefined, 1)).error?.code).toBe('credentials_required');
    const { result } = await confirm(ana, id, fresh(), 1);
    expect(result).toMatchObject({ status: 'applied', result: { applied: 1, failed: 0, skipped: 0 } });
    expect(puts('cleo')).toEqual([{ what: 'PUT /v1/letters/cleo', by: 'ana@post' }]);
  });

  it('ends as failed where its requester stays away, and says that nobody knows what was written', async () => {
    const id = await interrupted('dora');
    world.ahead = 73 * 60 * MINUTE;
    await upkeep();
    expect(await get(id)).toMatchObject({
      status: 'failed',
      note: expect.stringContaining('did not come back in time'),
    });
    expect((await confirm(ana, id, fresh())).error?.code).toBe('already_decided');
    expect(puts('dora')).toHaveLength(1);
  });
});

describe('a change whose state moved after it was agreed to', () => {
  it('is planned anew with the requester’s token, and has to be agreed to again', async () => {
    const id = await agreed('eve');
    world.office.letters.set('eve', { text: 'Somebody else', by: 'eve@post' });
    expect((await confirm(ana, id, fresh())).result).toMatchObject({
      ...{ status: 'awaiting-countersign', approvals: [] },
      changes: [{ before: { text: 'Somebody else' }, after: { text: 'Dear eve' } }],
    });
    await world.approve(ben, id);
    expect((await confirm(ana, id, fresh())).result).toMatchObject({ status: 'applied' });
    expect(puts('eve')).toHaveLength(1);
  });

  it('waits in between where the token ends then, for its requester and not for upkeep', async () => {
    const id = await agreed('fay');
    world.office.letters.set('fay', { text: 'Somebody else', by: 'fay@post' });
    // The read that finds it moved.
    world.office.faults.lastCall = 'GET';
    expect((await confirm(ana, id, fresh())).error).toMatchObject({
      code: 'credentials_required',
      message: expect.stringContaining('has to be planned anew'),
      details: { operation_id: id, status: 'planned' },
    });
    world.ahead = 2 * MINUTE;
    await upkeep();
    expect(await get(id)).toMatchObject({ status: 'planned', approvals: [], awaiting_requester: true });
    expect(await wait(id)).toMatchObject({ outcome: 'awaiting_requester' });
    const before = world.office.calls.length;
    expect((await confirm(max, id, fresh('max@post'))).error?.code).toBe('access_denied');
    expect((await confirm(ana, id)).error?.code).toBe('credentials_required');
    expect(world.office.calls).toHaveLength(before);

    const { result } = await confirm(ana, id, fresh(), 1);
    expect(result).toMatchObject({ status: 'awaiting-countersign', changes: [{ before: { text: 'Somebody else' } }] });
    expect(puts('fay')).toEqual([]);
    expect(world.office.letters.get('fay')?.by).toBe('fay@post');
  });
});
