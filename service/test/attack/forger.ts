/** Somebody who can write the database rewrites the audit log. The verifier must notice each try. */
import type { Row } from '../../../contracts/tables.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { rowsOf } from '../faults/watched.ts';
import type { World } from './world.ts';

type RecordRow = Row<'audit-logs'>;
type HeadRow = Row<'audit-heads'>;

interface Log {
  /** The records of one person, oldest first. */
  readonly records: readonly RecordRow[];
  readonly head: HeadRow;
}

interface Forgery {
  readonly name: string;
  forge(tables: TableEngine, log: Log): Promise<unknown>;
}

const keyOf = ({ userId, timestamp }: RecordRow) => ({ userId, timestamp });
const middle = ({ records }: Log): RecordRow => records[Math.floor(records.length / 2)] as RecordRow;
const longAgo = 1_000_000_000;

const forgeries: readonly Forgery[] = [
  {
    name: 'a record is changed',
    forge: (tables, log) => tables.put('audit-logs', { ...middle(log), result: 'blocked' }),
  },
  { name: 'a record is removed', forge: (tables, log) => tables.remove('audit-logs', keyOf(middle(log))) },
  {
    name: 'a record is hidden by its expiry',
    forge: (tables, log) => tables.put('audit-logs', { ...middle(log), expirationTime: longAgo }),
  },
  {
    name: "a person's records and head are removed",
    forge: async (tables, { records, head }) => {
      for (const record of records) await tables.remove('audit-logs', keyOf(record));
      await tables.remove('audit-heads', { userId: head.userId });
    },
  },
  {
    name: "a person's records are removed and the head says that they expired",
    forge: async (tables, { records, head }) => {
      for (const record of records) await tables.remove('audit-logs', keyOf(record));
      await tables.put('audit-heads', { ...head, recordExpires: longAgo });
    },
  },
  {
    name: 'the newest record is removed and the head set back',
    forge: async (tables, { records, head }) => {
      const [before, last] = records.slice(-2) as [RecordRow, RecordRow];
      await tables.remove('audit-logs', keyOf(last));
      const { sequence, hash, timestamp } = before;
      await tables.put('audit-heads', { ...head, sequence, hash, timestamp });
    },
  },
];

/** The chain with the most records. */
const longest = async (tables: TableEngine): Promise<Log> => {
  const rows: RecordRow[] = [];
  for await (const row of rowsOf(tables, 'audit-logs')) rows.push(row as RecordRow);
  const [[userId, records] = ['', []]] = [...Map.groupBy(rows, (row) => row.userId)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  const head = await tables.get('audit-heads', { userId });
  if (head === undefined) throw new Error('there is no head');
  return { head, records: records.toSorted((a, b) => a.sequence - b.sequence) };
};

const restore = async (tables: TableEngine, { records, head }: Log): Promise<void> => {
  for (const record of records) await tables.put('audit-logs', record);
  await tables.put('audit-heads', head);
};

/** Forges in every way, one after the other. @returns the ways that the verifier did not notice */
export const forge = async (world: World, verified: () => Promise<boolean>): Promise<string[]> => {
  const unnoticed: string[] = [];
  let whole: Log | undefined;
  for (const forgery of forgeries) {
    whole = await world.withTables(async (tables) => {
      if (whole) await restore(tables, whole);
      const log = whole ?? (await longest(tables));
      await forgery.forge(tables, log);
      return log;
    });
    if (await verified()) unnoticed.push(forgery.name);
  }
  return unnoticed;
};
