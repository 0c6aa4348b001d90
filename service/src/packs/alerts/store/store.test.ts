import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { folderObjects } from '../../../objects/folder.ts';
import { linked } from '../../../objects/index.ts';
import { createLinks } from '../../../objects/links.ts';
import { decidePost } from '../life/decide.ts';
import type { AlertEvent } from '../model/event.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { IncomingAlert } from '../model/incoming.ts';
import { createEvents } from './events.ts';
import { createStates } from './states.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-alerts-'));
});
afterAll(() => rm(folder, { recursive: true }));

const log = pino({ level: 'silent' });
const noPause = async (): Promise<void> => {};
const objects = () =>
  linked(
    folderObjects(folder),
    createLinks({ key: new Uint8Array(32), publicUrl: 'http://localhost:3000', now: () => new Date() }),
  );

const incoming = (element_id: string, starts_at: string): IncomingAlert => incomingAlert(starts_at, { element_id });

describe('alerts as objects', () => {
  /** One task of several on the same bucket shares the objects with the others, because a folder is of one process. */
  const shared = () => {
    const same = objects();
    return [
      createStates(same, log, () => new Date(), noPause),
      createStates(same, log, () => new Date(), noPause),
    ] as const;
  };
  const begin = incoming('cell-1', '2026-05-01T10:00:00.000Z');
  const fingerprint = fingerprintOf(begin);

  it('is begun once by two tasks that get the same post', async () => {
    const [one, other] = shared();
    const post = (states: typeof one) =>
      states.changeCurrent(
        fingerprint,
        (current, alertId) => decidePost(current, begin, { alertId, eventId: 'e' }).alert,
      );
    await Promise.all([post(one), post(other)]);
    expect(await one.all()).toMatchObject([{ alert_id: fingerprint, duplicate_count: 1, occurrence_count: 1 }]);
    expect(await other.all()).toEqual(await one.all());
  });

  it('has a second alert of a fingerprint long after the first, and finds the newest', async () => {
    const [one, other] = shared();
    await one.change(fingerprint, (alert) => ({
      ...alert,
      status: 'resolved',
      resolved_at: '2026-05-01T11:00:00.000Z',
    }));
    const again = incoming('cell-1', '2026-05-01T12:00:00.000Z');
    const written = await other.changeCurrent(
      fingerprint,
      (current, alertId) => decidePost(current, again, { alertId, eventId: 'e' }).alert,
    );
    expect(written?.alert_id).toBe(`${fingerprint}-2`);
    expect(await one.current(fingerprint)).toEqual(written);
    expect((await one.all()).map(({ alert_id, status }) => [alert_id, status])).toEqual([
      [fingerprint, 'resolved'],
      [`${fingerprint}-2`, 'firing'],
    ]);
  });

  it('loses no write of two tasks that change one alert', async () => {
    const [one, other] = shared();
    const count = (states: typeof one) =>
      states.change(fingerprint, (alert) => ({ ...alert, duplicate_count: alert.duplicate_count + 1 }));
    const before = (await one.get(fingerprint))?.duplicate_count ?? 0;
    await Promise.all([count(one), count(other), count(one)]);
    expect((await one.get(fingerprint))?.duplicate_count).toBe(before + 3);
  });
});

describe('events as objects', () => {
  const event = (event_id: string, at: string): AlertEvent => ({
    event_id,
    alert_id: 'a',
    at,
    kind: 'raise',
    severity: 3,
    site_code: 'CZA0021',
    element_type: 'CELL_SITE',
    element_id: '',
    name: 'CellOut',
  });

  it('are read by the time at which they happened, and are there once however often they are written', async () => {
    const events = createEvents(objects());
    const rows = [
      event('1-0', '2026-05-01T09:59:59.999Z'),
      event('1-1', '2026-05-01T10:00:00.000Z'),
      event('1-2', '2026-05-02T00:00:00.000Z'),
    ];
    await events.write('1', rows);
    await events.write('1', rows);
    const read = async (from: string, to: string): Promise<string[]> => {
      const period = { from: new Date(from), to: new Date(to) };
      const found: string[] = [];
      for await (const page of events.read(period, new AbortController().signal))
        found.push(...page.map(({ event_id }) => event_id));
      return found;
    };
    expect(await read('2026-05-01T10:00:00.000Z', '2026-05-02T00:00:00.000Z')).toEqual(['1-1']);
    expect(await read('2026-05-01T00:00:00.000Z', '2026-05-03T00:00:00.000Z')).toEqual(['1-0', '1-1', '1-2']);
  });

  it('are there once after their objects were merged, also where the merger died before it removed them', async () => {
    const kept = objects();
    const undying = { ...kept, remove: async () => {} };
    const events = createEvents(kept);
    const hour = { from: new Date('2026-06-01T10:00:00.000Z'), to: new Date('2026-06-01T11:00:00.000Z') };
    const { signal } = new AbortController();
    for (const batch of ['1', '2', '3'])
      await events.write(batch, [event(`${batch}-0`, `2026-06-01T10:0${batch}:00.000Z`)]);
    const read = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const page of events.read(hour, signal)) found.push(...page.map(({ event_id }) => event_id));
      return found.sort();
    };
    await createEvents(undying).merge(hour, signal);
    expect(await read()).toEqual(['1-0', '2-0', '3-0']);
    expect(await events.merge(hour, signal)).toBe(2);
    expect(await read()).toEqual(['1-0', '2-0', '3-0']);
    expect((await kept.list('alerts/events/dt=2026-06-01/')).items).toHaveLength(1);
  });
});
