/** From the schema a database has to the one the contract asks for, where that only adds. */
import { quote } from './columns.ts';
import type { Schema, TableSchema } from './schema.ts';

export interface Migration {
  /** Tables and columns, and indexes of new tables: over in a moment once their locks are had. */
  readonly statements: readonly string[];
  /** Indexes over rows that are there already. */
  readonly indexes: readonly NewIndex[];
  /** What the database has afterwards: with what it had before and the contract no longer names. */
  readonly schema: Schema;
}

export interface NewIndex {
  readonly name: string;
  /** @param concurrently while rows are being written, outside of a transaction */
  statement(concurrently: boolean): string;
}

/** Its message lists every difference that only a person can resolve, one a line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(problems: readonly string[]) {
    super(
      [
        'The database schema cannot follow contracts/tables.ts by adding to it:',
        ...problems.map((problem) => `  ${problem}`),
        'Add a new table, an optional attribute or an index instead, or migrate by hand.',
      ].join('\n'),
    );
  }
}

const columns = (names: readonly string[]): string => names.map(quote).join(', ');

const createTable = ({ table, columns: wanted, key }: TableSchema): string => {
  const lines = Object.entries(wanted).map(
    ([name, { type, required }]) => `${quote(name)} ${type}${required ? ' not null' : ''}`,
  );
  return `create table ${quote(table)} (${lines.join(', ')}, primary key (${columns(key)}))`;
};

const createIndex = (
  { table, columns: all }: TableSchema,
  name: string,
  { columns: indexed, method }: TableSchema['indexes'][string],
  concurrently = false,
): string => {
  const sparse = indexed.filter((column) => all[column]?.required === false);
  const where = sparse.map((column) => `${quote(column)} is not null`).join(' and ');
  const text = `create index ${concurrently ? 'concurrently ' : ''}${quote(name)} on ${quote(table)} using ${method} (${columns(indexed)})`;
  return where === '' ? text : `${text} where ${where}`;
};

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Difference {
  readonly statements: string[];
  readonly indexes: NewIndex[];
  readonly problems: string[];
}

const compareColumns = (had: TableSchema, wanted: TableSchema, { statements, problems }: Difference): void => {
  for (const [name, column] of Object.entries(wanted.columns)) {
    const existing = had.columns[name];
    const where = `${wanted.table}.${name}`;
    if (existing === undefined && column.required)
      problems.push(`${where} is new and required, which rows already stored do not meet`);
    else if (existing === undefined)
      statements.push(`alter table ${quote(wanted.table)} add column ${quote(name)} ${column.type}`);
    else if (existing.type !== column.type) problems.push(`${where} is ${existing.type}, not ${column.type}`);
    else if (existing.required !== column.required)
      problems.push(`${where} was ${existing.required ? 'required' : 'optional'} and no longer is`);
  }
  for (const [name, column] of Object.entries(had.columns))
    if (wanted.columns[name] === undefined && column.required)
      problems.push(`${wanted.table}.${name} is required in the database and gone from the contract`);
};

const compareTable = (had: TableSchema, wanted: TableSchema, difference: Difference): void => {
  if (had.table !== wanted.table) difference.problems.push(`table ${had.table} is now called ${wanted.table}`);
  if (!same(had.key, wanted.key))
    difference.problems.push(`${wanted.table} has the key (${had.key}), not (${wanted.key})`);
  compareColumns(had, wanted, difference);
  for (const [name, index] of Object.entries(wanted.indexes)) {
    const existing = had.indexes[name];
    if (existing === undefined)
      difference.indexes.push({
        name,
        statement: (concurrently) => createIndex(wanted, name, index, concurrently),
      });
    else if (!same(existing.columns, index.columns) || existing.method !== index.method)
      difference.problems.push(`index ${name} has other columns`);
  }
};

/** @throws MigrationError for a difference that is not an addition */
export const differ = (had: Schema, wanted: Schema): Migration => {
  const difference: Difference = { statements: [], indexes: [], problems: [] };
  const schema: Schema = { ...had };
  for (const [name, table] of Object.entries(wanted)) {
    const existing = had[name];
    if (existing === undefined) {
      difference.statements.push(createTable(table));
      for (const [index, columns] of Object.entries(table.indexes))
        difference.statements.push(createIndex(table, index, columns));
      schema[name] = table;
      continue;
    }
    compareTable(existing, table, difference);
    // What only the database has stays: a task of the version before may still be running on it.
    schema[name] = {
      ...table,
      columns: { ...existing.columns, ...table.columns },
      indexes: { ...existing.indexes, ...table.indexes },
    };
  }
  if (difference.problems.length > 0) throw new MigrationError(difference.problems);
  return { statements: difference.statements, indexes: difference.indexes, schema };
};
