/**
 * Tells groups of alerts. The message is written into the group's object before it is handed over, and taken out afterwards: a task
 * that dies in between leaves it to the next, and of two tasks at once one writes. The key of a message is of its group and number, so
 * it is told once.
 */
import { z } from 'zod';
import { canonicalJson } from '../../../canonical.ts';
import { isUnresolved } from '../model/alert.ts';
import { type Silence, silenceEnd, silenceState } from '../model/silence.ts';
import { matchedBy } from '../silences/silencing.ts';
import { createDocuments, type Documents } from '../store/documents.ts';
import type { StoredObject } from '../store/json-object.ts';
import { deliver, receiverNamed } from './delivery.ts';
import { type GroupMessage, type GroupNow, GroupState, newGroup, type Stepped, stepGroup } from './group.ts';
import type { Scene } from './scene.ts';
import type { TellPack } from './tell-pack.ts';
import { groupNotice } from './wording.ts';

const Timing = z.object({ groupWait: z.number(), groupInterval: z.number(), repeatInterval: z.number() });

const Fact = z.object({ label: z.string(), value: z.string() });
const Saying = z.object({
  key: z.string(),
  headline: z.string(),
  about: z.string(),
  facts: z.array(Fact),
  link: z.object({ label: z.string(), path: z.string() }),
  urgent: z.boolean(),
});

const KeptGroup = GroupState.extend({
  timing: Timing,
  /** Is handed over, and may have been already. */
  saying: Saying.nullable(),
});
type KeptGroup = z.output<typeof KeptGroup>;

/** An object of a group in which nothing is left goes after this long. */
const FORGOTTEN_MS = 600_000;
/** A silence that ended so lately explains why an old alert is told. */
const LATELY_MS = 3_600_000;

/** Nothing of it was left, so its next alert begins a new group. */
const isSpent = ({ told, due_at, first_at, saying }: KeptGroup): boolean =>
  Object.keys(told).length === 0 && due_at === null && first_at !== null && saying === null;

const nowOf = (kept: GroupState, { groups, byId, silencing }: Scene, tellsEnd: boolean): GroupNow => ({
  members: (groups.get(kept.group_id)?.alerts ?? []).map((alert) => ({
    alertId: alert.alert_id,
    occurrence: alert.occurrence_count,
    severity: alert.severity,
    acknowledged: alert.status === 'acknowledged',
  })),
  over: Object.keys(kept.told).filter((id) => {
    const alert = byId.get(id);
    return tellsEnd && alert !== undefined && !isUnresolved(alert) && silencing.of(alert).length === 0;
  }),
});

const endedLately = ({ silences, now }: Scene): readonly Silence[] =>
  silences.filter(
    (silence) =>
      silenceState(silence, now) === 'expired' && now.getTime() - Date.parse(silenceEnd(silence)) < LATELY_MS,
  );

const sayingOf = (state: GroupState, message: GroupMessage, scene: Scene) => {
  const known = (ids: readonly string[]) => ids.flatMap((id) => scene.byId.get(id) ?? []);
  const fresh = known(message.fresh);
  return Saying.parse(
    groupNotice(state, message, {
      fresh,
      over: known(message.over),
      open: scene.groups.get(state.group_id)?.alerts ?? [],
      unsilenced: endedLately(scene).filter((silence) => matchedBy(silence, fresh).length > 0),
    }),
  );
};

export interface GroupDesk {
  /** Looks at every group. Returns when the next is due, as far as it is known. */
  look(scene: Scene): Promise<number | undefined>;
}

export const createGroupDesk = (pack: TellPack): GroupDesk => {
  const documents: Documents<KeptGroup> = createDocuments(pack, 'alerts/groups/', KeptGroup, { unreadable: 'aside' });

  /** Hands over what was written down to be said, and takes it out. */
  const say = async (id: string): Promise<void> => {
    const found = await documents.get(id);
    if (found?.value.saying == null) return;
    const { saying, receiver } = found.value;
    await deliver(pack, receiverNamed(pack, receiver), saying);
    await documents.put(id, { ...found.value, saying: null }, found.etag);
  };

  const begun = (id: string, scene: Scene): KeptGroup | undefined => {
    const current = scene.groups.get(id);
    if (current === undefined) return undefined;
    const { key, route } = current.group;
    const { groupWait, groupInterval, repeatInterval } = route;
    const state = newGroup({ group_id: id, group_key: key, receiver: route.receiver }, scene.now);
    return { ...state, timing: { groupWait, groupInterval, repeatInterval }, saying: null };
  };

  const stepped = (
    kept: KeptGroup | undefined,
    id: string,
    scene: Scene,
  ): { from: KeptGroup; to: Stepped } | undefined => {
    const fresh = begun(id, scene);
    const from =
      kept === undefined || (isSpent(kept) && fresh !== undefined)
        ? fresh
        : { ...kept, timing: fresh?.timing ?? kept.timing };
    if (from === undefined) return undefined;
    const tellsEnd = pack.receivers.receiver(from.receiver)?.send_resolved ?? true;
    return { from, to: stepGroup(from, nowOf(from, scene, tellsEnd), from.timing, scene.now) };
  };

  const sweep = async (id: string, kept: KeptGroup, { now }: Scene): Promise<void> => {
    const last = Date.parse(kept.told_at ?? kept.created_at);
    if (now.getTime() - last >= FORGOTTEN_MS) await documents.remove(id);
  };

  /** A look at it as it was listed changes nothing, so it need not be read. */
  const isQuiet = (known: KeptGroup, id: string, scene: Scene): boolean => {
    if (known.saying !== null) return false;
    const to = stepped(known, id, scene)?.to;
    if (to?.state === undefined || to.message !== undefined) return false;
    return canonicalJson({ ...known, ...to.state }) === canonicalJson(known);
  };

  /** Nothing of it is told, and nothing is to be told: it waits there for a while, so that its number is not used twice. */
  const rest = async (
    id: string,
    found: StoredObject<KeptGroup> | undefined,
    from: KeptGroup,
    scene: Scene,
  ): Promise<void> => {
    if (found === undefined) return;
    if (isSpent(found.value)) return sweep(id, found.value, scene);
    const spent = { ...from, told: {}, due_at: null, first_at: from.first_at ?? from.created_at };
    await documents.put(id, spent, found.etag);
  };

  const lookAt = async (id: string, known: KeptGroup | undefined, scene: Scene): Promise<string | null> => {
    if (known !== undefined && isQuiet(known, id, scene)) return known.due_at;
    if (known !== undefined && known.saying !== null) await say(id);
    const found = await documents.get(id);
    const next = stepped(found?.value, id, scene);
    if (next === undefined) return null;
    const { from, to } = next;
    if (to.state === undefined) {
      await rest(id, found, from, scene);
      return null;
    }
    const saying = to.message === undefined ? null : sayingOf(from, to.message, scene);
    const isWritten = await documents.put(id, { ...from, ...to.state, saying }, found?.etag);
    if (isWritten && saying !== null) await say(id);
    return to.state.due_at;
  };

  return {
    look: async (scene) => {
      const kept = new Map(await documents.all());
      let next = Number.POSITIVE_INFINITY;
      for (const id of new Set([...kept.keys(), ...scene.groups.keys()])) {
        const due = await lookAt(id, kept.get(id), scene);
        if (due !== null) next = Math.min(next, Date.parse(due));
      }
      return Number.isFinite(next) ? next : undefined;
    },
  };
};
