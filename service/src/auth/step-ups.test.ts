import { openMemoryEphemeral } from '../stores/memory/ephemeral.ts';
import { createStepUps } from './step-ups.ts';

let seconds: number;
let ephemeral: ReturnType<typeof openMemoryEphemeral>;
beforeEach(() => {
  seconds = 1_800_000_000;
  ephemeral = openMemoryEphemeral({ now: () => new Date(seconds * 1000) });
});

const call = { grantId: 'g', tool: 'bulk_tag_resources', revision: '', scopes: new Set(['tag:read'] as const) };

describe('a call that was challenged', () => {
  it('is known again for a minute, on another task too, while its scopes are the same', async () => {
    const [one, another] = [createStepUps(ephemeral), createStepUps(ephemeral)];
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
    const stepUps = createStepUps(ephemeral);
    await stepUps.askedBefore(call);
    expect(await stepUps.askedBefore({ ...call, ...change })).toBe(false);
  });
});
