/** What each part of the contract is handed. */
import { randomUUID } from 'node:crypto';
import type { Audit } from '../../../src/audit/port.ts';
import type { AuditEvent } from '../../../src/audit/record.ts';
import type { TableEngine } from '../../../src/ports/tables.ts';
import { auditKeys } from '../../rigs/audit-keys.ts';

export interface AuditBench {
  /** Open from before the first test until after the last. */
  readonly tables: TableEngine;
  /** Which part of the load to put on it: 1 is all. */
  readonly share: number;
  readonly now: () => Date;
  /** Sets the clock until the end of the test. */
  moveTo(time: Date): void;
  /** A new log over the tables, or over others, that keeps records for thirty days. */
  audit(over?: TableEngine): Audit;
}

/** A partition that no other test writes to. */
export const someone = (): string => `person-${randomUUID()}`;

export const event = (fields: Partial<AuditEvent> = {}): AuditEvent => ({
  userId: 'ada',
  correlationId: 'c-1',
  tool: 'check_tag_compliance',
  action: 'read',
  result: 'success',
  ...fields,
});

/** What a verification of logs of the bench is told. */
export const asWritten = { keys: auditKeys, retentionDays: 30 };
