import { type GroupNow, type GroupState, type Member, newGroup, stepGroup } from './group.ts';

const timing = { groupWait: 30_000, groupInterval: 300_000, repeatInterval: 14_400_000 };
const at = (time: string) => new Date(`2026-05-01T${time}Z`);
const member = (alertId: string, more: Partial<Member> = {}): Member => ({
  ...{ alertId, occurrence: 1, severity: 3, acknowledged: false },
  ...more,
});
const of = (...members: readonly Member[]): GroupNow => ({ members, over: [] });
const nothing: GroupNow = { members: [], over: [] };

/** Looks at a group at these times, each with what it is then; says when it was told and with what. */
const follow = (...looks: readonly (readonly [string, GroupNow])[]) => {
  let state: GroupState | undefined;
  const told: string[] = [];
  for (const [time, group] of looks) {
    const before = state ?? newGroup({ group_id: 'g', group_key: 'k', receiver: 'noc' }, at(time));
    const next = stepGroup(before, group, timing, at(time));
    state = next.state;
    if (next.message !== undefined) {
      const { why, fresh, over } = next.message;
      told.push([time, why, ...fresh, ...over.map((id) => `-${id}`)].join(' '));
    }
  }
  return { told, due: state?.due_at?.slice(11, 19), kept: state !== undefined };
};

const [a, b] = [member('a'), member('b')];
const first = [
  ['10:00:00', of(a)],
  ['10:00:30', of(a)],
] as const;

describe('a group of alerts', () => {
  it('waits 30 seconds, in which others join, and is told once', () => {
    expect(follow(['10:00:00', of(a)], ['10:00:29', of(a, b)])).toMatchObject({ told: [], due: '10:00:30' });
    expect(follow(['10:00:00', of(a)], ['10:00:30', of(a, b)], ['10:00:31', of(a, b)])).toMatchObject({
      told: ['10:00:30 first a b'],
    });
  });

  it('is never told where all was over before', () => {
    expect(follow(['10:00:00', of(a)], ['10:00:30', nothing])).toEqual({ told: [], due: undefined, kept: false });
  });

  it('is told of what is new at the next step of five minutes, and never sooner', () => {
    expect(follow(...first, ['10:01:00', of(a, b)]).due).toBe('10:05:30');
    const { told } = follow(...first, ['10:01:00', of(a, b)], ['10:05:29', of(a, b)], ['10:05:31', of(a, b)]);
    expect(told.slice(1)).toEqual(['10:05:31 changed b']);
  });

  it('is repeated after four hours without news', () => {
    expect(follow(...first).due).toBe('14:00:30');
    const { told, due } = follow(...first, ['14:00:29', of(a)], ['14:00:30', of(a)], ['14:01:00', of(a)]);
    expect([told.slice(1), due]).toEqual([['14:00:30 repeated'], '18:00:30']);
  });

  it.each([
    ['gets worse', member('a', { severity: 5 }), ['10:05:30 changed a']],
    ['began again', member('a', { occurrence: 2 }), ['10:05:30 changed a']],
    ['gets better', member('a', { severity: 1 }), []],
    ['is acknowledged', member('a', { acknowledged: true, severity: 5 }), []],
  ])('is told of an alert that %s: %j', (_what, changed, expected) => {
    expect(follow(...first, ['10:03:00', of(changed)], ['10:05:30', of(changed)]).told.slice(1)).toEqual(expected);
  });

  it('does not repeat what is acknowledged', () => {
    const acknowledged = of(member('a', { acknowledged: true }));
    expect(follow(...first, ['14:00:30', acknowledged], ['20:00:00', acknowledged])).toMatchObject({
      ...{ told: ['10:00:30 first a'], due: undefined },
    });
  });

  it('is told of the end, and is then forgotten', () => {
    const over = { members: [], over: ['a'] };
    expect(follow(...first, ['10:02:00', over], ['10:05:30', over], ['10:05:31', nothing])).toEqual({
      ...{ told: ['10:00:30 first a', '10:05:30 changed -a'], due: undefined, kept: false },
    });
  });

  it('is told again of an alert whose silence ended, because it was left out meanwhile', () => {
    const { told } = follow(
      ...first,
      ['10:03:00', of(b)],
      ['10:05:30', of(b)],
      ['11:00:00', of(a, b)],
      ['11:00:30', of(a, b)],
    );
    expect(told.slice(1)).toEqual(['10:05:30 changed b', '11:00:30 changed a']);
  });
});
