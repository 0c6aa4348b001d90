/** The tables of the audit log, its exports, and the imported logs of older systems. */
import { attribute, type TableContract } from '../table.ts';

const { string, optionalString, number, json, timestamp, optionalTimestamp, optionalEpoch } = attribute;

export const auditTables = {
  'audit-logs': {
    description: 'What happened, append-only; each record carries the hash of the one before it in its partition.',
    postgres: 'audit_logs',
    partition: 'userId',
    sort: 'timestamp',
    attributes: {
      userId: string,
      timestamp: timestamp,
      logDate: string,
      sequence: number,
      previousHash: string,
      hash: string,
      correlationId: string,
      tool: string,
      action: string,
      result: string,
      operationId: optionalString,
      accountId: optionalString,
      record: json,
      expirationTime: optionalEpoch,
    },
    indexes: {
      'operationId-index': { partition: 'operationId', sort: 'timestamp' },
      'accountId-timestamp-index': { partition: 'accountId', sort: 'timestamp' },
      'timestamp-index': { partition: 'logDate', sort: 'timestamp' },
      'correlationId-index': { partition: 'correlationId', sort: 'timestamp' },
      'tool-timestamp-index': { partition: 'tool', sort: 'timestamp' },
    },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
    appendOnly: true,
  },
  'imported-audit': {
    description:
      'Records of the audit log of an old system, as they were when they were imported. They are in no chain; a record of the audit log names their root.',
    postgres: 'imported_audit',
    partition: 'importId',
    sort: 'position',
    attributes: {
      importId: string,
      // Number of the row where it came from, 16 digits so that texts sort like numbers.
      position: string,
      timestamp: timestamp,
      logDate: string,
      userId: string,
      tool: string,
      rowHash: string,
      record: json,
    },
    indexes: {
      'timestamp-index': { partition: 'logDate', sort: 'timestamp' },
      'userId-index': { partition: 'userId', sort: 'timestamp' },
    },
    pointInTimeRecovery: true,
    appendOnly: true,
  },
  'audit-heads': {
    description: 'The newest sequence number and hash of each audit partition.',
    postgres: 'audit_heads',
    partition: 'userId',
    attributes: {
      userId: string,
      sequence: number,
      hash: string,
      timestamp: timestamp,
      // When the newest record may be deleted; not this table's own TTL, for heads stay.
      recordExpires: optionalEpoch,
      // HMAC over the others. Absent in heads written before heads were signed.
      signature: optionalString,
    },
    indexes: {},
    pointInTimeRecovery: true,
    scanned: true,
  },
  'audit-exports': {
    description:
      'How far the audit log of each partition was exported for auditors, and the file that is being written.',
    postgres: 'audit_exports',
    partition: 'userId',
    attributes: {
      userId: string,
      // The last record in a file that is there: number, hash and time. 0 before the first.
      sequence: number,
      hash: string,
      timestamp: optionalTimestamp,
      // The records of the file that is being written. Whoever takes it over writes these and no others.
      fileFrom: { type: 'number', optional: true },
      fileTo: { type: 'number', optional: true },
    },
    indexes: {},
    pointInTimeRecovery: true,
  },
} as const satisfies Record<string, TableContract>;
