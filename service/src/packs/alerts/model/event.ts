/** What happened to an alert. Events are kept by the hour, never changed, and read by the analyses. */
import { z } from 'zod';
import { ElementType } from './element.ts';
import { AlertSeverity } from './severity.ts';

export const AlertEvent = z.object({
  /** Of its batch and its place in it, so that a batch that is applied again makes the same events. */
  event_id: z.string(),
  alert_id: z.string(),
  /** The start of what was raised or changed, the end of what was cleared. ISO 8601, UTC, milliseconds. */
  at: z.iso.datetime(),
  kind: z.enum(['raise', 'change', 'clear']),
  severity: AlertSeverity,
  site_code: z.string(),
  element_type: ElementType,
  element_id: z.string(),
  name: z.string(),
  /** A post that said nothing new. It counts as noise and as nothing else. */
  duplicate: z.literal(true).optional(),
  /** Of what was cleared or acknowledged: when it had begun. */
  since: z.iso.datetime().optional(),
  /** A change by a person: somebody took it on. */
  acknowledged: z.literal(true).optional(),
});
export type AlertEvent = Readonly<z.infer<typeof AlertEvent>>;
