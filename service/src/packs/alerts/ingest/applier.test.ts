/** Batches are applied once and in order, whatever dies and whoever else applies them. */
import pino from 'pino';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { type MemoryObjects, openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { createEvents } from '../store/events.ts';
import { createStates } from '../store/states.ts';
import { type BatchOutcome, createApplier } from './applier.ts';
import type { Batch } from './batch.ts';
import { createInbox } from './inbox.ts';

const at = (time: string) => `2026-05-01T${time}.000Z`;
const now = () => new Date(at('13:00:00'));
const log = pino({ level: 'silent' });
const metrics = { count: () => {}, observe: () => {}, set: () => {} };

const down = (time: string, more: Partial<IncomingAlert> = {}) => incomingAlert(at(time), more);
const up = (time: string, more: Partial<IncomingAlert> = {}) =>
  incomingAlert(at('10:00:00'), { status: 'resolved', ends_at: at(time), received_at: at(time), ...more });
const batchOf = (nth: number, ...alerts: (IncomingAlert | null)[]): Batch => ({
  batch: `20260501T12000${nth}000Z-aa`,
  put_at: at('12:00:00'),
  alerts,
});
const other = { element_id: 'cell-2' };

/** One alert through three lives, a second one beside it, and posts that say nothing. */
const batches = [
  batchOf(1, up('09:00:00'), down('10:00:00'), null, down('10:00:00', other)),
  batchOf(2, down('10:00:00'), down('10:00:00', { severity: 3 }), up('10:30:00'), down('11:00:00')),
  batchOf(3, up('11:05:00'), down('12:00:00'), down('12:00:00'), up('10:40:00', other)),
];

const task = (objects: MemoryObjects) => {
  const inbox = createInbox(objects, log);
  const states = createStates(objects, log, now, async () => {});
  const events = createEvents(objects);
  const applier = createApplier({ inbox, states, events, metrics, clock: now });
  return { inbox, states, events, applier };
};
const filled = async () => {
  const objects = openMemoryObjects();
  for (const batch of batches) await task(objects).inbox.put(batch);
  return objects;
};

/** All alerts without what is remembered, and all events. */
const kept = async (objects: MemoryObjects) => {
  const { states, events } = task(objects);
  const alerts = (await states.all()).map(({ applied: _, ...alert }) => alert);
  const rows = [];
  const day = { from: new Date(at('00:00:00')), to: new Date(at('23:00:00')) };
  for await (const page of events.read(day, new AbortController().signal)) rows.push(...page);
  return { alerts, events: rows.sort((a, b) => (a.event_id < b.event_id ? -1 : 1)), inbox: await waiting(objects) };
};
const waiting = async (objects: MemoryObjects) =>
  (await objects.list('alerts/inbox/', { limit: 100 })).items.map(({ key }) => key);
const run = (objects: MemoryObjects) => task(objects).applier.run(new AbortController().signal);

describe('what waits in the inbox', () => {
  it('is applied in order, and says what became of each post', async () => {
    const objects = await filled();
    const told: string[][] = [];
    await task(objects).applier.run(new AbortController().signal, (_, outcome: BatchOutcome) => {
      told.push(outcome.map((post) => post.outcome));
    });
    expect(told).toEqual([
      ['ignored', 'created', 'ignored', 'created'],
      ['duplicate', 'updated', 'resolved', 'reopened'],
      ['resolved', 'created', 'duplicate', 'resolved'],
    ]);
    const { alerts, events, inbox } = await kept(objects);
    expect(
      alerts.map(({ status, occurrence_count, duplicate_count }) => [status, occurrence_count, duplicate_count]),
    ).toEqual(
      expect.arrayContaining([
        ['resolved', 2, 1],
        ['firing', 1, 1],
        ['resolved', 1, 0],
      ]),
    );
    expect([events.length, new Set(events.map(({ event_id }) => event_id)).size, inbox]).toEqual([10, 10, []]);
  });

  it('comes to the same wherever the task dies: no post is lost, and none is counted twice', async () => {
    const undisturbed = await filled();
    await run(undisturbed);
    const expected = await kept(undisturbed);
    let deaths = 0;
    for (let survived = true, step = 0; survived; step += 1) {
      const objects = await filled();
      let verbs = 0;
      // From here on the task does nothing any more: as after kill -9, between any two of its calls.
      objects.before = async (verb) => {
        if (verb !== 'put' && verb !== 'remove') return;
        if (verbs >= step) throw new Error('killed');
        verbs += 1;
      };
      survived = await run(objects).then(
        () => false,
        () => true,
      );
      deaths += Number(survived);
      objects.before = async () => {};
      await run(objects);
      expect({ step, ...(await kept(objects)) }).toEqual({ step, ...expected });
    }
    expect(deaths).toBeGreaterThan(10);
  });

  it('comes to the same where two tasks apply it at once', async () => {
    const undisturbed = await filled();
    await run(undisturbed);
    const { alerts, events } = await kept(undisturbed);
    const objects = await filled();
    // Each may meet writes of the other more often than it tries again. What is left waits.
    for (let tries = 0; (await waiting(objects)).length > 0 && tries < 10; tries += 1)
      await Promise.allSettled([run(objects), run(objects)]);
    const versions = (list: typeof alerts) => list.map(({ version: _, ...alert }) => alert);
    const both = await kept(objects);
    expect([versions(both.alerts), both.events]).toEqual([versions(alerts), events]);
  });

  it('waits, and loses nothing, where an alert is being changed by others; the rest is applied', async () => {
    const objects = await filled();
    objects.before = async (verb, key) => {
      if (verb !== 'put' || !key.startsWith('alerts/state/')) return;
      objects.before = async () => {};
      throw new Error('away');
    };
    await expect(run(objects)).rejects.toThrow('away');
    expect((await waiting(objects)).length).toBeGreaterThan(0);
    await run(objects);
    expect(await waiting(objects)).toEqual([]);
  });

  it('puts aside, and keeps, what nobody can read', async () => {
    const objects = await filled();
    for (const body of ['{"batch":1}', '{"batch":']) {
      await objects.put('alerts/inbox/20260501T000000000Z-aa.json', body);
      await run(objects);
      expect(await waiting(objects)).toEqual([]);
    }
    expect((await objects.list('data/unreadable/')).items).toHaveLength(1);
  });

  it.each([
    ['an error of the network', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
    ['an error without a code', new TypeError('terminated')],
    ['an error of its time', new DOMException('too late', 'TimeoutError')],
  ])('waits, and is put aside by nobody, where reading it ends with %s', async (_what, error) => {
    const objects = await filled();
    objects.before = async (verb, key) => {
      if (verb === 'get' && key.startsWith('alerts/inbox/')) throw error;
    };
    await expect(run(objects)).rejects.toBe(error);
    objects.before = async () => {};
    expect([(await objects.list('data/unreadable/')).items, await waiting(objects)]).toMatchObject([[], { length: 3 }]);
    await run(objects);
    expect(await waiting(objects)).toEqual([]);
  });
});
