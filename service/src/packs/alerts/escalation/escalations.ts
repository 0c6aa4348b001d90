/**
 * Tells the next where nobody answers. Each alert that fires has one object a policy with how far it is; it goes when the alert is
 * acknowledged, over or silenced, and a new one begins when it fires again. A call has a key of its place, so it is told once.
 */
import { z } from 'zod';
import type { EscalationPolicy } from '../../../../../contracts/packs/alerts/telling.ts';
import type { Alert } from '../model/alert.ts';
import { deliver, receiverNamed } from '../notices/delivery.ts';
import type { RoutedAlert, Scene } from '../notices/scene.ts';
import type { TellPack } from '../notices/tell-pack.ts';
import { escalationNotice } from '../notices/wording.ts';
import { createDocuments, type Documents } from '../store/documents.ts';
import { type Call, timelineOf } from './timeline.ts';

const KeptEscalation = z.object({
  alert_id: z.string(),
  occurrence: z.int(),
  policy: z.string(),
  /** Step that came at once. */
  from: z.int(),
  started_at: z.iso.datetime(),
  /** Calls of the timeline that were told. */
  done: z.int(),
});
type KeptEscalation = z.output<typeof KeptEscalation>;

const idOf = (alertId: string, policy: string): string => `${alertId}.${policy}`;

/** After a time in which nobody told anything, only the last call of each step is told. */
const lastOfEach = (calls: readonly Call[]): readonly Call[] =>
  calls.filter((call, place) => !calls.slice(place + 1).some(({ step }) => step === call.step));

export interface Escalations {
  /** Tells what is due. Returns when the next call is. */
  look(scene: Scene): Promise<number | undefined>;
  /** The policies of the receivers that an alert reaches. */
  policiesOf(routed: RoutedAlert): readonly EscalationPolicy[];
  /** Names of the receivers that a step tells. */
  targetsOf(policy: EscalationPolicy, step: number): readonly string[];
  /**
   * Goes on to a step at once, because a person says so; the later steps follow in their time.
   * @returns names of the receivers that are told
   */
  jump(alert: Alert, policy: EscalationPolicy, step: number, reason: string): Promise<readonly string[]>;
}

export const createEscalations = (pack: TellPack): Escalations => {
  const documents: Documents<KeptEscalation> = createDocuments(pack, 'alerts/escalations/', KeptEscalation, {
    unreadable: 'aside',
  });

  const policiesOf: Escalations['policiesOf'] = ({ routes }) => [
    ...new Map(
      routes.flatMap(({ receiver }) => pack.receivers.policyOf(receiver) ?? []).map((policy) => [policy.name, policy]),
    ).values(),
  ];

  const call = async (alert: Alert, kept: KeptEscalation, { step, round, targets }: Call, reason?: string) => {
    const key = `escalation/${kept.alert_id}/${kept.started_at}/${kept.policy}/${round}/${step}`;
    const notice = escalationNotice(alert, {
      key,
      policy: kept.policy,
      step,
      round,
      ...(reason !== undefined && { reason }),
    });
    for (const name of targets) await deliver(pack, receiverNamed(pack, name), notice);
    await pack.states.change(alert.alert_id, (now) =>
      now.escalation_level < step ? { ...now, escalation_level: step } : undefined,
    );
  };

  /** Undefined: another task begins it. */
  const begin = async (alert: Alert, policy: string, now: Date) => {
    const fresh: KeptEscalation = {
      ...{ alert_id: alert.alert_id, occurrence: alert.occurrence_count, policy, from: 1, done: 0 },
      started_at: now.toISOString(),
    };
    const id = idOf(alert.alert_id, policy);
    const found = await documents.get(id);
    if (found !== undefined && found.value.occurrence === alert.occurrence_count) return found;
    return (await documents.put(id, fresh, found?.etag)) ? documents.get(id) : undefined;
  };

  const advance = async (alert: Alert, policy: EscalationPolicy, known: KeptEscalation | undefined, now: Date) => {
    const started = known?.occurrence === alert.occurrence_count ? known : undefined;
    const { calls } = timelineOf(policy, started?.from ?? 1);
    const dueOf = (kept: KeptEscalation, { after }: Call) => Date.parse(kept.started_at) + after;
    const next = started === undefined ? undefined : calls[started.done];
    if (started !== undefined && (next === undefined || dueOf(started, next) > now.getTime()))
      return next && dueOf(started, next);
    const found = await begin(alert, policy.name, now);
    if (found === undefined) return now.getTime();
    const kept = found.value;
    const due = calls.slice(kept.done).filter((one) => dueOf(kept, one) <= now.getTime());
    for (const one of lastOfEach(due)) await call(alert, kept, one);
    const done = kept.done + due.length;
    if (due.length > 0) await documents.put(idOf(alert.alert_id, policy.name), { ...kept, done }, found.etag);
    const following = calls[done];
    return following && dueOf(kept, following);
  };

  return {
    policiesOf,
    targetsOf: (policy, step) => timelineOf(policy, step).calls[0]?.targets ?? [],
    look: async ({ heard, now }) => {
      const kept = new Map(await documents.all());
      const alive = new Set<string>();
      let next = Number.POSITIVE_INFINITY;
      for (const routed of heard) {
        if (routed.alert.status !== 'firing') continue;
        for (const policy of policiesOf(routed)) {
          const id = idOf(routed.alert.alert_id, policy.name);
          alive.add(id);
          next = Math.min(next, (await advance(routed.alert, policy, kept.get(id), now)) ?? Number.POSITIVE_INFINITY);
        }
      }
      for (const id of kept.keys()) if (!alive.has(id)) await documents.remove(id);
      return Number.isFinite(next) ? next : undefined;
    },
    jump: async (alert, policy, step, reason) => {
      const [first] = timelineOf(policy, step).calls;
      if (first === undefined) return [];
      const kept: KeptEscalation = {
        ...{ alert_id: alert.alert_id, occurrence: alert.occurrence_count, policy: policy.name, from: step, done: 1 },
        started_at: pack.now().toISOString(),
      };
      await call(alert, kept, first, reason);
      const id = idOf(alert.alert_id, policy.name);
      // Where it is acknowledged nobody else is told, so there is nothing to go on with.
      if (alert.status === 'firing') await documents.put(id, kept, (await documents.get(id))?.etag);
      return first.targets;
    },
  };
};
