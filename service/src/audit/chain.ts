/** The hash chain: how an event becomes the next record of its partition, and how a record is kept. */
import type { Row } from '../../../contracts/tables.ts';
import { canonicalJson, sha256 } from '../canonical.ts';
import type { AuditEvent, AuditRecord } from './record.ts';

/** What the first record of a partition names as the hash before it. */
export const NO_HASH = '0'.repeat(64);
const DAY_SECONDS = 86_400;

/** The end of a partition's chain. */
export type Head = Row<'audit-heads'>;

/** SHA-256 over the canonical JSON of everything in the record but its hash. */
export const hashOf = ({ hash: _hash, ...rest }: AuditRecord): string => sha256(canonicalJson(rest));

/**
 * The record after `head`. Times grow strictly along a chain, by at least a millisecond.
 * @param previousSignature kept in the record where the head before it is not vouched for with the key of today
 */
export const follow = (
  event: AuditEvent,
  head: Head | undefined,
  now: Date,
  previousSignature?: string,
): AuditRecord => {
  const earliest = head === undefined ? 0 : Date.parse(head.timestamp) + 1;
  const unsigned: AuditRecord = {
    ...event,
    timestamp: new Date(Math.max(now.getTime(), earliest)).toISOString(),
    sequence: (head?.sequence ?? 0) + 1,
    previousHash: head?.hash ?? NO_HASH,
    ...(head?.recordExpires === undefined ? {} : { previousExpires: head.recordExpires }),
    ...(previousSignature === undefined ? {} : { previousSignature }),
    hash: '',
  };
  return { ...unsigned, hash: hashOf(unsigned) };
};

/** The head that `record` makes, not signed yet. A record never expires before the one it follows, so only the oldest can be gone. */
export const headOf = (record: AuditRecord, retentionDays: number): Head => ({
  userId: record.userId,
  sequence: record.sequence,
  hash: record.hash,
  timestamp: record.timestamp,
  recordExpires: Math.max(
    Math.floor(Date.parse(record.timestamp) / 1000) + retentionDays * DAY_SECONDS,
    record.previousExpires ?? 0,
  ),
});

export const logDateOf = (timestamp: string): string => timestamp.slice(0, 10);

export const recordToRow = (record: AuditRecord, expires: number | undefined): Row<'audit-logs'> => {
  const { userId, timestamp, sequence, previousHash, hash, correlationId, tool, action, result, ...more } = record;
  const { operationId, accountId, ...rest } = more;
  return {
    userId,
    timestamp,
    logDate: logDateOf(timestamp),
    sequence,
    previousHash,
    hash,
    correlationId,
    tool,
    action,
    result,
    operationId,
    accountId,
    record: rest,
    expirationTime: expires,
  };
};

/** Not parsed again: a record that somebody spoiled must stay readable, and `verifyChain` tells that it was. */
export const recordFromRow = ({
  record: rest,
  logDate: _date,
  expirationTime: _expires,
  ...columns
}: Row<'audit-logs'>) => ({ ...Object(rest), ...columns }) as AuditRecord;
