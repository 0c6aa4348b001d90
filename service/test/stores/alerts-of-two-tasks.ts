/** Alerts of two tasks that look after one bucket: neither begins an alert that is there, nor loses what the other wrote. */
import pino from 'pino';
import { addNote } from '../../src/packs/alerts/life/acts.ts';
import { decidePost } from '../../src/packs/alerts/life/decide.ts';
import { fingerprintOf } from '../../src/packs/alerts/model/fingerprint.ts';
import { archiveAlert } from '../../src/packs/alerts/store/archive.ts';
import { createStates, type States } from '../../src/packs/alerts/store/states.ts';
import type { ObjectEngine, Objects } from '../../src/ports/objects.ts';
import { receive } from '../rigs/alerts.ts';
import { incomingAlert } from '../rigs/incoming-alert.ts';

const begun = '2026-05-01T10:00:00.000Z';

const objectsOf = (engine: ObjectEngine): Objects => ({
  put: (key, body, options) => engine.put(key, body, options),
  get: (key) => engine.get(key),
  head: (key) => engine.head(key),
  list: (folder, page) => engine.list(folder, page),
  remove: (key) => engine.remove(key),
  link: () => Promise.reject(new Error('no links here')),
});

/** @param open an engine of a task of its own on the same bucket */
export const alertsOfTwoTasks = (open: () => ObjectEngine): void => {
  const bucket: Objects[] = [];
  const tasks: States[] = [];
  beforeAll(() => {
    for (const objects of [open(), open()].map(objectsOf)) {
      bucket.push(objects);
      tasks.push(createStates(objects, pino({ level: 'silent' }), () => new Date(begun)));
    }
  });
  /** How many of them the store took. The others were refused as `conflict`, and nothing else. */
  const taken = async (work: readonly Promise<unknown>[]): Promise<number> => {
    const ends = await Promise.allSettled(work);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'conflict' });
    return ends.filter(({ status }) => status === 'fulfilled').length;
  };

  it('begin each alert once, and lose no post that was taken', async () => {
    const cells = Array.from({ length: 6 }, (_, nth) => incomingAlert(begun, { element_id: `cell-${nth}` }));
    const posts = await taken(cells.flatMap((cell) => tasks.map((states) => receive(states, cell))));
    const [mine, others] = await Promise.all(tasks.map((states) => states.all()));
    expect(mine).toEqual(others);
    expect(mine?.map(({ alert_id }) => alert_id)).toEqual(cells.map(fingerprintOf).sort());
    expect(mine?.reduce((sum, { duplicate_count: more }) => sum + 1 + more, 0)).toBe(posts);
  });

  it('keep every note that was taken, also while the alert goes to the archive', async () => {
    const [one, other] = tasks;
    if (one === undefined || other === undefined) throw new Error('not two tasks');
    const { alert_id } = await receive(one, incomingAlert(begun, { element_id: 'closed' }));
    const end = incomingAlert(begun, { element_id: 'closed', status: 'resolved', ends_at: begun });
    await other.change(alert_id, (alert) => decidePost(alert, end, { alertId: alert_id, eventId: 'e' }).alert);
    const note = (states: States) =>
      states.change(alert_id, (alert) => addNote(alert, { by: 'ana', at: begun }, 'Looked at'));
    const move = () => Promise.all(bucket.map((objects) => archiveAlert(objects, alert_id, new Date())));
    const [notes] = await Promise.all([taken([note(one), note(other), note(one)]), move()]);
    await move();
    expect((await other.get(alert_id))?.notes).toHaveLength(notes);
    expect((await one.all()).some((alert) => alert.alert_id === alert_id)).toBe(false);
  });
};
