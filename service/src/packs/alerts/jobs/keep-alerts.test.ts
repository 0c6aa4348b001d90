import pino from 'pino';
import { receive } from '../../../../test/rigs/alerts.ts';
import { incomingAlert } from '../../../../test/rigs/incoming-alert.ts';
import { type MemoryObjects, openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import { actOn } from '../life/act-on.ts';
import { resolve } from '../life/acts.ts';
import type { AlertEvent } from '../model/event.ts';
import { createSilences } from '../silences/silences.ts';
import { createEvents } from '../store/events.ts';
import { createStates } from '../store/states.ts';
import { keepAlertsWorker } from './keep-alerts.ts';

const begun = '2026-05-01T10:00:00.000Z';
const log = pino({ level: 'silent' });
const openPack = (objects: MemoryObjects = openMemoryObjects()) => {
  const clock = { at: begun };
  const now = () => new Date(clock.at);
  const silences = createSilences(objects, log, now);
  const parts = { objects, silences, states: createStates(objects, log, now), events: createEvents(objects), now, log };
  const run = async () => {
    const job = { jobId: 'j', payload: {}, attempt: 1, createdAt: now(), log, now, report: async () => {} };
    return keepAlertsWorker(parts).work({
      ...job,
      signal: new AbortController().signal,
    });
  };
  const events = async (): Promise<AlertEvent[]> => {
    const found: AlertEvent[] = [];
    const period = { from: new Date('2026-05-01T00:00:00.000Z'), to: new Date('2026-05-02T00:00:00.000Z') };
    for await (const page of parts.events.read(period, new AbortController().signal)) found.push(...page);
    return found;
  };
  return { ...parts, clock, run, allEvents: events };
};
type Opened = ReturnType<typeof openPack>;
const close = ({ states, events, now }: Opened, alertId: string) =>
  actOn({ states, events, now, log }, alertId, 'ana', (alert, who) => resolve(alert, who, 'Done'));

it('writes the event of an act whose task died before it could, once', async () => {
  const pack = openPack();
  const { alert_id } = await receive(pack.states, incomingAlert(begun));
  pack.objects.before = async (verb, key) => {
    if (verb === 'put' && key.startsWith('alerts/events/')) throw new Error('killed');
  };
  expect(await close(pack, alert_id)).toMatchObject({ changed: true, alert: { status: 'resolved' } });
  expect(await pack.allEvents()).toEqual([]);
  pack.objects.before = async () => {};
  await pack.run();
  await pack.run();
  expect(await pack.allEvents()).toMatchObject([{ alert_id, kind: 'clear', since: begun }]);
  expect((await pack.states.get(alert_id))?.unwritten).toBeUndefined();
});

it('keeps an event that comes while it writes others', async () => {
  const pack = openPack();
  const { alert_id } = await receive(pack.states, incomingAlert(begun));
  await close(pack, alert_id);
  const late = { ...(await pack.allEvents())[0], event_id: 'late', kind: 'change' } as AlertEvent;
  pack.objects.before = async (verb, key) => {
    if (verb !== 'put' || !key.startsWith('alerts/events/')) return;
    pack.objects.before = async () => {};
    await pack.states.change(alert_id, (alert) => ({ ...alert, unwritten: [...(alert.unwritten ?? []), late] }));
  };
  await pack.run();
  expect((await pack.states.get(alert_id))?.unwritten).toEqual([late]);
  await pack.run();
  expect(await pack.allEvents()).toHaveLength(2);
});

it('archives what was closed more than a week ago, and nothing else', async () => {
  const pack = openPack();
  const old = await receive(pack.states, incomingAlert(begun, { element_id: 'old' }));
  await receive(pack.states, incomingAlert(begun, { element_id: 'open' }));
  await close(pack, old.alert_id);
  pack.clock.at = '2026-05-08T10:00:00.000Z';
  expect(await pack.run()).toEqual({ result: { alerts: 2, archived: 0, silences: 0 } });
  pack.clock.at = '2026-05-08T10:00:00.001Z';
  expect(await pack.run()).toEqual({ result: { alerts: 2, archived: 1, silences: 0 } });
  expect((await pack.states.all()).map(({ element_id }) => element_id)).toEqual(['open']);
  expect(await pack.states.get(old.alert_id)).toMatchObject({ status: 'resolved' });
});

it('removes silences 30 days after their end, also those that were ended before their time', async () => {
  const pack = openPack();
  const silence = (id: string, ends_at: string, ended_at: string | null = null) =>
    pack.silences.put(
      id,
      {
        ...{ silence_id: id, matchers: [{ name: 'site_code', value: 'CZA0021', isRegex: false, isEqual: true }] },
        ...{ starts_at: begun, created_at: begun, ends_at, ended_at, ended_by: null, kind: 'noise', comment: 'Known' },
        ...{ created_by: 'ana@example.com', created_by_id: 'ana' },
      },
      undefined,
    );
  await silence('over', '2026-05-02T10:00:00.000Z');
  await silence('ended', '2026-05-20T10:00:00.000Z', '2026-05-02T10:00:00.000Z');
  await silence('lasts', '2026-05-20T10:00:00.000Z');
  const left = async () => (await pack.silences.all()).map(({ silence_id }) => silence_id);
  pack.clock.at = '2026-06-01T10:00:00.000Z';
  await pack.run();
  expect(await left()).toEqual(['ended', 'lasts', 'over']);
  pack.clock.at = '2026-06-01T10:00:00.001Z';
  expect(await pack.run()).toMatchObject({ result: { silences: 2 } });
  expect(await left()).toEqual(['lasts']);
});
