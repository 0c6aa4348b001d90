/** What happened to an alert. Events are kept by the hour, never changed, and read by the analyses. */
import type { ElementType } from './element.ts';
import type { AlertSeverity } from './severity.ts';

export interface AlertEvent {
  /** Of its batch and its place in it, so that a batch that is applied again makes the same events. */
  readonly event_id: string;
  readonly alert_id: string;
  /** The start of what was raised or changed, the end of what was cleared. ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly kind: 'raise' | 'change' | 'clear';
  readonly severity: AlertSeverity;
  readonly site_code: string;
  readonly element_type: ElementType;
  readonly element_id: string;
  readonly name: string;
  /** A post that said nothing new. It counts as noise and as nothing else. */
  readonly duplicate?: true;
}
