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
import type { IncomingAlert } from '../model/incoming.ts';
import { alertIdOf } from '../store/alert-keys.ts';
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

/** The pack's time in the sandbox: the service's own, and as far ahead of it as somebody moved it. */
export interface SandboxTime {
  readonly now: () => Date;
  /** @param ahead milliseconds */
  set(ahead: number): void;
}

/** @param clock the service's own time */
export const createSandboxTime = (clock: () => Date): SandboxTime => {
  let ahead = 0;
  return {
    now: () => new Date(clock().getTime() + ahead),
    set: (milliseconds) => {
      ahead = milliseconds;
    },
  };
};

export interface SandboxStory {
  /** Takes up the time to which somebody moved it before this process. */
  restore(): Promise<void>;
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
  /** Applies what was taken. */
  readonly apply: () => Promise<unknown>;
  readonly time: SandboxTime;
}

const BATCH = 'sandbox';

interface Past {
  /** By fingerprint, the oldest first. */
  readonly alerts: Map<string, Alert[]>;
  readonly events: AlertEvent[];
}

const take = ({ alerts, events }: Past, incoming: IncomingAlert): void => {
  const fingerprint = fingerprintOf(incoming);
  const past = alerts.get(fingerprint) ?? [];
  const newest = past.at(-1);
  const alertId = alertIdOf(fingerprint, past.length + 1);
  const eventId = `${BATCH}-${String(events.length).padStart(6, '0')}`;
  const { alert, event } = decidePost(newest, incoming, { alertId, eventId });
  if (event !== undefined) events.push(event);
  if (alert === undefined) return;
  alerts.set(fingerprint, [...(alert.alert_id === newest?.alert_id ? past.slice(0, -1) : past), alert]);
};

/** All that the story has before a moment, in memory: the alerts as they are then, and what happened to them. */
const before = (begun: Date): Past => {
  const past: Past = { alerts: new Map(), events: [] };
  const first = new Date(begun.getTime() - DAYS_BEFORE * 86_400_000);
  for (const { at, body } of storyPosts(begun, first, begun))
    for (const incoming of fromAlertmanager(body, at.toISOString()).alerts) if (incoming !== null) take(past, incoming);
  return past;
};

export const createSandboxStory = ({ objects, states, events, receive, apply, time }: Parts): SandboxStory => {
  let opened: Promise<void> | undefined;

  const restore = async (): Promise<boolean> => {
    const found = await readJsonObject(objects, KEY, Place);
    if (found !== undefined) time.set(found.value.ahead);
    return found !== undefined;
  };
  const begin = async (): Promise<void> => {
    if (await restore()) return;
    const begun = time.now();
    const past = before(begun);
    await events.write(BATCH, past.events);
    await Promise.all(
      [...past.alerts].map(async ([fingerprint, alerts]) => {
        // A begin that was cut short left some of them.
        for (const alert of alerts)
          await states.changeCurrent(fingerprint, (_current, newId) => (newId === alert.alert_id ? alert : undefined));
      }),
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

  /** What two players take twice is a duplicate, as it is of any sender. */
  const play = async (): Promise<number> => {
    await ready();
    const found = await readJsonObject(objects, KEY, Place);
    if (found === undefined) return 0;
    const until = time.now();
    const posts = storyPosts(new Date(found.value.begun_at), new Date(found.value.sent_until), until);
    for (const { body } of posts) await receive(body);
    if (posts.length > 0) await apply();
    await change((place) => ({ ...place, sent_until: until.toISOString() }));
    return posts.length;
  };

  return {
    restore: async () => {
      await restore();
    },
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
      time.set(after.ahead);
      await play();
      return time.now();
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
