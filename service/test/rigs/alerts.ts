/** The alerts pack over a folder of its own, and a way past its senders: tests put alerts there as they need them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { packs } from '../../../contracts/packs/index.ts';
import { linked } from '../../src/objects/index.ts';
import { createApplier } from '../../src/packs/alerts/ingest/applier.ts';
import { createInbox } from '../../src/packs/alerts/ingest/inbox.ts';
import { decidePost } from '../../src/packs/alerts/life/decide.ts';
import type { Alert } from '../../src/packs/alerts/model/alert.ts';
import { fingerprintOf } from '../../src/packs/alerts/model/fingerprint.ts';
import type { IncomingAlert } from '../../src/packs/alerts/model/incoming.ts';
import { createEvents } from '../../src/packs/alerts/store/events.ts';
import { createStates, type States } from '../../src/packs/alerts/store/states.ts';
import { ownObjects } from '../../src/packs/own-objects.ts';
import type { ObjectEngine, Objects } from '../../src/ports/objects.ts';
import { type OnePack, openOnePack } from './one-pack.ts';

/** What the pack has, for another task: both write through one engine, because a folder is of one process. */
export const alertObjects = (engine: ObjectEngine): Objects =>
  ownObjects('alerts', packs.alerts, linked(engine, { sign: () => Promise.reject(new Error('no links here')) }));

/** What the senders' worker does with one alert. */
export const receive = async (states: States, incoming: IncomingAlert): Promise<Alert> => {
  const alert = await states.changeCurrent(
    fingerprintOf(incoming),
    (current, alertId) => decidePost(current, incoming, { alertId, eventId: 'event' }).alert,
  );
  if (alert === undefined) throw new Error('it was ignored');
  return alert;
};

/** What the senders' worker does with the posts that wait, as another task. Their outcomes, one for each alert. */
export const applyPosts = async (objects: Objects, now: () => Date): Promise<string[]> => {
  const log = pino({ level: 'silent' });
  const parts = {
    inbox: createInbox(objects, log),
    states: createStates(objects, log, now),
    events: createEvents(objects),
  };
  const outcomes = new Map<string, string[]>();
  const metrics = { count: () => {}, observe: () => {}, set: () => {} };
  await createApplier({ ...parts, metrics, clock: now }).run(new AbortController().signal, ({ batch }, posts) => {
    outcomes.set(
      batch,
      posts.map(({ outcome }) => outcome),
    );
  });
  // Batches are finished side by side.
  return [...outcomes.keys()].sort().flatMap((batch) => outcomes.get(batch) ?? []);
};

/** The sandbox would have alarms of its own. */
const withoutStory = {
  ALERT_NETWORK: 'live',
  ...{ SSO_ISSUER: 'https://login.example.com', SSO_CLIENT_ID: 'x', SSO_CLIENT_SECRET: 'y' },
};

export interface AlertsPack extends OnePack {
  /** Another task's view of the same objects. */
  readonly objects: Objects;
  readonly states: States;
}

/** @param now the time, for the service and its callers */
export const openAlertsPack = async (
  now: () => Date,
  variables: Readonly<Record<string, string>> = {},
): Promise<AlertsPack> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-alerts-'));
  const pack = await openOnePack('alerts', { DATA_DIR: folder, ...withoutStory, ...variables }, [], now);
  const objects = alertObjects(pack.service.objects);
  return {
    ...pack,
    objects,
    states: createStates(objects, pino({ level: 'silent' }), now),
    close: async () => {
      await pack.close();
      await rm(folder, { recursive: true });
    },
  };
};
