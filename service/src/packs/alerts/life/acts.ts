/** What people do to an alert at once. Pure: each takes it as it is, and answers it as it will be. */
import { CountersignError } from '../../../errors.ts';
import { type Alert, type AlertNote, isUnresolved } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import { withStep } from '../model/history.ts';
import { unacknowledged } from './decide.ts';

/** Who does it, and when. */
export interface ActedBy {
  /** Mail address, or the person's id where they have none. */
  readonly by: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
}

/** Notes of one alert: its object is read whole, and a hundred long ones are 400 kB. */
export const MOST_NOTES = 100;
/** Words of acts that are kept; the audit log has all of them. */
const MOST_WORDS = 20;

const noteOf = (alert: Alert, { by, at }: ActedBy, text: string): AlertNote => ({
  note_id: `${alert.alert_id}-n${alert.version + 1}`,
  ...{ at, by, text },
});

/** The words of an act never keep it from being done: of those that are too many the oldest go. */
const withWords = (alert: Alert, who: ActedBy, text: string, about: 'acknowledge' | 'resolve'): Alert => {
  const words = alert.notes.filter((note) => note.about !== undefined);
  const oldest = words.length >= MOST_WORDS ? words[0] : undefined;
  return {
    ...alert,
    notes: [...alert.notes.filter((note) => note !== oldest), { ...noteOf(alert, who, text), about }],
  };
};

/** The event of an act: its id is the version that the act makes, so it is the same however often it is written. */
const eventOf = (alert: Alert, rest: Pick<AlertEvent, 'at' | 'kind' | 'acknowledged'>): AlertEvent => ({
  ...rest,
  event_id: `${alert.alert_id}-v${alert.version + 1}`,
  alert_id: alert.alert_id,
  severity: alert.severity,
  site_code: alert.site_code,
  element_type: alert.element_type,
  element_id: alert.element_id,
  name: alert.name,
  since: alert.starts_at,
});

const withEvent = (alert: Alert, event: AlertEvent): Alert => ({
  ...alert,
  unwritten: [...(alert.unwritten ?? []), event],
});

/**
 * Somebody takes it on.
 * @param expiresAt when it fires again by itself, unless it is resolved before; null: never
 * @returns undefined where somebody has done so already: that stays as it is
 * @throws conflict for one that is resolved
 */
export const acknowledge = (
  alert: Alert,
  who: ActedBy,
  { expiresAt, comment }: { readonly expiresAt: string | null; readonly comment: string | undefined },
): Alert | undefined => {
  if (!isUnresolved(alert))
    throw new CountersignError(
      'conflict',
      `alert_id: this alert was resolved at ${alert.resolved_at}, and only open ones are acknowledged. list_alerts shows those.`,
    );
  if (alert.status === 'acknowledged') return undefined;
  const noted = comment === undefined ? alert : withWords(alert, who, comment, 'acknowledge');
  const taken: Alert = {
    ...noted,
    status: 'acknowledged',
    acknowledged_at: who.at,
    acknowledged_by: who.by,
    acknowledgement_expires_at: expiresAt,
  };
  const event = eventOf(alert, { at: who.at, kind: 'change', acknowledged: true });
  return withStep(withEvent(taken, event), { ...who, kind: 'acknowledge', severity: alert.severity });
};

/**
 * Somebody says that it is over. A sender that goes on reporting the same start opens it no more.
 * @returns undefined where it is closed already
 */
export const resolve = (alert: Alert, who: ActedBy, resolution: string): Alert | undefined => {
  if (!isUnresolved(alert)) return undefined;
  // A start in the future, by a sender's clock, must not make the end come before it.
  const at = new Date(Math.max(Date.parse(who.at), Date.parse(alert.starts_at))).toISOString();
  const closed: Alert = {
    ...withWords(alert, who, resolution, 'resolve'),
    status: 'resolved',
    ends_at: at,
    resolved_at: at,
    resolved_by: who.by,
  };
  const event = eventOf(alert, { at, kind: 'clear' });
  return withStep(withEvent(closed, event), { ...who, at, kind: 'clear', severity: alert.severity });
};

/**
 * Somebody leaves a word. Also on what is closed: why it happened is often known later.
 * @throws too_large where there are as many as are kept
 */
export const addNote = (alert: Alert, who: ActedBy, text: string): Alert => {
  if (alert.notes.filter(({ about }) => about === undefined).length >= MOST_NOTES)
    throw new CountersignError(
      'too_large',
      `alert_id: this alert has ${MOST_NOTES} notes, and no more are kept. Write on in a ticket, whose number a note names.`,
    );
  return { ...alert, notes: [...alert.notes, noteOf(alert, who, text)] };
};

/** As it is at a time: an acknowledgement that has expired is none. */
export const lapsed = (alert: Alert, now: Date): Alert => {
  const { status, acknowledgement_expires_at: at, severity } = alert;
  if (status !== 'acknowledged' || at === null || Date.parse(at) > now.getTime()) return alert;
  return withStep({ ...alert, status: 'firing', ...unacknowledged }, { at, kind: 'lapse', severity });
};
