/**
 * The audit log of another system in a SQLite file. It is copied first, by SQLite itself: a copy of the file lacks what is
 * still in its write-ahead log. The file is opened to be read only.
 */

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Attribution, ImportedRow } from '../../../service/src/audit/imported.ts';
import { canonicalJson } from '../../../service/src/canonical.ts';
import { redact } from '../../../service/src/telemetry/redact.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { scratchFolder } from '../../platform/scratch.ts';
import { timesIn } from './times.ts';

/** Names of the columns that hold each field, in the order in which they are tried. */
const known = {
  time: ['timestamp', 'created_at', 'occurred_at', 'time', 'ts'],
  userId: ['user_id', 'user', 'username', 'principal', 'actor', 'client_id', 'created_by'],
  tool: ['tool_name', 'tool', 'action', 'event', 'operation'],
} as const;

export interface SourceOptions {
  readonly file: string;
  /** Of times that name none. */
  readonly zone: string;
  /** Default: the only table whose name says audit. */
  readonly table?: string | undefined;
  /** Default: the first of the usual names. */
  readonly timeColumn?: string | undefined;
}

export interface Extent {
  readonly rows: number;
  /** Numbers of the first and last row; 0 where there is none. */
  readonly first: number;
  readonly last: number;
}

export interface Source {
  readonly table: string;
  /** Folder for temporary files; `close` removes it. */
  readonly folder: string;
  /** As SQLite counts it. */
  extent(after: number): Extent;
  /** Rows numbered from `first` to `last`, in that order. @throws OperatorProblem for a row without a time */
  rows(first: number, last: number): Generator<ImportedRow & Attribution>;
  close(): Promise<void>;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** JSON has no other numbers than doubles, and no bytes. */
const plain = (value: SQLOutputValue): unknown => {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') };
  if (typeof value === 'bigint')
    return BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : { integer: String(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { real: String(value) };
  return typeof value === 'string' ? redact(value.toWellFormed()) : value;
};

/** Text that every store accepts as a key. */
const keyText = (value: unknown): string => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).replaceAll('\0', '') : '';
  return text === '' ? 'unknown' : [...text].slice(0, 200).join('');
};

const tableIn = (database: DatabaseSync, { file, table }: SourceOptions): string => {
  const all = database.prepare(`select name from sqlite_schema where type = 'table' order by name`).all();
  const names = all.map(({ name }) => String(name));
  if (table !== undefined) {
    if (names.includes(table)) return table;
    throw new OperatorProblem(`${file} has no table ${table}. It has: ${names.join(', ') || 'none'}.`);
  }
  const [found, ...others] = names.filter((name) => /audit/i.test(name));
  if (found !== undefined && others.length === 0) return found;
  throw new OperatorProblem(
    `Say which table of ${file} is the audit log, with --table: ${names.join(', ') || 'it has none'}.`,
  );
};

const columnIn = (columns: readonly string[], wanted: readonly string[]): string | undefined =>
  wanted.find((name) => columns.includes(name));

const copied = (file: string, copy: string): DatabaseSync => {
  if (!existsSync(file)) throw new OperatorProblem(`There is no file ${file}.`);
  try {
    const original = new DatabaseSync(file, { readOnly: true });
    try {
      original.prepare('vacuum into ?').run(copy);
    } finally {
      original.close();
    }
    return new DatabaseSync(copy, { readOnly: true });
  } catch (error) {
    throw new OperatorProblem(
      `${file} cannot be read as a SQLite database: ${error instanceof Error ? error.message : error}.`,
      {
        cause: error,
      },
    );
  }
};

const timeColumnIn = (columns: readonly string[], table: string, asked: string | undefined): string => {
  const column = columnIn(columns, asked === undefined ? known.time : [asked]);
  if (column !== undefined) return column;
  throw new OperatorProblem(
    `Say which column of ${table} is the time of a row, with --time-column: ${columns.join(', ')}.`,
  );
};

const checkNumbers = (database: DatabaseSync, table: string, from: string): void => {
  const { wr } = database.prepare('select wr from pragma_table_list(?)').get(table) ?? {};
  if (wr === 1)
    throw new OperatorProblem(
      `${table} is a table without row numbers, so new rows could not be distinguished from imported ones.`,
    );
  if (database.prepare(`select 1 ${from} where rowid < 1 limit 1`).get() !== undefined)
    throw new OperatorProblem(`${table} has rows numbered below 1, which no import can name.`);
};

/** @throws OperatorProblem where the file, its table or its columns are not what they should be */
export const openSource = async (options: SourceOptions): Promise<Source> => {
  const folder = await scratchFolder('import');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const database = copied(options.file, join(folder, 'copy.db'));
    const table = tableIn(database, options);
    const from = `from ${quoted(table)}`;
    const columns = database
      .prepare(`select name from pragma_table_info(?)`)
      .all(table)
      .map(({ name }) => String(name));
    const time = timeColumnIn(columns, table, options.timeColumn);
    const [userId, tool] = [columnIn(columns, known.userId), columnIn(columns, known.tool)];
    const timeOf = timesIn(options.zone);
    checkNumbers(database, table, from);
    return {
      table,
      folder,
      extent: (after) => {
        const text = `select count(*) as rows, coalesce(min(rowid), 0) as first, coalesce(max(rowid), 0) as last ${from} where rowid > ?`;
        const { rows, first, last } = database.prepare(text).get(after) ?? {};
        return { rows: Number(rows), first: Number(first), last: Number(last) };
      },
      rows: function* (first, last) {
        const read = database.prepare(
          `select rowid as "rowid of it", * ${from} where rowid between ? and ? order by rowid`,
        );
        read.setReadBigInts(true);
        for (const { 'rowid of it': number, ...values } of read.iterate(first, last)) {
          const kept = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
          const n = Number(number);
          const at = timeOf(kept[time]);
          if (at === undefined)
            throw new OperatorProblem(`Row ${n} of ${table}: ${time} is no time: ${JSON.stringify(kept[time])}.`);
          // Once more for columns that are secrets by their name.
          const row: ImportedRow['row'] = JSON.parse(redact(canonicalJson(kept)));
          yield { n, at, row, userId: keyText(userId && row[userId]), tool: keyText(tool && row[tool]) };
        }
      },
      close: async () => {
        database.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
};
