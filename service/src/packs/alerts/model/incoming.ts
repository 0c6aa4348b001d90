/** One alert as it came, in the words of the data model whatever its sender's form was. */
import type { ElementType } from './element.ts';
import type { AlertSeverity } from './severity.ts';

export interface IncomingAlert {
  /** The form it came in, or the name that a sender of the generic form gives itself. */
  readonly source: string;
  readonly name: string;
  readonly description: string;
  readonly severity: AlertSeverity;
  readonly severity_defaulted: boolean;
  readonly status: 'firing' | 'resolved';
  /** Empty where the sender named none. */
  readonly site_code: string;
  readonly element_type: ElementType;
  readonly element_id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly starts_at: string;
  /** Null while it fires. */
  readonly ends_at: string | null;
  readonly received_at: string;
}

/** When it happened: the end of what is resolved, otherwise the start. */
export const happenedAt = ({ status, severity, starts_at, ends_at, received_at }: IncomingAlert): string =>
  status === 'resolved' || severity === 0 ? (ends_at ?? received_at) : starts_at;
