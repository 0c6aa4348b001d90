/** Brings a database to the contract. Each step is recorded; tasks that start at once take turns. */
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../../start-error.ts';
import type { RunStatement, SqlClient } from './client.ts';
import { quote } from './columns.ts';
import { differ, type Migration, type NewIndex } from './differ.ts';
import { Schema } from './schema.ts';

/** Any constant that nothing else in the database locks: "cntrsign" in ASCII, shortened to a bigint. */
const LOCK = '7164786520';

/** How a change of the schema gives way to what others run. */
export interface Patience {
  /**
   * Milliseconds to wait for a lock. Whatever asks for the table meanwhile waits behind it, so this is what the calls
   * of a running version are held up at most.
   */
  readonly lockMs: number;
  /** Milliseconds between two tries, in which those calls pass. */
  readonly pauseMs: number;
  /** Milliseconds after which it gives up. */
  readonly totalMs: number;
}
const usual: Patience = { lockMs: 2000, pauseMs: 3000, totalMs: 120_000 };

const createRecord = `create table if not exists countersign_migrations (
  version integer primary key,
  applied_at timestamptz not null default now(),
  statements jsonb not null,
  schema jsonb not null
)`;

const record = async (run: RunStatement, statements: readonly string[], schema: Schema): Promise<void> => {
  const text = `insert into countersign_migrations (version, statements, schema)
    select coalesce(max(version), 0) + 1, $1, $2 from countersign_migrations`;
  await run({ text, values: [JSON.stringify(statements), JSON.stringify(schema)] });
};

const toDo = async (run: RunStatement, wanted: Schema): Promise<Migration> => {
  await run({ text: createRecord, values: [] });
  const { rows } = await run({
    text: 'select schema from countersign_migrations order by version desc limit 1',
    values: [],
  });
  return differ(Schema.parse(JSON.parse(String(rows[0]?.[0] ?? '{}'))), wanted);
};

/**
 * For a database that only this process uses: in one transaction, so it is at one version or at the next.
 * @throws MigrationError when the contract did more than add
 */
export const migrate = async (client: SqlClient, wanted: Schema): Promise<void> => {
  await client.transaction(async (run) => {
    const { statements, indexes, schema } = await toDo(run, wanted);
    const all = [...statements, ...indexes.map((index) => index.statement(false))];
    if (all.length === 0) return true;
    for (const text of all) await run({ text, values: [] });
    await record(run, all, schema);
    return true;
  });
};

/**
 * For a database that tasks of the version before are using: no call of theirs waits longer than for a lock, and rows
 * are written while an index is being made. What was done before a failure stays and is recorded.
 * @throws MigrationError when the contract did more than add; StartError when others hold the tables for too long
 */
export const migrateOnline = async (client: SqlClient, wanted: Schema, patience = usual): Promise<void> => {
  const giveUpAt = Date.now() + patience.totalMs;
  await turn(client, giveUpAt);
  try {
    await client.query({ text: `select set_config('lock_timeout', $1, false)`, values: [String(patience.lockMs)] });
    const step = (work: () => Promise<unknown>) => untilUnlocked(client, work, giveUpAt, patience.pauseMs);
    await step(() => client.transaction((run) => addTablesAndColumns(run, wanted)));
    for (;;) {
      const { indexes, schema } = await toDo(client.query, wanted);
      const [index, ...later] = indexes;
      if (index === undefined) return;
      await step(() => buildIndex(client.query, index));
      await record(client.query, [index.statement(true)], without(schema, later));
    }
  } finally {
    await client.query({ text: `select pg_advisory_unlock(${LOCK})`, values: [] });
  }
};

const addTablesAndColumns = async (run: RunStatement, wanted: Schema): Promise<boolean> => {
  const { statements, indexes, schema } = await toDo(run, wanted);
  if (statements.length === 0) return true;
  for (const text of statements) await run({ text, values: [] });
  await record(run, statements, without(schema, indexes));
  return true;
};

/** The schema while these indexes are not there yet. */
const without = (schema: Schema, indexes: readonly NewIndex[]): Schema => {
  const missing = new Set(indexes.map(({ name }) => name));
  const kept = (all: Schema[string]['indexes']) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !missing.has(name)));
  return Object.fromEntries(
    Object.entries(schema).map(([name, table]) => [name, { ...table, indexes: kept(table.indexes) }]),
  );
};

/** One that was broken off leaves an index that is not valid, which is made again. */
const buildIndex = async (run: RunStatement, index: NewIndex): Promise<void> => {
  const { rows } = await run({
    text: 'select indisvalid from pg_index where indexrelid = to_regclass($1)',
    values: [quote(index.name)],
  });
  const [valid] = rows[0] ?? [];
  if (valid === true) return;
  if (valid === false) await run({ text: `drop index concurrently ${quote(index.name)}`, values: [] });
  await run({ text: index.statement(true), values: [] });
};

// lock_not_available and deadlock_detected: nothing was done.
const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');

const untilUnlocked = async (
  client: SqlClient,
  work: () => Promise<unknown>,
  giveUpAt: number,
  pauseMs: number,
): Promise<void> => {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() + pauseMs > giveUpAt) throw new StartError(await heldUp(client), { cause: error });
      await sleep(pauseMs);
    }
  }
};

const heldUp = async ({ query }: SqlClient): Promise<string> => {
  const { rows } = await query({
    text: `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and xact_start < now() - interval '2 seconds' order by xact_start limit 5`,
    values: [],
  });
  const who = rows.length > 0 ? ` The oldest are of the processes ${rows.map(([pid]) => pid).join(', ')}.` : '';
  return `The schema of the database could not be changed, because transactions that stay open hold its tables.${who} End them (pg_terminate_backend), then start again. Versions that run are not affected.`;
};

/** Tried again and again: one that waits in the database would hold a snapshot, for which an index being made waits. */
const turn = async (client: SqlClient, giveUpAt: number): Promise<void> => {
  for (;;) {
    const { rows } = await client.query({ text: `select pg_try_advisory_lock(${LOCK})`, values: [] });
    if (rows[0]?.[0] === true) return;
    if (Date.now() > giveUpAt)
      throw new StartError(
        'Another task has been changing the schema of the database for too long. Start again when it is done.',
      );
    await sleep(100);
  }
};
