/** Brings a database to the contract. Each step is recorded; two tasks that start at once take turns. */
import type { SqlClient } from './client.ts';
import { differ } from './differ.ts';
import { Schema } from './schema.ts';

/** Any constant that nothing else in the database locks: "cntrsign" in ASCII, shortened to a bigint. */
const LOCK = '7164786520';

const createRecord = `create table if not exists countersign_migrations (
  version integer primary key,
  applied_at timestamptz not null default now(),
  statements jsonb not null,
  schema jsonb not null
)`;

/**
 * Runs in one transaction: a database is at one version or at the next, never between.
 * @throws MigrationError when the contract did more than add
 */
export const migrate = async (client: SqlClient, wanted: Schema): Promise<void> => {
  await client.transaction(async (run) => {
    await run({ text: `select pg_advisory_xact_lock(${LOCK})`, values: [] });
    await run({ text: createRecord, values: [] });
    const { rows } = await run({
      text: 'select version, schema from countersign_migrations order by version desc limit 1',
      values: [],
    });
    const [version = 0, recorded = '{}'] = rows[0] ?? [];
    const { statements, schema } = differ(Schema.parse(JSON.parse(String(recorded))), wanted);
    if (statements.length === 0) return true;
    for (const text of statements) await run({ text, values: [] });
    await run({
      text: 'insert into countersign_migrations (version, statements, schema) values ($1, $2, $3)',
      values: [Number(version) + 1, JSON.stringify(statements), JSON.stringify(schema)],
    });
    return true;
  });
};
