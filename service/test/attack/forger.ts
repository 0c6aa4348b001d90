/** Somebody who can write the database rewrites the audit log. The verifier must notice each try. */
import { isDeepStrictEqual } from 'node:util';
import type { Row } from '../../../contracts/tables.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { rowsOf } from '../faults/watched.ts';
import type { World } from './world.ts';

type RecordRow = Row<'audit-logs'>;
type HeadRow = Row<'audit-heads'>;

interface Log {
  /** The records of one person, oldest first. */
  readonly records: readonly RecordRow[];
  readonly head: HeadRow | undefined;
}
interface WholeLog extends Log {
  readonly head: HeadRow;
}

export interface Forgery {
  readonly name: string;
  /** What is put in the place of the whole log. */
  forge(log: WholeLog): Log;
}

const longAgo = 1_000_000_000;

const changeMiddle = (log: WholeLog, change: (record: RecordRow) => Partial<RecordRow>): Log => {
  const place = Math.floor(log.records.length / 2);
  const middle = log.records[place] as RecordRow;
  return { ...log, records: log.records.with(place, { ...middle, ...change(middle) }) };
};

export const forgeries: readonly Forgery[] = [
  {
    name: 'a record is changed',
    // Another result than it has: some records are blocked already, and to block those again changes nothing.
    forge: (log) => changeMiddle(log, ({ result }) => ({ result: result === 'blocked' ? 'success' : 'blocked' })),
  },
  {
    name: 'a record is removed',
    forge: (log) => ({ ...log, records: log.records.toSpliced(Math.floor(log.records.length / 2), 1) }),
  },
  {
    name: 'a record is hidden by its expiry',
    forge: (log) => changeMiddle(log, () => ({ expirationTime: longAgo })),
  },
  { name: "a person's records and head are removed", forge: () => ({ records: [], head: undefined }) },
  {
    name: "a person's records are removed and the head says that they expired",
    forge: ({ head }) => ({ records: [], head: { ...head, recordExpires: longAgo } }),
  },
  {
    name: 'the newest record is removed and the head set back',
    forge: ({ records, head }) => {
      const { sequence, hash, timestamp } = records.at(-2) as RecordRow;
      return { records: records.slice(0, -1), head: { ...head, sequence, hash, timestamp } };
    },
  },
];

/** The chain with the most records. */
const longest = async (tables: TableEngine): Promise<WholeLog> => {
  const rows: RecordRow[] = [];
  for await (const row of rowsOf(tables, 'audit-logs')) rows.push(row as RecordRow);
  const [[userId, records] = ['', []]] = [...Map.groupBy(rows, (row) => row.userId)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  const head = await tables.get('audit-heads', { userId });
  if (head === undefined) throw new Error('there is no head');
  return { head, records: records.toSorted((a, b) => a.sequence - b.sequence) };
};

/** Writes what the two logs do not have in common. */
const replace = async (tables: TableEngine, before: Log, after: Log): Promise<void> => {
  const kept = new Set(after.records.map(({ timestamp }) => timestamp));
  for (const { userId, timestamp } of before.records)
    if (!kept.has(timestamp)) await tables.remove('audit-logs', { userId, timestamp });
  for (const record of after.records) if (!before.records.includes(record)) await tables.put('audit-logs', record);
  if (after.head) await tables.put('audit-heads', after.head);
  else if (before.head) await tables.remove('audit-heads', { userId: before.head.userId });
};

/**
 * Forges in every way, one after the other.
 * @returns the ways that the verifier did not notice
 * @throws where a way changes nothing: there would be nothing to notice
 */
export const forge = async (
  world: Pick<World, 'withTables'>,
  verified: () => Promise<boolean>,
  ways: readonly Forgery[] = forgeries,
): Promise<string[]> => {
  const unnoticed: string[] = [];
  let found: { readonly whole: WholeLog; readonly now: Log } | undefined;
  for (const { name, forge: forged } of ways) {
    found = await world.withTables(async (tables) => {
      const whole = found?.whole ?? (await longest(tables));
      const now = forged(whole);
      if (isDeepStrictEqual(now, whole)) throw new Error(`${name}: the log is as it was`);
      await replace(tables, found?.now ?? whole, now);
      return { whole, now };
    });
    if (await verified()) unnoticed.push(name);
  }
  return unnoticed;
};
