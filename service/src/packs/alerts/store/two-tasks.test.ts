import fc from 'fast-check';
import pino from 'pino';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import { CountersignError } from '../../../errors.ts';
import { acknowledge, addNote, resolve } from '../life/acts.ts';
import { decidePost, type Outcome } from '../life/decide.ts';
import type { Alert } from '../model/alert.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { createStates, type States } from './states.ts';

const begun = Date.parse('2026-05-01T10:00:00.000Z');
const iso = (minutes: number): string => new Date(begun + minutes * 60_000).toISOString();
const who = { by: 'ana', at: iso(100) };

const deed = fc.record({
  task: fc.integer({ min: 0, max: 1 }),
  cell: fc.constantFrom('cell-1', 'cell-2'),
  does: fc.constantFrom('post', 'post', 'end', 'note', 'acknowledge', 'resolve'),
  after: fc.constantFrom(0, 30, 60, 90),
});
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

/** What both tasks were told that came of their deeds. */
class Told {
  readonly outcomes: Outcome[] = [];
  notes = 0;
  writes = 0;

  count(outcome: Outcome): number {
    return this.outcomes.filter((each) => each === outcome).length;
  }

  async post(states: States, incoming: IncomingAlert): Promise<void> {
    const last: Outcome[] = [];
    await states.changeCurrent(fingerprintOf(incoming), (current, alertId) => {
      const { outcome, alert } = decidePost(current, incoming, { alertId, eventId: 'e' });
      last.push(outcome);
      return alert;
    });
    const [outcome = 'ignored'] = last.slice(-1);
    this.outcomes.push(outcome);
    if (outcome !== 'ignored') this.writes += 1;
  }

  async act(states: States, alertId: string, does: Deed['does']): Promise<void> {
    const done = await states.change(alertId, (alert) => {
      if (does === 'note') return addNote(alert, who, 'x');
      if (does === 'resolve') return resolve(alert, who, 'Done');
      return acknowledge(alert, who, { expiresAt: null, comment: undefined });
    });
    if (!done?.changed) return;
    this.writes += 1;
    if (does === 'note') this.notes += 1;
  }

  async carryOut(states: States, { cell, does, after }: Deed): Promise<void> {
    const incoming = incomingAlert(iso(after), { element_id: cell });
    if (does === 'post') await this.post(states, incoming);
    else if (does === 'end') await this.post(states, { ...incoming, status: 'resolved', ends_at: iso(after) });
    else await this.act(states, fingerprintOf(incoming), does);
  }
}

const unlessConflict = (error: unknown): void => {
  if (!(error instanceof CountersignError && error.code === 'conflict')) throw error;
};

/** Both tasks go on in any order, because each verb of the store waits some turns of the event loop. */
const openTasks = (turns: Iterator<number>) => {
  const objects = openMemoryObjects();
  objects.before = async () => {
    for (let left = turns.next().value ?? 0; left > 0; left -= 1) await new Promise(setImmediate);
  };
  return [0, 1].map(() =>
    createStates(
      objects,
      pino({ level: 'silent' }),
      () => new Date(iso(120)),
      async () => {},
    ),
  );
};

it('two tasks on one bucket count each post and each act once, whoever is in between', async () => {
  const turns = fc.infiniteStream(fc.integer({ min: 0, max: 3 }));
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 12 }), turns, async (deeds, stream) => {
      const tasks = openTasks(stream);
      const told = new Told();
      await Promise.all(
        deeds.map(async (one) => {
          const states = tasks[one.task];
          if (states !== undefined) await told.carryOut(states, one).catch(unlessConflict);
        }),
      );
      const [mine = [], others] = await Promise.all(tasks.map((states) => states.all()));
      expect(mine).toEqual(others);
      const sum = (of: (alert: Alert) => number) => mine.reduce((total, alert) => total + of(alert), 0);
      expect(mine).toHaveLength(told.count('created'));
      expect(sum((alert) => alert.occurrence_count)).toBe(told.count('created') + told.count('reopened'));
      expect(sum((alert) => alert.duplicate_count)).toBe(told.count('duplicate'));
      expect(sum((alert) => alert.notes.filter(({ about }) => about === undefined).length)).toBe(told.notes);
      expect(sum((alert) => alert.version)).toBe(told.writes);
      const open = mine.filter(({ status }) => status !== 'resolved');
      expect(new Set(open.map(({ fingerprint }) => fingerprint)).size).toBe(open.length);
    }),
    { numRuns: 100, seed: 20_260_501 },
  );
});
