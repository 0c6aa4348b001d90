import pino from 'pino';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { type MemoryObjects, openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import { addNote } from '../life/acts.ts';
import { decidePost } from '../life/decide.ts';
import type { Alert } from '../model/alert.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { stateKey } from './alert-keys.ts';
import { archiveAlert } from './archive.ts';
import { createStates, type States } from './states.ts';

const log = pino({ level: 'silent' });
const begun = new Date('2026-05-01T10:00:00.000Z');
const statesOn = (objects: MemoryObjects, now = begun): States => createStates(objects, log, () => now);

const post = (element_id: string, starts_at = begun.toISOString()): IncomingAlert =>
  incomingAlert(starts_at, { element_id });
const apply = (states: States, incoming: IncomingAlert): Promise<Alert | undefined> =>
  states.changeCurrent(
    fingerprintOf(incoming),
    (current, alertId) => decidePost(current, incoming, { alertId, eventId: 'e' }).alert,
  );
const ended = (incoming: IncomingAlert, ends_at: string): IncomingAlert => ({
  ...incoming,
  status: 'resolved',
  ends_at,
});

describe('all alerts', () => {
  it('are read once of ten thousand, and then only what another task changed', async () => {
    const objects = openMemoryObjects();
    const [mine, others] = [statesOn(objects), statesOn(objects)];
    for (let nth = 0; nth < 10_000; nth += 1) {
      const alert = decidePost(undefined, post(`cell-${nth}`), {
        alertId: fingerprintOf(post(`cell-${nth}`)),
        eventId: 'e',
      }).alert;
      await objects.put(stateKey(alert?.alert_id ?? ''), JSON.stringify(alert));
    }
    expect(await mine.all()).toHaveLength(10_000);
    expect(objects.calls).toMatchObject({ get: 10_000, list: 10 });
    const [first] = await mine.all();
    expect(objects.calls.get).toBe(10_000);
    await others.change(first?.alert_id ?? '', (alert) => addNote(alert, { by: 'ben', at: alert.starts_at }, 'x'));
    const reads = objects.calls.get;
    expect((await mine.all())[0]?.notes).toHaveLength(1);
    expect(objects.calls.get).toBe(reads + 1);
  });

  it('are looked at once for callers of one moment, and again for one who came after that look had begun', async () => {
    const objects = openMemoryObjects();
    const [mine, others] = [statesOn(objects), statesOn(objects)];
    await apply(mine, post('cell-1'));
    await Promise.all([mine.all(), mine.all(), mine.all()]);
    expect(objects.calls.list).toBe(1);
    let late: Promise<readonly Alert[]> | undefined;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    objects.before = async (verb) => {
      if (verb === 'list' && late === undefined) await held;
    };
    const early = mine.all();
    await apply(others, post('cell-2'));
    late = mine.all();
    release();
    await early;
    expect(await late).toHaveLength(2);
  });

  it('are the others where nobody can read one, and fail where the store is away: nothing is over because of that', async () => {
    const objects = openMemoryObjects();
    const states = statesOn(objects);
    await apply(states, post('cell-1'));
    await objects.put(stateKey('0'.repeat(32)), '{"alert_id":');
    expect(await statesOn(objects).all()).toHaveLength(1);
    objects.before = async (verb) => {
      if (verb === 'get') throw new Error('away');
    };
    await expect(statesOn(objects).all()).rejects.toThrow('away');
  });

  it('show an acknowledgement as expired from that moment on, though nobody has written so', async () => {
    const objects = openMemoryObjects();
    const alert = await apply(statesOn(objects), post('cell-1'));
    const until = '2026-05-01T10:05:00.000Z';
    await statesOn(objects).change(alert?.alert_id ?? '', (found) => ({
      ...found,
      status: 'acknowledged',
      acknowledgement_expires_at: until,
    }));
    const later = statesOn(objects, new Date(until));
    expect((await later.all())[0]).toMatchObject({ status: 'firing' });
    expect(await later.get(alert?.alert_id ?? '')).toMatchObject({ status: 'firing' });
    expect((await statesOn(objects).all())[0]).toMatchObject({ status: 'acknowledged' });
  });
});

describe('an alert that others write all the time', () => {
  const busy = async (lost: number) => {
    const objects = openMemoryObjects();
    const alert = await apply(statesOn(objects), post('cell-1'));
    const pauses: number[] = [];
    const states = createStates(
      objects,
      log,
      () => begun,
      async (tries) => void pauses.push(tries),
    );
    let writes = 0;
    objects.before = async (verb, key) => {
      if (verb !== 'put' || !key.startsWith('alerts/state/') || writes >= lost) return;
      writes += 1;
      const { before } = objects;
      objects.before = async () => {};
      await statesOn(objects).change(alert?.alert_id ?? '', (one) => ({ ...one, duplicate_count: writes }));
      objects.before = before;
    };
    const note = () =>
      states.change(alert?.alert_id ?? '', (one) => addNote(one, { by: 'ben', at: one.starts_at }, 'x'));
    return { note, pauses };
  };

  it('is tried three times more, each after a pause', async () => {
    const { note, pauses } = await busy(3);
    expect(await note()).toMatchObject({ changed: true, alert: { duplicate_count: 3 } });
    expect(pauses).toEqual([1, 2, 3]);
  });

  it('is a conflict then', async () => {
    const { note, pauses } = await busy(4);
    await expect(note()).rejects.toMatchObject({ code: 'conflict' });
    expect(pauses).toEqual([1, 2, 3]);
  });
});

describe('the archive', () => {
  const long = new Date('2026-06-01T00:00:00.000Z');
  const incoming = post('cell-1');
  const id = fingerprintOf(incoming);
  const closed = async () => {
    const objects = openMemoryObjects();
    const states = statesOn(objects);
    await apply(states, incoming);
    await apply(states, ended(incoming, '2026-05-01T11:00:00.000Z'));
    return { objects, states };
  };
  const note = (states: States, text: string) =>
    states.change(id, (alert) => addNote(alert, { by: 'ben', at: alert.starts_at }, text));

  it('takes what was closed before a time and is not listed, but found by its id and noted on', async () => {
    const { objects, states } = await closed();
    expect(await archiveAlert(objects, id, new Date('2026-05-01T11:00:00.000Z'))).toBe(false);
    expect(await archiveAlert(objects, id, long)).toBe(true);
    expect(await archiveAlert(objects, id, long)).toBe(false);
    expect(await states.all()).toEqual([]);
    expect(await states.get(id)).toMatchObject({ status: 'resolved' });
    await note(states, 'Why it was');
    expect(await statesOn(objects).get(id)).toMatchObject({ notes: [{ text: 'Why it was' }] });
    expect(await states.all()).toEqual([]);
  });

  it('leaves what is open, and what has an event that is not written yet', async () => {
    const { objects, states } = await closed();
    const found = await states.get(id);
    const event = decidePost(undefined, incoming, { alertId: id, eventId: 'e' }).event;
    await states.change(id, (alert) => ({ ...alert, unwritten: event === undefined ? [] : [event] }));
    expect(await archiveAlert(objects, id, long)).toBe(false);
    await states.change(id, () => found);
    const again = { ...incoming, starts_at: '2026-05-01T11:10:00.000Z' };
    await apply(states, again);
    expect(await archiveAlert(objects, id, long)).toBe(false);
    expect(await states.all()).toMatchObject([{ status: 'firing' }]);
  });

  it('does not make the next alert of its fingerprint the first again', async () => {
    const { objects, states } = await closed();
    await archiveAlert(objects, id, long);
    expect(await apply(states, post('cell-1', '2026-05-02T10:00:00.000Z'))).toMatchObject({ alert_id: `${id}-2` });
    await apply(states, ended(post('cell-1', '2026-05-02T10:00:00.000Z'), '2026-05-02T11:00:00.000Z'));
    await archiveAlert(objects, `${id}-2`, long);
    expect(await states.current(id)).toMatchObject({ alert_id: `${id}-2`, status: 'resolved' });
    expect(await apply(states, post('cell-1', '2026-05-03T10:00:00.000Z'))).toMatchObject({ alert_id: `${id}-3` });
    expect((await states.all()).map(({ alert_id }) => alert_id)).toEqual([`${id}-3`]);
  });

  it.each([1, 2, 3, 4, 5])(
    'loses no note that comes before step %i of a move, nor does a move that dies there',
    async (step) => {
      const { objects, states } = await closed();
      let steps = 0;
      objects.before = async () => {
        steps += 1;
        if (steps !== step) return;
        objects.before = async () => {};
        await note(states, 'meanwhile');
        throw new Error('killed');
      };
      await expect(archiveAlert(objects, id, long)).rejects.toThrow('killed');
      expect(await statesOn(objects).get(id)).toMatchObject({ notes: [{ text: 'meanwhile' }] });
      expect(await archiveAlert(objects, id, long)).toBe(true);
      expect(await statesOn(objects).get(id)).toMatchObject({ notes: [{ text: 'meanwhile' }] });
      expect(await states.all()).toEqual([]);
    },
  );

  it.each([1, 2, 3, 4, 5])('loses no note when another task moves it too, before step %i', async (step) => {
    const { objects, states } = await closed();
    let steps = 0;
    objects.before = async () => {
      steps += 1;
      if (steps !== step) return;
      objects.before = async () => {};
      await archiveAlert(objects, id, long);
      await note(states, 'meanwhile');
    };
    await archiveAlert(objects, id, long);
    expect(await statesOn(objects).get(id)).toMatchObject({ notes: [{ text: 'meanwhile' }] });
    expect(await states.all()).toEqual([]);
  });
});
