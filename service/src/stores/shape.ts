/** What engines ask of a table of the contract, looked up once. */
import type { AttributeType, TableContract } from '../../../contracts/table.ts';
import { type TableName, tableNames, tables } from '../../../contracts/tables.ts';

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly optional: boolean;
  /** Bytes its value may have: DynamoDB's limit where it is part of a key, so that every engine holds the same rows. */
  readonly maxBytes?: number;
}

export interface TableShape {
  readonly name: TableName;
  readonly contract: TableContract;
  /** Partition attribute, then the sort attribute if there is one. */
  readonly key: readonly string[];
  readonly attributes: readonly Attribute[];
}

// AWS, "Constraints in Amazon DynamoDB": partition keys have 1 to 2048 bytes, sort keys 1 to 1024.
const PARTITION_BYTES = 2048;
const SORT_BYTES = 1024;

export const makeShape = (name: TableName, contract: TableContract): TableShape => {
  const keys = [contract, ...Object.values(contract.indexes)];
  const partitions = new Set(keys.map((key) => key.partition));
  const sorts = new Set(keys.map((key) => key.sort));
  const limitOf = (attribute: string) => {
    if (sorts.has(attribute)) return { maxBytes: SORT_BYTES };
    return partitions.has(attribute) ? { maxBytes: PARTITION_BYTES } : {};
  };
  return {
    name,
    contract,
    key: contract.sort === undefined ? [contract.partition] : [contract.partition, contract.sort],
    attributes: Object.entries(contract.attributes).map(([attribute, { type, optional = false }]) => ({
      name: attribute,
      type,
      optional,
      ...limitOf(attribute),
    })),
  };
};

export const shapes = Object.fromEntries(tableNames.map((name) => [name, makeShape(name, tables[name])])) as Record<
  TableName,
  TableShape
>;

/** Of some tables; of all that this version knows where none are named. */
export const shapesOf = (names: readonly TableName[] = tableNames): readonly TableShape[] =>
  names.map((name) => shapes[name]);

export const attributeOf = (shape: TableShape, name: string): Attribute => {
  const found = shape.attributes.find((attribute) => attribute.name === name);
  if (found === undefined) throw new TypeError(`${shape.name} has no attribute ${name}`);
  return found;
};
