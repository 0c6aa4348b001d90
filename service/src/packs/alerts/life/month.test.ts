/** A month of a network's alarms, with people who look after them, is replayed: whatever is equal going in is equal coming out. */
import { createHash } from 'node:crypto';
import pino from 'pino';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import { createApplier } from '../ingest/applier.ts';
import { createInbox } from '../ingest/inbox.ts';
import { keepAlertsWorker } from '../jobs/keep-alerts.ts';
import type { Alert } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { createSilences } from '../silences/silences.ts';
import { createEvents } from '../store/events.ts';
import { createStates } from '../store/states.ts';
import { actOn } from './act-on.ts';
import { acknowledge, resolve } from './acts.ts';
import { StatCounter } from './stats.ts';

const MINUTE = 60_000;
const begun = Date.parse('2026-05-01T00:00:00.000Z');
const DAYS = 30;
const iso = (minutes: number): string => new Date(begun + minutes * MINUTE).toISOString();
const log = pino({ level: 'silent' });

/** Numbers from 0 to 1, the same for the same seed. https://github.com/bryc/code/blob/master/jshash/PRNGs.md#mulberry32 */
const numbersFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const elements = [
  { name: 'MainsFailure', element_type: 'POWER_SYSTEM', severity: 5 },
  { name: 'LinkDown', element_type: 'TRANSMISSION', severity: 4 },
  { name: 'CellOut', element_type: 'CELL_SITE', severity: 3 },
] as const;

/** In the order in which they come. Some flap, some are told again, some get worse, some come late, and some end twice. */
const month = (seed: number): readonly IncomingAlert[] => {
  const next = numbersFrom(seed);
  const posts: IncomingAlert[] = [];
  for (let failure = 0; failure < 200; failure += 1) {
    const { name, element_type, severity } = elements[Math.floor(next() * elements.length)] ?? elements[0];
    const start = Math.floor(next() * (DAYS - 1) * 1440);
    const lasts = 3 + Math.floor(next() * 300);
    const about = {
      name,
      element_type,
      site_code: `SITE${Math.floor(next() * 8)}`,
      element_id: `${name}-${Math.floor(next() * 3)}`,
    };
    const late = next() < 0.1 ? Math.floor(next() * 90) : 0;
    const post = (minute: number, more: Partial<IncomingAlert> = {}) =>
      posts.push(incomingAlert(iso(start), { ...about, severity, ...more, received_at: iso(minute + late) }));
    post(start);
    for (let repeat = 0; repeat < next() * 3; repeat += 1) post(start + repeat + 1);
    if (next() < 0.3) post(start + 2, { severity: 5, description: 'Worse' });
    const end = { status: 'resolved', ends_at: iso(start + lasts) } as const;
    if (next() < 0.9) post(start + lasts, end);
    if (next() < 0.1) post(start + lasts + 1, end);
  }
  return posts.sort((a, b) => (a.received_at < b.received_at ? -1 : a.received_at > b.received_at ? 1 : 0));
};

