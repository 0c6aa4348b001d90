import type { AuditEvent, AuditRecord } from './record.ts';

export interface AuditFilter {
  /** At least one of the first four; the narrowest index is used and the others filter. */
  readonly userId?: string;
  readonly operationId?: string;
  readonly accountId?: string;
  readonly correlationId?: string;
  /** Inclusive ISO bounds. Without any of the four above, `from` must be given and at most 31 days are read. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** The append-only log. There is no verb that changes or removes a record. */
export interface Audit {
  /** Resolves once the record is durable; rejects with store_unavailable otherwise, and the caller must then not act. */
  append(event: AuditEvent): Promise<AuditRecord>;
  /** Newest first. */
  query(filter: AuditFilter): Promise<{ readonly items: AuditRecord[]; readonly cursor?: string }>;
}
