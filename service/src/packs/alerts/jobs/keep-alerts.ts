/** What keeps the alerts in order: events of acts that are still to be written, alerts that go to the archive, silences that go. */
import { z } from 'zod';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import { writeEvents } from '../life/act-on.ts';
import { silenceEnd } from '../model/silence.ts';
import { archiveAlert } from '../store/archive.ts';
import type { AlertPack } from '../world.ts';

const DAY_MS = 86_400_000;
/** Closed alerts are listed for so long. */
export const LISTED_DAYS = 7;
/** With more alerts than this, closed ones are listed for two days: the health of a site looks back one. */
const MOST_LISTED = 20_000;
const FEWEST_DAYS = 2;
/** Days for which a silence that is over is still listed, and can be looked up where somebody asks why nobody was told. */
const SILENCE_DAYS = 30;
/** Moves of one run; the rest waits for the next one. */
const MOST_MOVES = 5000;

export const keepAlertsJob: RecurringJob = { name: 'keep-alerts', worker: 'keep-alerts', cron: '*/10 * * * *' };

type KeepPack = Pick<AlertPack, 'states' | 'events' | 'silences' | 'objects' | 'now'>;

/** @returns how many were removed */
const forgetSilences = async ({ silences, now }: Pick<KeepPack, 'silences' | 'now'>): Promise<number> => {
  const before = now().getTime() - SILENCE_DAYS * DAY_MS;
  const over = (await silences.all()).filter((silence) => Date.parse(silenceEnd(silence)) < before);
  for (const { silence_id } of over) await silences.remove(silence_id);
  return over.length;
};

export const keepAlertsWorker = (pack: KeepPack): Worker =>
  defineWorker({
    name: 'keep-alerts',
    description:
      'Writes events that an act left behind, moves alerts that were closed long ago to the archive, and removes silences 30 days after their end.',
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
      const silences = await forgetSilences(pack);
      return { result: { alerts: alerts.length, archived, silences } };
    },
  });
