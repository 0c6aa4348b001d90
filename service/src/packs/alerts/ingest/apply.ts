/** Applies what is due to the newest alert of one fingerprint. Pure: with the same alert it comes to the same. */
import { type Decided, decidePost, type Outcome } from '../life/decide.ts';
import type { Alert } from '../model/alert.ts';
import type { AppliedBatch, AppliedEvent } from '../model/applied.ts';
import type { AlertEvent } from '../model/event.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { batchIdAt } from './batch.ts';

/** The posts of one batch about one fingerprint, in their order. */
export interface DueBatch {
  readonly batch: string;
  readonly posts: readonly { readonly place: number; readonly incoming: IncomingAlert }[];
}

/** What became of one post. */
export interface AppliedPost {
  readonly outcome: Outcome;
  readonly event?: AlertEvent;
}

export interface AppliedStep {
  /** As it is to be written; undefined: nothing is. */
  readonly alert: Alert | undefined;
  /** By event id, of those posts that this alert took, now or before. */
  readonly posts: ReadonlyMap<string, AppliedPost>;
  /** False: an alert was ended here, and the next one begins. Write this, and ask again. */
  readonly complete: boolean;
}

/** How long another task may still be busy with a batch that this one has applied. */
const REMEMBERED_MS = 300_000;
const FEWEST_REMEMBERED = 4;

const letters: Readonly<Record<Outcome, string>> = {
  created: 'c',
  reopened: 'o',
  duplicate: 'd',
  updated: 'u',
  resolved: 'r',
  ignored: 'i',
};
const outcomeOfLetter = new Map(Object.entries(letters).map(([outcome, letter]) => [letter, outcome as Outcome]));

export const eventIdOf = (batch: string, place: number): string => `${batch}-${place}`;

const compact = ({ event_id, at, kind, severity, duplicate, since }: AlertEvent): AppliedEvent => ({
  ...{ event_id, at, kind, severity },
  ...(duplicate && { duplicate }),
  ...(since !== undefined && { since }),
});
const whole = ({ alert_id, site_code, element_type, element_id, name }: Alert, event: AppliedEvent): AlertEvent => ({
  ...event,
  ...{ alert_id, site_code, element_type, element_id, name },
});

/** What the alert remembers of posts that it took. */
export const rememberedPosts = (alert: Alert, due: readonly DueBatch[]): ReadonlyMap<string, AppliedPost> => {
  const found = new Map<string, AppliedPost>();
  for (const { batch, posts } of due) {
    const entry = alert.applied.find((applied) => applied.batch === batch);
    if (entry === undefined) continue;
    posts.slice(entry.from, entry.from + entry.outcomes.length).forEach(({ place }, index) => {
      const id = eventIdOf(batch, place);
      const event = entry.events.find(({ event_id }) => event_id === id);
      const outcome = outcomeOfLetter.get(entry.outcomes.charAt(index)) ?? 'ignored';
      found.set(id, { outcome, ...(event && { event: whole(alert, event) }) });
    });
  }
  return found;
};

/** What the next alert of the fingerprint must know of the batches that this one took. */
const handedOn = (applied: readonly AppliedBatch[]): AppliedBatch[] =>
  applied.map(({ batch, from, outcomes }) => ({ batch, from: from + outcomes.length, outcomes: '', events: [] }));

const isRemembered = (due: readonly DueBatch[], clock: Date) => {
  const since = batchIdAt(new Date(clock.getTime() - REMEMBERED_MS));
  const isDue = new Set(due.map(({ batch }) => batch));
  return ({ batch }: AppliedBatch, index: number, all: readonly AppliedBatch[]): boolean =>
    batch >= since || isDue.has(batch) || index >= all.length - FEWEST_REMEMBERED;
};

interface Fold {
  readonly alert: Alert | undefined;
  readonly applied: readonly AppliedBatch[];
  /** Whether the alert is to be written. */
  readonly changed: boolean;
}

const entryOf = ({ applied }: Fold, batch: string): AppliedBatch =>
  applied.find((each) => each.batch === batch) ?? { batch, from: 0, outcomes: '', events: [] };

/** Where another alert of the fingerprint begins. */
const nextAlert = (fold: Fold): Fold =>
  fold.alert === undefined ? fold : { ...fold, applied: handedOn(fold.applied) };

const withPost = (fold: Fold, batch: string, { outcome, alert, event }: Decided): Fold => {
  const before = outcome === 'created' ? nextAlert(fold) : fold;
  const entry = entryOf(before, batch);
  const later: AppliedBatch = {
    ...entry,
    outcomes: entry.outcomes + letters[outcome],
    events: event === undefined ? entry.events : [...entry.events, compact(event)],
  };
  return {
    alert: alert ?? fold.alert,
    applied: [...before.applied.filter((each) => each.batch !== batch), later],
    changed: fold.changed || alert !== undefined,
  };
};

/**
 * @param newId of an alert that begins
 * @param clock the time by which batches have their ids
 */
export const applyDue = (
  current: Alert | undefined,
  newId: string,
  due: readonly DueBatch[],
  clock: Date,
): AppliedStep => {
  let fold: Fold = { alert: current, applied: current?.applied ?? [], changed: false };
  const taken = new Map<string, AppliedPost>(current && rememberedPosts(current, due));
  const step = (complete: boolean): AppliedStep => {
    const applied = fold.applied.filter(isRemembered(due, clock));
    if (!fold.changed || fold.alert === undefined) return { alert: undefined, posts: taken, complete };
    // One write is one version, whatever number of posts it takes.
    const version = fold.alert.alert_id === current?.alert_id ? current.version + 1 : 1;
    return { alert: { ...fold.alert, version, applied }, posts: taken, complete };
  };
  for (const { batch, posts } of due) {
    const { from, outcomes } = entryOf(fold, batch);
    for (const { place, incoming } of posts.slice(from + outcomes.length)) {
      const eventId = eventIdOf(batch, place);
      const decided = decidePost(fold.alert, incoming, { alertId: newId, eventId });
      // One write is of one alert.
      if (decided.outcome === 'created' && fold.alert !== undefined && fold.changed) return step(false);
      fold = withPost(fold, batch, decided);
      taken.set(eventId, { outcome: decided.outcome, ...(decided.event && { event: decided.event }) });
    }
  }
  return step(true);
};
