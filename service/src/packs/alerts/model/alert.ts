/** An alert as it is kept, one JSON object each. Members have the names that answers have. */
import { z } from 'zod';
import { AppliedBatch } from './applied.ts';
import { ElementType } from './element.ts';
import { AlertEvent } from './event.ts';
import { AlertStep } from './history.ts';
import { AlertSeverity } from './severity.ts';

export const alertStatuses = ['firing', 'acknowledged', 'resolved'] as const;

/** ISO 8601, UTC, milliseconds. */
const Time = z.iso.datetime();

export const AlertNote = z.object({
  note_id: z.string(),
  at: Time,
  by: z.string(),
  text: z.string(),
  /** What was done with these words. */
  about: z.enum(['acknowledge', 'resolve']).optional(),
});
export type AlertNote = z.infer<typeof AlertNote>;

export const Alert = z.object({
  /** The fingerprint, and from the second alert of one fingerprint on a number behind it: `<fingerprint>-2`. */
  alert_id: z.string(),
  fingerprint: z.string(),
  source: z.string(),
  name: z.string(),
  description: z.string(),
  severity: AlertSeverity,
  severity_defaulted: z.boolean(),
  status: z.enum(alertStatuses),
  element_type: ElementType,
  element_id: z.string(),
  site_code: z.string(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  starts_at: Time,
  ends_at: Time.nullable(),
  first_seen_at: Time,
  last_seen_at: Time,
  acknowledged_at: Time.nullable(),
  acknowledged_by: z.string().nullable(),
  /** When an acknowledgement ends by itself, and the alert fires again. */
  acknowledgement_expires_at: Time.nullable(),
  resolved_at: Time.nullable(),
  /** A person, or the source that reported the end. */
  resolved_by: z.string().nullable(),
  /** Posts that said nothing new. */
  duplicate_count: z.int(),
  /** Times that it began: 1, and one more for each reopening. */
  occurrence_count: z.int(),
  /** 0: nobody was told by an escalation yet. */
  escalation_level: z.int(),
  notes: z.array(AlertNote),
  history: z.array(AlertStep),
  /** One more with each write. */
  version: z.int(),
  /** Of the first alert of a fingerprint: how many there were so far. */
  generations: z.int().optional(),
  /** The last batches that were applied to it: nothing is counted twice. */
  applied: z.array(AppliedBatch),
  /** Events of acts of people. They are here before they are among the events, so that a task that dies loses none. */
  unwritten: z.array(AlertEvent).optional(),
  /** This object is a leftover: the alert itself is in the archive. */
  archived: z.literal(true).optional(),
});
export type Alert = z.infer<typeof Alert>;

export const isUnresolved = ({ status }: Pick<Alert, 'status'>): boolean => status !== 'resolved';
