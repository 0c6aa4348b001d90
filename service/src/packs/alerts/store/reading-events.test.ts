import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderObjects } from '../../../objects/folder.ts';
import { linked } from '../../../objects/index.ts';
import type { OpenObject } from '../../../ports/objects.ts';
import type { AlertEvent } from '../model/event.ts';
import { createEvents } from './events.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-events-'));
});
afterAll(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const engine = () => linked(folderObjects(folder), { sign: () => Promise.reject(new Error('no links')) });

const event = (event_id: string, at: string, name = 'CellOut'): AlertEvent => ({
  event_id,
  alert_id: 'a',
  at,
  kind: 'raise',
  severity: 3,
  site_code: 'CZA0021',
  element_type: 'CELL_SITE',
  element_id: '',
  name,
});

const dayOf = (date: string) => ({ from: new Date(`${date}T00:00:00Z`), to: new Date(`${date}T23:59:59Z`) });

it('reads each event once of objects that are merged after they were listed', async () => {
  const objects = engine();
  const events = createEvents(objects);
  const day = dayOf('2026-05-01');
  for (let batch = 0; batch < 12; batch += 1)
    await events.write(`b${String(batch).padStart(2, '0')}`, [event(`${batch}`, '2026-05-01T10:00:00.000Z')]);
  const found: string[] = [];
  for await (const rows of events.read(day, signal)) {
    found.push(...rows.map(({ event_id }) => event_id));
    if (found.length === 1) expect(await events.merge(day, signal)).toBe(11);
  }
  expect(found.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 12 }, (_, at) => `${at}`));
});

it('opens a few objects ahead, in order, and lets go of them when its reader stops', async () => {
  const objects = engine();
  const opened: OpenObject[] = [];
  const watched = {
    ...objects,
    get: async (key: string) => {
      const found = await objects.get(key);
      if (found !== undefined) opened.push(found);
      return found;
    },
  };
  const events = createEvents(watched);
  for (let hour = 0; hour < 24; hour += 1)
    await events.write('b', [event(`${hour}`, `2026-05-02T${String(hour).padStart(2, '0')}:30:00.000Z`)]);
  const read: string[] = [];
  for await (const rows of events.read(dayOf('2026-05-02'), signal)) {
    read.push(...rows.map(({ event_id }) => event_id));
    if (read.length === 3) break;
  }
  expect(read).toEqual(['0', '1', '2']);
  expect(opened.length).toBeGreaterThan(3);
  expect(opened.length).toBeLessThan(13);
  expect(opened.every(({ body }) => body.destroyed)).toBe(true);
});

it('reads names that are cut between two parts of the text', async () => {
  const events = createEvents(engine());
  const rows = Array.from({ length: 3000 }, (_, at) => event(`${at}`, '2026-05-03T10:00:00.000Z', `Läuft 漢字 ${at}`));
  await events.write('b', rows);
  const found: AlertEvent[] = [];
  for await (const page of events.read(dayOf('2026-05-03'), signal)) found.push(...page);
  expect(found).toEqual(rows);
});
