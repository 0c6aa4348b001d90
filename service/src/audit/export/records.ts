/** Reads the records of a partition that follow what was exported, as long as they follow one another. */
import type { TableReader } from '../../ports/tables.ts';
import { hashOf, recordFromRow } from '../chain.ts';
import type { AuditRecord } from '../record.ts';

/** The last record that is in a file. */
export interface Exported {
  readonly sequence: number;
  readonly hash: string;
  /** ISO time. */
  readonly timestamp?: string | undefined;
}

/** Records that are not as the service wrote them. They are not exported as if they were. */
export class BrokenLog extends Error {
  override readonly name = 'BrokenLog';
}

/** Of one file: what is in memory at a time. */
const MOST_RECORDS = 1000;
const MOST_CHARACTERS = 8_000_000;
const PAGE = 500;

async function* after(tables: TableReader, userId: string, { sequence, timestamp }: Exported) {
  let cursor: string | undefined;
  do {
    const page = await tables.query('audit-logs', {
      partition: userId,
      limit: PAGE,
      ...(timestamp !== undefined && { from: timestamp }),
      ...(cursor !== undefined && { cursor }),
    });
    for (const row of page.items) if (row.sequence > sequence) yield recordFromRow(row);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Whether what is missing before a record may be gone: its time to be kept was over, as the record itself says. */
const mayBegin = ({ previousExpires }: AuditRecord, now: number): boolean =>
  previousExpires !== undefined && previousExpires <= now;

/** @throws BrokenLog where a record has not its hash, does not name the one before, or one is missing before its time */
const follows = (record: AuditRecord, last: Exported, now: number): 'next' | 'later' => {
  const { sequence, userId } = record;
  const wrong = (what: string) => new BrokenLog(`record ${sequence} of the chain ${userId} ${what}`);
  if (hashOf(record) !== record.hash) throw wrong('does not have its hash');
  if (sequence === last.sequence + 1) {
    if (record.previousHash !== last.hash) throw wrong('does not follow the one before it');
    return 'next';
  }
  if (mayBegin(record, now)) return 'later';
  throw wrong(`comes next, and record ${last.sequence + 1} is missing`);
};

/**
 * Up to so many as one file takes. Empty when all are exported.
 * @param tables must show rows past their TTL: they are exported as long as they are there
 * @param to the last one that is wanted; default: as many as a file takes
 * @throws BrokenLog
 */
export const recordsAfter = async (
  tables: TableReader,
  userId: string,
  exported: Exported,
  now: Date,
  to = Number.POSITIVE_INFINITY,
): Promise<readonly AuditRecord[]> => {
  const records: AuditRecord[] = [];
  let last: Exported = exported;
  let characters = 0;
  for await (const record of after(tables, userId, exported)) {
    if (record.sequence > to) break;
    const place = follows(record, last, Math.floor(now.getTime() / 1000));
    // A file names its first and last record, so nothing may be missing between them.
    if (place === 'later' && records.length > 0) break;
    records.push(record);
    last = record;
    characters += JSON.stringify(record).length;
    if (to === Number.POSITIVE_INFINITY && (records.length >= MOST_RECORDS || characters >= MOST_CHARACTERS)) break;
  }
  return records;
};

/** When the first record was written that is in no file; undefined when all are. */
export const oldestWaiting = async (
  tables: TableReader,
  userId: string,
  exported: Exported,
): Promise<string | undefined> => {
  for await (const { timestamp } of after(tables, userId, exported)) return timestamp;
  return undefined;
};
