import type { Row } from '../../../contracts/tables.ts';
import type { Page, Write } from '../ports/tables.ts';
import type { AuditEvent, AuditRecord } from './record.ts';

export interface AuditFilter {
  /** At least one of the first five; the narrowest index is used and the others filter. */
  readonly userId?: string;
  readonly operationId?: string;
  readonly accountId?: string;
  readonly correlationId?: string;
  readonly tool?: string;
  /** What came of it. Filters what the others and the time find. */
  readonly result?: AuditRecord['result'];
  /** Inclusive ISO bounds. Without any of the five above, `from` must be given and at most 31 days are read. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
  /**
   * Whether a record is for whoever asks. With it a cursor is there only where another such record follows, as far as
   * was read.
   */
  readonly shows?: (record: AuditRecord) => boolean | Promise<boolean>;
}

/** Writes that become true in the same transaction as the record that tells of them. */
export interface Together {
  readonly writes: readonly Write[];
  /** Whether their expectations still hold. Asked when the transaction was refused, to know whose fault that was. */
  possible(): Promise<boolean>;
}

/** The append-only log. There is no verb that changes or removes a record. */
export interface Audit {
  /** Resolves once the record is durable; rejects with store_unavailable otherwise, and the caller must then not act. */
  append(event: AuditEvent): Promise<AuditRecord>;
  /**
   * Appends the record and makes the writes, or does neither, so that a record of success exists exactly if what it
   * tells happened. Undefined when an expectation of the writes does not hold. Rejects like `append`.
   */
  appendWith(event: AuditEvent, together: Together): Promise<AuditRecord | undefined>;
  /** Newest first. */
  query(filter: AuditFilter): Promise<{ readonly items: AuditRecord[]; readonly cursor?: string }>;
}

export interface ImportedFilter {
  /** Who did it, as the other system called them. */
  readonly userId?: string;
  /** Inclusive ISO bounds. Without a person `from` must be given and at most 31 days are read. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** The log of the system before this one, as it was imported. Its records are in no chain. */
export interface ImportedAudit {
  /** Newest first. @throws invalid_input for bounds or a cursor that cannot be */
  query(filter: ImportedFilter): Promise<Page<Row<'imported-audit'>>>;
}
