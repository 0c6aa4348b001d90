/**
 * Plays the sandbox's story: what was before the newcomer came is written at once, the first time that somebody reads, and from
 * then on the sender's posts are taken as those of any Alertmanager, at the pack's own time. People can move that time forward.
 */
import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import type { Objects } from '../../../ports/objects.ts';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import { fromAlertmanager } from '../ingest/forms/alertmanager.ts';
import { decidePost } from '../life/decide.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { Events } from '../store/events.ts';
import { readJsonObject, withoutConflict, writeJsonObject } from '../store/json-object.ts';
import type { States } from '../store/states.ts';
import { DAYS_BEFORE, storyPosts } from './story.ts';

const KEY = 'data/sandbox/story.json';
const Place = z.object({
  /** When the sandbox was first started. */
  begun_at: z.iso.datetime(),
  /** Milliseconds by which its time is ahead. */
  ahead: z.int(),
  /** Posts before this were taken. */
  sent_until: z.iso.datetime(),
});
type Place = z.infer<typeof Place>;

/** Furthest that time can be moved at once: a day. */
export const LONGEST_MOVE_MINUTES = 1440;

export interface SandboxStory {
  /** The pack's time. */
  now(): Date;
  /** Reads where the story is, and writes what was before it the first time. Cheap from then on. */
  ready(): Promise<void>;
  /** Moves the pack's time forward and takes what the sender posts until then. @throws invalid_input */
  move(minutes: number): Promise<Date>;
  /** Takes what the sender posted since it was last asked. */
  play(): Promise<number>;
}

interface Parts {
  readonly objects: Objects;
  readonly states: States;
  readonly events: Events;
  /** Takes a post of Alertmanager as any other sender's. */
  readonly receive: (body: unknown) => Promise<unknown>;
  /** The service's own time. */
  readonly clock: () => Date;
}

const BATCH = 'sandbox';

/** All that the story has before a moment, in memory: the alerts as they are then, and what happened to them. */
const before = (begun: Date): { readonly alerts: readonly Alert[]; readonly events: readonly AlertEvent[] } => {
  const alerts = new Map<string, Alert[]>();
  const events: AlertEvent[] = [];
  const first = new Date(begun.getTime() - DAYS_BEFORE * 86_400_000);
  for (const { at, body } of storyPosts(begun, first, begun))
    for (const incoming of fromAlertmanager(body, at.toISOString()).alerts) {
      if (incoming === null) continue;
      const fingerprint = fingerprintOf(incoming);
      const past = alerts.get(fingerprint) ?? [];
      const alertId = past.length === 0 ? fingerprint : `${fingerprint}-${past.length + 1}`;
      const eventId = `${BATCH}-${String(events.length).padStart(6, '0')}`;
      const { alert, event } = decidePost(past.at(-1), incoming, { alertId, eventId });
      if (event !== undefined) events.push(event);
      if (alert === undefined) continue;
      const others = alert.alert_id === past.at(-1)?.alert_id ? past.slice(0, -1) : past;
      alerts.set(fingerprint, [...others, alert]);
    }
  return { alerts: [...alerts.values()].flat(), events };
};

export const createSandboxStory = ({ objects, states, events, receive, clock }: Parts): SandboxStory => {
  let ahead = 0;
  let opened: Promise<void> | undefined;

  const begin = async (): Promise<void> => {
    const found = await readJsonObject(objects, KEY, Place);
    if (found !== undefined) {
      ahead = found.value.ahead;
      return;
    }
    const begun = clock();
    const past = before(begun);
    await events.write(BATCH, past.events);
    for (const alert of past.alerts)
      await states.changeCurrent(alert.fingerprint, (current) =>
        current !== undefined && current.alert_id.length >= alert.alert_id.length ? undefined : alert,
      );
    const place: Place = { begun_at: begun.toISOString(), ahead: 0, sent_until: begun.toISOString() };
    await writeJsonObject(objects, KEY, place, { ifNoneMatch: '*' });
  };
  /** A failed begin is tried again with the next read. */
  const ready = (): Promise<void> => {
    opened ??= begin().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const change = (step: (place: Place) => Place): Promise<{ readonly before: Place; readonly after: Place }> =>
    withoutConflict(async () => {
      const found = await readJsonObject(objects, KEY, Place);
      if (found === undefined) return undefined;
      const after = step(found.value);
      const written = await writeJsonObject(objects, KEY, after, { ifMatch: found.etag });
      return written && { done: { before: found.value, after } };
    }, 'The time of the sandbox');

  const now = (): Date => new Date(clock().getTime() + ahead);
  /** What two players take twice is a duplicate, as it is of any sender. */
  const play = async (): Promise<number> => {
    await ready();
    const found = await readJsonObject(objects, KEY, Place);
    if (found === undefined) return 0;
    const until = now();
    const posts = storyPosts(new Date(found.value.begun_at), new Date(found.value.sent_until), until);
    for (const { body } of posts) await receive(body);
    await change((place) => ({ ...place, sent_until: until.toISOString() }));
    return posts.length;
  };

  return {
    now,
    ready,
    play,
    move: async (minutes) => {
      if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_MOVE_MINUTES)
        throw new CountersignError(
          'invalid_input',
          `minutes: must be a whole number from 1 to ${LONGEST_MOVE_MINUTES}`,
        );
      await ready();
      const { after } = await change((place) => ({ ...place, ahead: place.ahead + minutes * 60_000 }));
      ahead = after.ahead;
      await play();
      return now();
    },
  };
};

/** Has the story written before the first read of it. */
export const afterBegin = (
  states: States,
  events: Events,
  ready: () => Promise<void>,
): { states: States; events: Events } => ({
  states: {
    get: async (id) => ready().then(() => states.get(id)),
    current: async (fingerprint) => ready().then(() => states.current(fingerprint)),
    changeCurrent: async (fingerprint, step) => ready().then(() => states.changeCurrent(fingerprint, step)),
    change: async (id, step) => ready().then(() => states.change(id, step)),
    all: async () => ready().then(() => states.all()),
  },
  events: {
    write: async (batchId, rows) => ready().then(() => events.write(batchId, rows)),
    merge: async (period, signal) => ready().then(() => events.merge(period, signal)),
    read: async function* (period, signal) {
      await ready();
      yield* events.read(period, signal);
    },
  },
});

export const playStoryWorker = (story: SandboxStory): Worker =>
  defineWorker({
    name: 'play-story',
    description: 'Takes what the sandbox’s sender posted since the last minute.',
    payload: z.object({}),
    work: async () => ({ result: { posts: await story.play() } }),
  });

export const playStoryJob: RecurringJob = { name: 'play-story', worker: 'play-story', cron: '* * * * *' };
