/** The SQL of each verb. Texts depend on the shape of a call only, so that the server prepares each once. */
import type { Expected, KeyRange, Scalar, Step, Stored } from '../backend.ts';
import { attributeOf, type TableShape } from '../shape.ts';
import type { Statement } from './client.ts';
import { column, columnList, columnTypes, quote, toParameter } from './columns.ts';

class Parameters {
  readonly values: (Scalar | null | (Scalar | null)[])[] = [];

  add(value: Scalar | null | (Scalar | null)[]): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

const tableOf = (shape: TableShape): string => quote(shape.contract.postgres);
const allColumns = (shape: TableShape): string => columnList(shape.attributes.map(({ name }) => name));

const equal = (shape: TableShape, values: Expected, parameters: Parameters): string[] =>
  Object.entries(values).map(([name, value]) =>
    value === undefined
      ? `${column(name)} is null`
      : `${column(name)} = ${parameters.add(toParameter(attributeOf(shape, name).type, value))}`,
  );

const alive = (shape: TableShape, at: number, parameters: Parameters): string[] => {
  const { ttl } = shape.contract;
  if (ttl === undefined) return [];
  const living = `${column(ttl)} > ${parameters.add(at)}`;
  return [attributeOf(shape, ttl).optional ? `(${column(ttl)} is null or ${living})` : living];
};

export const selectOne = (shape: TableShape, key: Stored, at: number): Statement => {
  const parameters = new Parameters();
  const where = [...equal(shape, key, parameters), ...alive(shape, at, parameters)];
  const text = `select ${allColumns(shape)} from ${tableOf(shape)} where ${where.join(' and ')}`;
  return { text, values: parameters.values };
};

/** Both key columns and bounds are compared as a row, which PostgreSQL answers from the index. */
const beyond = ({ shape, order, after, descending }: KeyRange, parameters: Parameters): string[] => {
  if (after === undefined) return [];
  const values = order.map((name) => parameters.add(toParameter(attributeOf(shape, name).type, after[name])));
  return [`(${columnList(order)}) ${descending ? '<' : '>'} (${values.join(', ')})`];
};

export const selectRange = (range: KeyRange, at: number): Statement => {
  const { shape, partition, sort, order, descending, limit } = range;
  const parameters = new Parameters();
  const where = [
    ...(partition === undefined ? [] : equal(shape, { [partition.attribute]: partition.value }, parameters)),
    ...(sort === undefined ? [] : [`${column(sort.attribute)} is not null`]),
    ...(sort?.from === undefined ? [] : [`${column(sort.attribute)} >= ${parameters.add(sort.from)}`]),
    ...(sort?.to === undefined ? [] : [`${column(sort.attribute)} <= ${parameters.add(sort.to)}`]),
    ...beyond(range, parameters),
    ...alive(shape, at, parameters),
  ];
  const direction = descending ? 'desc' : 'asc';
  const text = [
    `select ${allColumns(shape)} from ${tableOf(shape)}`,
    where.length > 0 ? `where ${where.join(' and ')}` : '',
    order.length > 0 ? `order by ${order.map((name) => `${column(name)} ${direction}`).join(', ')}` : '',
    `limit ${parameters.add(limit)}`,
  ];
  return { text: text.join(' '), values: parameters.values };
};

const conflict = (shape: TableShape, kind: 'insert' | 'put', at: number, parameters: Parameters): string => {
  const { ttl } = shape.contract;
  if (kind === 'insert' && ttl === undefined) return 'do nothing';
  const set = shape.attributes.map(({ name }) => `${column(name)} = excluded.${column(name)}`).join(', ');
  if (kind === 'put' || ttl === undefined) return `do update set ${set}`;
  // A row past its TTL counts as absent, so an insert replaces it.
  return `do update set ${set} where ${tableOf(shape)}.${column(ttl)} <= ${parameters.add(at)}`;
};

/** Writes any number of rows of one table with one statement: one array a column. */
export const writeRows = (
  shape: TableShape,
  kind: 'insert' | 'put',
  rows: readonly Stored[],
  at: number,
): Statement => {
  const parameters = new Parameters();
  const arrays = shape.attributes.map(({ name, type }) => {
    const values = rows.map((row) => toParameter(type, row[name]));
    return `${parameters.add(values)}::${columnTypes[type].replace(' collate "C"', '')}[]`;
  });
  const text = `insert into ${tableOf(shape)} (${allColumns(shape)}) select * from unnest(${arrays.join(', ')}) on conflict (${columnList(shape.key)}) ${conflict(shape, kind, at, parameters)}`;
  return { text, values: parameters.values };
};

/** A conditional put or a removal. */
export const writeOne = (step: Exclude<Step, { kind: 'insert' }>, at: number): Statement => {
  const { shape, key, expect = {} } = step;
  const parameters = new Parameters();
  const change =
    step.kind === 'remove'
      ? `delete from ${tableOf(shape)}`
      : `update ${tableOf(shape)} set ${shape.attributes
          .map(({ name, type }) => `${column(name)} = ${parameters.add(toParameter(type, step.row[name]))}`)
          .join(', ')}`;
  const where = [
    ...equal(shape, key, parameters),
    ...equal(shape, expect, parameters),
    ...alive(shape, at, parameters),
  ];
  return { text: `${change} where ${where.join(' and ')}`, values: parameters.values };
};

/** Rows deleted by one sweep of a table, so that it never holds locks for long. */
export const SWEEP_ROWS = 5000;

export const deleteExpired = (shape: TableShape, ttl: string, at: number): Statement => ({
  text: `delete from ${tableOf(shape)} where ctid in (select ctid from ${tableOf(shape)} where ${column(ttl)} <= $1 limit ${SWEEP_ROWS})`,
  values: [at],
});
