/** Alerts as answers show them: text from outside is cleaned, and what only the store needs is left out. */
import { z } from 'zod';
import { clean } from '../../../../untrusted.ts';
import { type Alert, alertStatuses } from '../../model/alert.ts';

/** One row of a list. */
export const ListedAlert = z.object({
  alert_id: z.string(),
  name: z.string(),
  severity: z.int().describe('0 Clear to 5 Critical'),
  status: z.enum(alertStatuses),
  site_code: z.string(),
  element_type: z.string(),
  element_id: z.string(),
  starts_at: z.string(),
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
  duplicate_count: alert.duplicate_count,
  occurrence_count: alert.occurrence_count,
});

export const untrustedIn = (path: string): string[] => [`${path}.name`, `${path}.site_code`, `${path}.element_id`];
