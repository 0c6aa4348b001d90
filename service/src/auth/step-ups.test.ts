import { CountersignError } from '../errors.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { createStepUps } from './step-ups.ts';

let seconds: number;
let tables: ReturnType<typeof openMemoryTables>;
const now = () => new Date(seconds * 1000);
const task = () => createStepUps({ tables, now });
beforeEach(() => {
  seconds = 1_800_000_000;
  tables = openMemoryTables({ now });
});

const call = { grantId: 'g', tool: 'bulk_tag_resources', revision: '', scopes: new Set(['tag:read'] as const) };

describe('a call that was challenged', () => {
  it('is known again for a minute, on another task too, while its scopes are the same', async () => {
    const [one, another] = [task(), task()];
    expect(await one.askedBefore(call)).toBe(false);
    seconds += 59;
    expect(await another.askedBefore(call)).toBe(true);
    expect(await one.askedBefore(call)).toBe(true);
    seconds += 1;
    expect(await another.askedBefore(call)).toBe(false);
  });

  it.each([
    ['another tool', { tool: 'rollback_operation' }],
    ['another grant', { grantId: 'h' }],
    ['a client of another revision', { revision: '2026-07-28' }],
    ['more scopes', { scopes: new Set(['tag:read', 'tag:approve'] as const) }],
  ])('is not that of %s', async (_what, change) => {
    const stepUps = task();
    await stepUps.askedBefore(call);
    expect(await stepUps.askedBefore({ ...call, ...change })).toBe(false);
  });
});

describe('a challenge', () => {
  const who = { personId: 'ana', clientId: 'c', grantId: 'g' };

  it('has one refresh refused, by whichever task, and only one of two at once', async () => {
    await task().challenged(who);
    expect(await task().wasChallenged(who)).toBe(true);
    expect(await task().isDue({ ...who, grantId: 'h' })).toBe(false);
    expect((await Promise.all([task().isDue(who), task().isDue(who)])).toSorted()).toEqual([false, true]);
    expect(await task().isDue(who)).toBe(false);
  });

  it('has none refused once the person raised the scopes, at another task', async () => {
    await task().challenged(who);
    await task().settled(who);
    expect(await task().isDue(who)).toBe(false);
    expect(await task().wasChallenged(who)).toBe(true);
  });

  it('is given in a region that only reads, which keeps nothing', async () => {
    const put = () => Promise.reject(new CountersignError('not_home', 'eu-west-1 is the home.'));
    const stepUps = createStepUps({ tables: { ...tables, put }, now });
    await stepUps.challenged(who);
    expect(await stepUps.askedBefore(call)).toBe(false);
    expect(await stepUps.isDue(who)).toBe(false);
  });
});
