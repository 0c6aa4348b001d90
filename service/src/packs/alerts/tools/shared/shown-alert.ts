/** Alerts as answers show them: text from outside is cleaned, and what only the store needs is left out. */
import { z } from 'zod';
import { clean, cleanProse } from '../../../../untrusted.ts';
import { type Alert, alertStatuses } from '../../model/alert.ts';
import { elementTypes } from '../../model/element.ts';

/** One row of a list. */
export const ListedAlert = z.object({
  alert_id: z.string(),
  name: z.string(),
  severity: z.int().describe('0 Clear to 5 Critical'),
  status: z.enum(alertStatuses),
  site_code: z.string(),
  element_type: z.enum(elementTypes),
  element_id: z.string(),
  starts_at: z.string(),
  acknowledged_by: z.string().nullable(),
  resolved_at: z.string().nullable(),
  duplicate_count: z.int(),
  occurrence_count: z.int(),
});

export const listedAlert = (alert: Alert): z.input<typeof ListedAlert> => ({
  alert_id: alert.alert_id,
  name: clean(alert.name),
  severity: alert.severity,
  status: alert.status,
  site_code: clean(alert.site_code),
  element_type: alert.element_type,
  element_id: clean(alert.element_id),
  starts_at: alert.starts_at,
  acknowledged_by: alert.acknowledged_by === null ? null : clean(alert.acknowledged_by),
  resolved_at: alert.resolved_at,
  duplicate_count: alert.duplicate_count,
  occurrence_count: alert.occurrence_count,
});

export const untrustedIn = (path: string): string[] => [`${path}.name`, `${path}.site_code`, `${path}.element_id`];

/** Notes of one answer, the newest ones. */
const MOST_NOTES = 10;
/** Labels and annotations of one answer each. */
const MOST_LABELS = 30;
const NOTE_CHARACTERS = 1000;

const ShownNote = z.object({
  note_id: z.string(),
  at: z.string(),
  by: z.string(),
  text: z.string(),
  about: z.enum(['acknowledge', 'resolve']).optional(),
});

/** One alert with everything that people look at. */
export const WholeAlert = ListedAlert.extend({
  fingerprint: z.string(),
  source: z.string(),
  description: z.string(),
  severity_defaulted: z.boolean().describe('Its sender named none that is known'),
  ends_at: z.string().nullable(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  acknowledged_at: z.string().nullable(),
  acknowledgement_expires_at: z.string().nullable(),
  resolved_by: z.string().nullable(),
  escalation_level: z.int(),
  version: z.int(),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  notes: z.array(ShownNote).describe('The newest, newest first'),
  total_notes: z.int(),
});

const shownPairs = (pairs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(pairs)
      .slice(0, MOST_LABELS)
      .map(([key, value]) => [clean(key), clean(value)]),
  );

export const wholeAlert = (alert: Alert): z.input<typeof WholeAlert> => ({
  ...listedAlert(alert),
  fingerprint: alert.fingerprint,
  source: clean(alert.source),
  description: cleanProse(alert.description, NOTE_CHARACTERS),
  severity_defaulted: alert.severity_defaulted,
  ends_at: alert.ends_at,
  first_seen_at: alert.first_seen_at,
  last_seen_at: alert.last_seen_at,
  acknowledged_at: alert.acknowledged_at,
  acknowledgement_expires_at: alert.acknowledgement_expires_at,
  resolved_by: alert.resolved_by === null ? null : clean(alert.resolved_by),
  escalation_level: alert.escalation_level,
  version: alert.version,
  labels: shownPairs(alert.labels),
  annotations: shownPairs(alert.annotations),
  notes: alert.notes
    .slice(-MOST_NOTES)
    .toReversed()
    .map((note) => ({ ...note, text: cleanProse(note.text, NOTE_CHARACTERS) })),
  total_notes: alert.notes.length,
});

export const untrustedInWhole = (path: string): string[] => [
  ...untrustedIn(path),
  ...['source', 'description', 'labels', 'annotations', 'notes[].text'].map((field) => `${path}.${field}`),
];
