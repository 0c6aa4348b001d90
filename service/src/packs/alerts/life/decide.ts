/** What a post does to the newest alert of its fingerprint. */
import { type Alert, isUnresolved } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import { withStep } from '../model/history.ts';
import { happenedAt, type IncomingAlert } from '../model/incoming.ts';

export const outcomes = ['created', 'reopened', 'duplicate', 'updated', 'resolved', 'ignored'] as const;
export type Outcome = (typeof outcomes)[number];

/** An alert that fires again this long after its end, or sooner, is the same one. */
export const REOPENS_MS = 45 * 60_000;

export interface Ids {
  /** Of an alert that this post begins. */
  readonly alertId: string;
  readonly eventId: string;
}

export interface Decided {
  readonly outcome: Outcome;
  /** As it is from now on. Undefined: nothing is to be written. */
  readonly alert?: Alert;
  readonly event?: AlertEvent;
}

const ends = ({ status, severity }: IncomingAlert): boolean => status === 'resolved' || severity === 0;

const sameRecord = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
};

const saysNothingNew = (alert: Alert, incoming: IncomingAlert): boolean =>
  alert.severity === incoming.severity &&
  alert.description === incoming.description &&
  sameRecord(alert.annotations, incoming.annotations);

const outcomeOf = (current: Alert | undefined, incoming: IncomingAlert): Outcome => {
  const at = Date.parse(happenedAt(incoming));
  if (current === undefined) return ends(incoming) ? 'ignored' : 'created';
  if (!isUnresolved(current)) {
    const since = at - Date.parse(current.resolved_at ?? current.last_seen_at);
    if (ends(incoming) || since <= 0) return 'ignored';
    return since <= REOPENS_MS ? 'reopened' : 'created';
  }
  if (at < Date.parse(current.starts_at)) return 'ignored';
  if (ends(incoming)) return 'resolved';
  return saysNothingNew(current, incoming) ? 'duplicate' : 'updated';
};

const begun = (incoming: IncomingAlert, alertId: string): Alert => ({
  alert_id: alertId,
  fingerprint: fingerprintOf(incoming),
  source: incoming.source,
  name: incoming.name,
  description: incoming.description,
  severity: incoming.severity,
  severity_defaulted: incoming.severity_defaulted,
  status: 'firing',
  element_type: incoming.element_type,
  element_id: incoming.element_id,
  site_code: incoming.site_code,
  labels: incoming.labels,
  annotations: incoming.annotations,
  starts_at: incoming.starts_at,
  ends_at: null,
  first_seen_at: incoming.received_at,
  last_seen_at: incoming.received_at,
  ...unacknowledged,
  resolved_at: null,
  resolved_by: null,
  duplicate_count: 0,
  occurrence_count: 1,
  escalation_level: 0,
  notes: [],
  history: [],
  version: 1,
  applied: [],
});

export const unacknowledged = {
  acknowledged_at: null,
  acknowledged_by: null,
  acknowledgement_expires_at: null,
} as const;

/** Takes over what the post says, and leaves what people did. */
const told = (alert: Alert, incoming: IncomingAlert): Alert => ({
  ...alert,
  description: incoming.description,
  severity: incoming.severity,
  severity_defaulted: incoming.severity_defaulted,
  labels: incoming.labels,
  annotations: incoming.annotations,
  last_seen_at: incoming.received_at,
});

const reopened = (alert: Alert, incoming: IncomingAlert): Alert => ({
  ...told(alert, incoming),
  status: 'firing',
  starts_at: incoming.starts_at,
  ends_at: null,
  ...unacknowledged,
  resolved_at: null,
  resolved_by: null,
  occurrence_count: alert.occurrence_count + 1,
  escalation_level: 0,
});

/** An acknowledgement was of what was known then: it ends when the alert gets worse. */
const updated = (alert: Alert, incoming: IncomingAlert): Alert => ({
  ...told(alert, incoming),
  ...(incoming.severity > alert.severity && { status: 'firing' as const, ...unacknowledged }),
});

const resolved = (alert: Alert, incoming: IncomingAlert): Alert => ({
  ...alert,
  status: 'resolved',
  ends_at: happenedAt(incoming),
  last_seen_at: incoming.received_at,
  resolved_at: happenedAt(incoming),
  resolved_by: incoming.source,
});

const next: Readonly<
  Record<Exclude<Outcome, 'created' | 'ignored'>, (alert: Alert, incoming: IncomingAlert) => Alert>
> = {
  reopened,
  updated,
  resolved,
  duplicate: (alert, { received_at }) => ({
    ...alert,
    last_seen_at: received_at,
    duplicate_count: alert.duplicate_count + 1,
  }),
};

const kinds = {
  created: 'raise',
  reopened: 'raise',
  duplicate: 'raise',
  updated: 'change',
  resolved: 'clear',
} as const;

const eventOf = (alert: Alert, incoming: IncomingAlert, outcome: keyof typeof kinds, eventId: string): AlertEvent => ({
  event_id: eventId,
  alert_id: alert.alert_id,
  at: happenedAt(incoming),
  kind: kinds[outcome],
  severity: alert.severity,
  site_code: alert.site_code,
  element_type: alert.element_type,
  element_id: alert.element_id,
  name: alert.name,
  ...(outcome === 'duplicate' && { duplicate: true }),
  ...(outcome === 'resolved' && { since: alert.starts_at }),
});

/**
 * Pure: asked again with the same arguments, it decides the same.
 * @param current the newest alert of the fingerprint; undefined: there was none yet
 */
export const decidePost = (current: Alert | undefined, incoming: IncomingAlert, { alertId, eventId }: Ids): Decided => {
  const outcome = outcomeOf(current, incoming);
  if (outcome === 'ignored') return { outcome };
  const decided =
    outcome === 'created' || current === undefined
      ? begun(incoming, alertId)
      : { ...next[outcome](current, incoming), version: current.version + 1 };
  const event = eventOf(decided, incoming, outcome, eventId);
  const { kind, severity } = event;
  // The event of a change is at the start of its alert. People want to know when it changed.
  const at = kind === 'change' ? incoming.received_at : event.at;
  const alert = outcome === 'duplicate' ? decided : withStep(decided, { at, kind, severity });
  return { outcome, alert, event };
};
