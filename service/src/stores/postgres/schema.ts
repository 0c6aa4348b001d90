/** The schema that the contract asks of PostgreSQL, as data: what is recorded with each migration and compared. */
import { z } from 'zod';
import type { TableShape } from '../shape.ts';
import { columnName, columnTypes } from './columns.ts';

const TableSchema = z.object({
  /** Name in PostgreSQL. */
  table: z.string(),
  columns: z.record(z.string(), z.object({ type: z.string(), required: z.boolean() })),
  key: z.array(z.string()),
  indexes: z.record(z.string(), z.object({ columns: z.array(z.string()), method: z.enum(['btree', 'brin']) })),
});
export type TableSchema = z.infer<typeof TableSchema>;

/** By name in the contract. */
export const Schema = z.record(z.string(), TableSchema);
export type Schema = z.infer<typeof Schema>;

const indexesOf = ({ contract, key }: TableShape): TableSchema['indexes'] => {
  const indexes: TableSchema['indexes'] = {};
  for (const { partition, sort } of Object.values(contract.indexes)) {
    const columns = [...new Set([partition, ...(sort === undefined ? [] : [sort]), ...key])].map(columnName);
    const name = [partition, ...(sort === undefined ? [] : [sort])].map(columnName).join('_');
    indexes[`${contract.postgres}_${name}`] = { columns, method: 'btree' };
  }
  // A block range index costs appends next to nothing and finds the old end of a table that grows in time order.
  if (contract.ttl !== undefined)
    indexes[`${contract.postgres}_ttl`] = { columns: [columnName(contract.ttl)], method: 'brin' };
  return indexes;
};

export const toSchema = (shapes: Iterable<TableShape>): Schema => {
  const schema: Schema = {};
  for (const shape of shapes) {
    const columns: TableSchema['columns'] = {};
    for (const { name, type, optional } of shape.attributes)
      columns[columnName(name)] = { type: columnTypes[type], required: !optional };
    schema[shape.name] = {
      table: shape.contract.postgres,
      columns,
      key: shape.key.map(columnName),
      indexes: indexesOf(shape),
    };
  }
  return schema;
};