/** @param together posts of one batch */
const replay = async (posts: readonly IncomingAlert[], together: number) => {
  const objects = openMemoryObjects();
  const clock = { at: begun };
  const now = () => new Date(clock.at);
  const metrics = { count: () => {}, observe: () => {}, set: () => {} };
  const [states, events, inbox] = [createStates(objects, log, now), createEvents(objects), createInbox(objects, log)];
  const applier = createApplier({ inbox, states, events, metrics, clock: now });
  const signal = new AbortController().signal;
  const pack = { objects, states, events, silences: createSilences(objects, log, now), now, log };

  /** Every six hours somebody takes on the oldest open alert of a site and ends the oldest of those taken on. */
  const look = async (): Promise<void> => {
    const open = (await states.all()).filter(({ status }) => status !== 'resolved');
    const oldest = (status: Alert['status']) =>
      open.filter((alert) => alert.status === status).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1))[0];
    const [taken, firing] = [oldest('acknowledged'), oldest('firing')];
    if (taken) await actOn(pack, taken.alert_id, 'ana', (alert, who) => resolve(alert, who, 'Done'));
    const expiresAt = new Date(clock.at + 300 * MINUTE).toISOString();
    if (firing)
      await actOn(pack, firing.alert_id, 'ben', (alert, who) =>
        acknowledge(alert, who, { expiresAt, comment: 'Mine' }),
      );
  };

  let outcomes = 0;
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    clock.at = begun + (hour + 1) * 60 * MINUTE;
    const due = posts.filter(({ received_at: at }) => iso(hour * 60) <= at && at < iso((hour + 1) * 60));
    for (let from = 0; from < due.length; from += together) {
      const batch = `${String(hour).padStart(4, '0')}-${String(from).padStart(4, '0')}`;
      await inbox.put({ batch, put_at: now().toISOString(), alerts: [...due.slice(from, from + together)] });
    }
    if (due.length > 0)
      await applier.run(signal, (_batch, outcome) => {
        outcomes += outcome.filter(({ event }) => event !== undefined).length;
      });
    if (hour % 6 === 5) await look();
    if (hour % 24 === 23)
      await keepAlertsWorker(pack).work({
        ...{ jobId: 'j', payload: {}, attempt: 1, createdAt: now(), log, now, signal, report: async () => {} },
      });
  }
  return { states, events, objects, outcomes, signal };
};

type Replayed = Awaited<ReturnType<typeof replay>>;

const eventsOf = async ({ events, signal }: Replayed): Promise<AlertEvent[]> => {
  const found: AlertEvent[] = [];
  for await (const page of events.read({ from: new Date(begun), to: new Date(iso(DAYS * 1440)) }, signal))
    found.push(...page);
  return found;
};

/** Every object by its key and a digest of what is in it. */
const contentsOf = async ({ objects }: Replayed): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const page = await objects.list('', { limit: 1000, ...(cursor !== undefined && { cursor }) });
    for (const { key } of page.items) {
      const hash = createHash('sha256');
      for await (const chunk of (await objects.get(key))?.body ?? []) hash.update(chunk);
      found.set(key, hash.digest('hex'));
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
};

/** What does not depend on how posts were put together. */
const livesOf = async ({ states }: Replayed) =>
  (await states.all()).map(({ version: _version, applied: _applied, notes, ...life }) => ({
    ...life,
    notes: notes.map(({ note_id: _id, ...note }) => note),
  }));

describe('a month of alarms', () => {
  const posts = month(14);
  let first: Replayed;
  beforeAll(async () => {
    first = await replay(posts, 500);
  });

  it('comes to the same objects, byte by byte, when it is replayed', async () => {
    const contents = await contentsOf(first);
    expect(contents.size).toBeGreaterThan(300);
    expect(await contentsOf(await replay(posts, 500))).toEqual(contents);
  });

  it('comes to the same alerts and the same figures however its posts are put together', async () => {
    const other = await replay(posts, 3);
    expect(await livesOf(other)).toEqual(await livesOf(first));
    const figures = async (replayed: Replayed) => {
      const counter = new StatCounter('name');
      for (const event of await eventsOf(replayed)) counter.add(event);
      return [counter.total, counter.groups];
    };
    expect(await figures(other)).toEqual(await figures(first));
  });

  it('has one event for each post that something came of, and for each act', async () => {
    const events = await eventsOf(first);
    expect(events.filter(({ event_id }) => !/-v\d+$/.test(event_id))).toHaveLength(first.outcomes);
    expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
    const raised = events.filter(({ kind, duplicate }) => kind === 'raise' && !duplicate).length;
    const cleared = events.filter(({ kind }) => kind === 'clear').length;
    const open = (await first.states.all()).filter(({ status }) => status !== 'resolved').length;
    expect(raised - cleared).toBe(open);
  });
});
