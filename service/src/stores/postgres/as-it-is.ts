/** For commands that only look: the schema stays as it is, and the session cannot write. */
import { StartError } from '../../start-error.ts';
import type { RunStatement } from './client.ts';
import type { Schema } from './schema.ts';

/** Setting of a session whose transactions the server keeps from writing. */
export const READ_ONLY = 'default_transaction_read_only';

/** @throws StartError naming tables and columns that this version reads and the database has not got */
export const checkSchema = async (run: RunStatement, wanted: Schema): Promise<void> => {
  const tables = Object.values(wanted);
  const { rows } = await run({
    text: 'select table_name::text, column_name::text from information_schema.columns where table_schema = current_schema() and table_name = any($1)',
    values: [tables.map(({ table }) => table)],
  });
  if (rows.length === 0)
    throw new StartError('The database holds nothing of the service yet: start the service on it once.');
  const there = new Set(rows.map(([table, column]) => `${table}.${column}`));
  const missing = tables.flatMap(({ table, columns }) =>
    Object.keys(columns)
      .map((column) => `${table}.${column}`)
      .filter((name) => !there.has(name)),
  );
  if (missing.length > 0)
    throw new StartError(
      `The database has no ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}, so a version other than this one is in service. Nothing was changed. Use the checkout of the version in service, or deploy this one first.`,
    );
};
