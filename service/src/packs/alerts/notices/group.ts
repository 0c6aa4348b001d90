/**
 * When a group of alerts is told, and with what. Pure. As at Alertmanager: a new group waits `group_wait`; after that it is looked at every
 * `group_interval`, and told where alerts are new, worse or over, or where `repeat_interval` has passed. Unlike there, an alert whose
 * silence ended is new again, and an acknowledged one is not repeated.
 */
import { z } from 'zod';
import type { Route } from '../routing/routing.ts';

const Time = z.iso.datetime();

/** How an alert was when it was told last. */
const Mark = z.object({ occurrence: z.int(), severity: z.int() });
type Mark = z.output<typeof Mark>;

/** What is kept of a group: an object each. */
export const GroupState = z.object({
  group_id: z.string(),
  group_key: z.string(),
  receiver: z.string(),
  created_at: Time,
  /** When it was first told: from then on it is looked at in steps of its interval. Null: it waits for that. */
  first_at: Time.nullable(),
  /** When it is to be told next, as far as it is known. Null: there is nothing to tell. */
  due_at: Time.nullable(),
  told_at: Time.nullable(),
  /** How often it was told. */
  told_count: z.int(),
  /** By alert. */
  told: z.record(z.string(), Mark),
});
export type GroupState = z.output<typeof GroupState>;

/** An alert that belongs to a group now, is open and not silenced. */
export interface Member {
  readonly alertId: string;
  readonly occurrence: number;
  readonly severity: number;
  readonly acknowledged: boolean;
}

export interface GroupNow {
  readonly members: readonly Member[];
  /** Of the alerts that were told, those that are over and not silenced. */
  readonly over: readonly string[];
}

export type Timing = Pick<Route, 'groupWait' | 'groupInterval' | 'repeatInterval'>;

/** What is to be told now. */
export interface GroupMessage {
  readonly why: 'first' | 'changed' | 'repeated';
  /** Began, began again or got worse since the last message. */
  readonly fresh: readonly string[];
  readonly over: readonly string[];
}

export interface Stepped {
  /** Undefined: nothing of it is told, and nothing is to be told. */
  readonly state: GroupState | undefined;
  readonly message?: GroupMessage;
}

const ms = (time: string): number => Date.parse(time);
const iso = (at: number): string => new Date(at).toISOString();

const isFresh = ({ occurrence, severity, acknowledged }: Member, mark: Mark | undefined): boolean =>
  !acknowledged && (mark === undefined || occurrence > mark.occurrence || severity > mark.severity);

/** The first look at the group at or after a time, and after the last message. */
const lookFrom = ({ created_at, first_at, told_at }: GroupState, { groupWait, groupInterval }: Timing, at: number) => {
  if (first_at === null) return ms(created_at) + groupWait;
  const after = Math.max(at, told_at === null ? 0 : ms(told_at) + 1);
  return ms(first_at) + Math.ceil((after - ms(first_at)) / groupInterval) * groupInterval;
};

const dueOf = (
  state: GroupState,
  message: GroupMessage | undefined,
  timing: Timing,
  now: number,
): number | undefined => {
  if (message === undefined) return undefined;
  if (message.why === 'repeated')
    return lookFrom(state, timing, ms(state.told_at ?? state.created_at) + timing.repeatInterval);
  const look = lookFrom(state, timing, now);
  return state.due_at === null ? look : Math.min(look, ms(state.due_at));
};

const messageOf = (state: GroupState, { members, over }: GroupNow): GroupMessage | undefined => {
  const fresh = members.filter((member) => isFresh(member, state.told[member.alertId])).map(({ alertId }) => alertId);
  if (fresh.length > 0 || over.length > 0) return { why: state.told_count === 0 ? 'first' : 'changed', fresh, over };
  return members.some(({ acknowledged }) => !acknowledged) ? { why: 'repeated', fresh, over } : undefined;
};

/** Forgets alerts that left the group, or are silenced: they are new again when they come back. */
const without = (state: GroupState, { members, over }: GroupNow): GroupState => {
  const kept = new Set([...members.map(({ alertId }) => alertId), ...over]);
  return { ...state, told: Object.fromEntries(Object.entries(state.told).filter(([id]) => kept.has(id))) };
};

const afterMessage = (state: GroupState, { members }: GroupNow, due: number, now: number): GroupState => ({
  ...state,
  first_at: state.first_at ?? iso(due),
  due_at: null,
  told_at: iso(now),
  told_count: state.told_count + 1,
  told: Object.fromEntries(members.map(({ alertId, occurrence, severity }) => [alertId, { occurrence, severity }])),
});

/** @param kept as it was; of a new group, what `newGroup` makes */
export const stepGroup = (kept: GroupState, group: GroupNow, timing: Timing, now: Date): Stepped => {
  const at = now.getTime();
  const state = without(kept, group);
  const message = messageOf(state, group);
  const due = dueOf(state, message, timing, at);
  if (message !== undefined && due !== undefined && due <= at) {
    const told = afterMessage(state, group, due, at);
    return { state: stepGroup(told, { ...group, over: [] }, timing, now).state ?? told, message };
  }
  if (group.members.length === 0 && group.over.length === 0) return { state: undefined };
  return { state: { ...state, due_at: due === undefined ? null : iso(due) } };
};

export const newGroup = (group: Pick<GroupState, 'group_id' | 'group_key' | 'receiver'>, now: Date): GroupState => ({
  ...group,
  created_at: now.toISOString(),
  first_at: null,
  due_at: null,
  told_at: null,
  told_count: 0,
  told: {},
});
