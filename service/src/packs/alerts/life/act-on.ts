/** Carries out what a person does to one alert: the state first, in one conditional write, and then its event. */
import { CountersignError } from '../../../errors.ts';
import type { Alert } from '../model/alert.ts';
import type { ChangedAlert } from '../store/states.ts';
import type { AlertPack } from '../world.ts';
import type { ActedBy } from './acts.ts';

type ActPack = Pick<AlertPack, 'states' | 'events' | 'now' | 'log'>;

/** Pure; undefined: nothing changes. */
export type ActStep = (alert: Alert, who: ActedBy) => Alert | undefined;

export const noAlert = (what: string): CountersignError =>
  new CountersignError('not_found', `${what} is no alert. list_alerts shows those there are.`);

/** Writes the events of acts that are still with their alert. Written again, they are the same objects. */
export const writeEvents = async (
  { events }: Pick<AlertPack, 'events'>,
  { unwritten = [] }: Pick<Alert, 'unwritten'>,
): Promise<void> => {
  for (const event of unwritten) await events.write(event.event_id, [event]);
};

/**
 * @returns the alert as it is now
 * @throws not_found, conflict, and what the act throws
 */
export const actOn = async (pack: ActPack, alertId: string, by: string, act: ActStep): Promise<ChangedAlert> => {
  const who = { by, at: pack.now().toISOString() };
  const done = await pack.states.change(alertId, (alert) => act(alert, who));
  if (done === undefined) throw noAlert(`alert_id: ${alertId}`);
  if (done.changed)
    await writeEvents(pack, done.alert).catch((err: unknown) => {
      // It is done, and its event is with it until the next turn of keep-alerts.
      pack.log.warn({ err, alertId }, 'the event of an act waits');
    });
  return done;
};

/** What `actOn` would answer. Writes nothing. */
export const previewAct = async (pack: ActPack, alertId: string, by: string, act: ActStep): Promise<ChangedAlert> => {
  const found = await pack.states.get(alertId);
  if (found === undefined) throw noAlert(`alert_id: ${alertId}`);
  const alert = act(found, { by, at: pack.now().toISOString() });
  return { alert: alert ?? found, changed: alert !== undefined };
};
