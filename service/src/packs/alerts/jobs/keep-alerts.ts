/** What keeps the alerts in order: events of acts that are still to be written, and alerts that go to the archive. */
import { z } from 'zod';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import { writeEvents } from '../life/act-on.ts';
import { archiveAlert } from '../store/archive.ts';
import type { AlertPack } from '../world.ts';

const DAY_MS = 86_400_000;
/** Closed alerts are listed for so long. */
export const LISTED_DAYS = 7;
/** With more alerts than this, closed ones are listed for two days: the health of a site looks back one. */
const MOST_LISTED = 20_000;
const FEWEST_DAYS = 2;
/** Moves of one run; the rest waits for the next one. */
const MOST_MOVES = 5000;

export const keepAlertsJob: RecurringJob = { name: 'keep-alerts', worker: 'keep-alerts', cron: '*/10 * * * *' };

type KeepPack = Pick<AlertPack, 'states' | 'events' | 'objects' | 'now'>;

export const keepAlertsWorker = (pack: KeepPack): Worker =>
  defineWorker({
    name: 'keep-alerts',
    description: 'Writes events that an act left behind, and moves alerts that were closed long ago to the archive.',
    payload: z.strictObject({}),
    atOnce: 1,
    work: async ({ signal, report }) => {
      const alerts = await pack.states.all();
      for (const { alert_id, unwritten } of alerts) {
        if (unwritten === undefined || unwritten.length === 0) continue;
        signal.throwIfAborted();
        const written = new Set(unwritten.map(({ event_id }) => event_id));
        await writeEvents(pack, { unwritten });
        await pack.states.change(alert_id, (alert) => {
          const left = (alert.unwritten ?? []).filter(({ event_id }) => !written.has(event_id));
          return { ...alert, unwritten: left.length === 0 ? undefined : left };
        });
      }
      const days = alerts.length > MOST_LISTED ? FEWEST_DAYS : LISTED_DAYS;
      const before = new Date(pack.now().getTime() - days * DAY_MS);
      const due = alerts.filter(({ resolved_at: at }) => at !== null && Date.parse(at) < before.getTime());
      let archived = 0;
      for (const [place, { alert_id }] of due.slice(0, MOST_MOVES).entries()) {
        signal.throwIfAborted();
        if (await archiveAlert(pack.objects, alert_id, before)) archived += 1;
        if (place % 500 === 499) await report({ done: place + 1, total: due.length, note: 'moving to the archive' });
      }
      return { result: { alerts: alerts.length, archived } };
    },
  });
