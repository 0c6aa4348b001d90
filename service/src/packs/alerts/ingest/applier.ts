/**
 * Applies what waits in the inbox: batches in their order, the fingerprints of them side by side, one write each. Whatever dies
 * in between, the batch is still there, and what was applied already is remembered by each alert.
 */
import type { Metrics } from '../../../ports/metrics.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { alertIdOf, generationOf } from '../store/alert-keys.ts';
import type { Events } from '../store/events.ts';
import type { States } from '../store/states.ts';
import { type AppliedPost, type AppliedStep, applyDue, type DueBatch, eventIdOf, rememberedPosts } from './apply.ts';
import type { Batch } from './batch.ts';
import type { Inbox } from './inbox.ts';

/** Alerts, and files of events, that are written at once. */
const AT_ONCE = 32;

/** What became of each post of a batch, in their order. */
export type BatchOutcome = readonly AppliedPost[];

export interface Applier {
  /**
   * Applies all that waits, and what comes meanwhile.
   * @param finished told of each batch
   * @throws conflict where alerts are being changed by others: their batches wait, all others are applied
   */
  run(signal: AbortSignal, finished?: (batch: Batch, outcome: BatchOutcome) => void): Promise<void>;
  /** Applies one batch, which may be applied already. */
  apply(batch: Batch, signal: AbortSignal): Promise<BatchOutcome>;
}

export interface ApplierParts {
  readonly inbox: Inbox;
  readonly states: States;
  readonly events: Events;
  readonly metrics: Metrics;
  /** By which batches have their ids. */
  readonly clock: () => Date;
}

const ignored: AppliedPost = { outcome: 'ignored' };

/** The posts of several batches, by what they are about. */
export const dueByFingerprint = (batches: readonly Batch[]): ReadonlyMap<string, readonly DueBatch[]> => {
  const due = new Map<string, Map<string, { place: number; incoming: NonNullable<Batch['alerts'][number]> }[]>>();
  for (const { batch, alerts } of batches)
    alerts.forEach((incoming, place) => {
      if (incoming === null) return;
      const fingerprint = fingerprintOf(incoming);
      const batchesOf = due.get(fingerprint) ?? new Map();
      due.set(fingerprint, batchesOf);
      batchesOf.set(batch, [...(batchesOf.get(batch) ?? []), { place, incoming }]);
    });
  return new Map(
    [...due].map(([fingerprint, of]) => [fingerprint, [...of].map(([batch, posts]) => ({ batch, posts }))]),
  );
};

/** Does each, so many at once. @returns what failed */
const each = async <T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>) => {
  const failed = new Map<T, unknown>();
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (signal.aborted) failed.set(item, signal.reason);
      else await work(item).catch((error: unknown) => failed.set(item, error));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
};

export const createApplier = ({ inbox, states, events, metrics, clock }: ApplierParts): Applier => {
  /** Also what alerts before the newest took, where a task died between two of them. */
  const before = async (
    fingerprint: string,
    newest: string,
    due: readonly DueBatch[],
    posts: Map<string, AppliedPost>,
  ) => {
    for (let generation = generationOf(newest) - 1; generation >= 1; generation -= 1) {
      if (due.every(({ batch, posts: of }) => of.every(({ place }) => posts.has(eventIdOf(batch, place))))) return;
      const alert = await states.get(alertIdOf(fingerprint, generation));
      const remembered = alert === undefined ? new Map<string, AppliedPost>() : rememberedPosts(alert, due);
      if (remembered.size === 0) return;
      for (const [id, post] of remembered) posts.set(id, post);
    }
  };

  const applyFingerprint = async (fingerprint: string, due: readonly DueBatch[]): Promise<Map<string, AppliedPost>> => {
    const posts = new Map<string, AppliedPost>();
    let step: AppliedStep | undefined;
    do {
      const alert = await states.changeCurrent(fingerprint, (current, newId) => {
        step = applyDue(current, newId, due, clock());
        return step.alert;
      });
      for (const [id, post] of step?.posts ?? []) posts.set(id, post);
      if (alert !== undefined && step?.complete) await before(fingerprint, alert.alert_id, due, posts);
    } while (step?.complete === false);
    return posts;
  };

  const finish = async (batch: Batch, posts: ReadonlyMap<string, AppliedPost>): Promise<BatchOutcome> => {
    const outcome = batch.alerts.map((_, place) => posts.get(eventIdOf(batch.batch, place)) ?? ignored);
    await events.write(
      batch.batch,
      outcome.flatMap(({ event }) => event ?? []),
    );
    await inbox.remove(batch.batch);
    for (const [name, { length }] of Map.groupBy(outcome, (post) => post.outcome))
      metrics.count('AlertPosts', { Outcome: name }, length);
    return outcome;
  };

  const together = async (
    batches: readonly Batch[],
    signal: AbortSignal,
    finished: (batch: Batch, outcome: BatchOutcome) => void,
  ) => {
    const posts = new Map<string, AppliedPost>();
    const failed = await each([...dueByFingerprint(batches)], signal, async ([fingerprint, due]) => {
      for (const [id, post] of await applyFingerprint(fingerprint, due)) posts.set(id, post);
    });
    const unfinished = new Set([...failed.keys()].flatMap(([, due]) => due.map(({ batch }) => batch)));
    const done = batches.filter(({ batch }) => !unfinished.has(batch));
    const late = await each(done, new AbortController().signal, async (batch) => {
      const outcome = await finish(batch, posts);
      metrics.observe('AlertsAppliedAfter', {}, clock().getTime() - Date.parse(batch.put_at));
      finished(batch, outcome);
    });
    for (const error of [...failed.values(), ...late.values()]) throw error;
  };

  return {
    run: async (signal, finished = () => {}) => {
      for (;;) {
        const batches = await inbox.oldest();
        if (batches.length === 0) return;
        await together(batches, signal, finished);
      }
    },
    apply: async (batch, signal) => {
      let outcome: BatchOutcome = [];
      await together([batch], signal, (_, of) => {
        outcome = of;
      });
      return outcome;
    },
  };
};
