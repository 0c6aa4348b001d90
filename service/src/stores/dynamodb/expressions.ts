/** Conditions and filters, every name and value by placeholder: DynamoDB reserves hundreds of words. */
import type { Expected, KeyRange, Scalar, Stored } from '../backend.ts';
import type { TableShape } from '../shape.ts';
import type { Item } from './items.ts';

class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, Scalar | Uint8Array> = {};

  name(attribute: string): string {
    this.names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  }

  value(value: Scalar | Uint8Array): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** As the fields of a request, which must be absent rather than empty. */
  fields() {
    return {
      ...(Object.keys(this.names).length > 0 ? { ExpressionAttributeNames: this.names } : {}),
      ...(Object.keys(this.values).length > 0 ? { ExpressionAttributeValues: this.values } : {}),
    };
  }
}

const alive = ({ contract }: TableShape, at: number, p: Placeholders): string[] => {
  if (contract.ttl === undefined) return [];
  const ttl = p.name(contract.ttl);
  return [`(attribute_not_exists(${ttl}) OR ${ttl} > ${p.value(at)})`];
};

/** For a write that needs the row to be absent. */
export const absentCondition = ({ contract }: TableShape, at: number) => {
  const p = new Placeholders();
  const absent = `attribute_not_exists(${p.name(contract.partition)})`;
  const expired = contract.ttl === undefined ? '' : ` OR ${p.name(contract.ttl)} <= ${p.value(at)}`;
  return { ConditionExpression: `${absent}${expired}`, ...p.fields() };
};

const present = (shape: TableShape, expect: Expected, at: number, p: Placeholders): string => {
  const conditions = Object.entries(expect).map(([name, value]) =>
    value === undefined ? `attribute_not_exists(${p.name(name)})` : `${p.name(name)} = ${p.value(value)}`,
  );
  return [`attribute_exists(${p.name(shape.contract.partition)})`, ...conditions, ...alive(shape, at, p)].join(' AND ');
};

/** For a removal of a row that has to be there and to meet an expectation. */
export const presentCondition = (shape: TableShape, expect: Expected, at: number) => {
  const p = new Placeholders();
  return { ConditionExpression: present(shape, expect, at, p), ...p.fields() };
};

/**
 * Writes every attribute that the shape knows, and leaves those it does not: a later version may have written them.
 * @param expect what the row has to meet; undefined: it may also be absent
 */
export const updateExpression = (shape: TableShape, item: Item, expect: Expected | undefined, at: number) => {
  const p = new Placeholders();
  const set: string[] = [];
  const remove: string[] = [];
  for (const { name } of shape.attributes) {
    if (shape.key.includes(name)) continue;
    const value = item[name];
    if (value === undefined) remove.push(p.name(name));
    else set.push(`${p.name(name)} = ${p.value(value)}`);
  }
  const clauses = [
    ...(set.length > 0 ? [`SET ${set.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
  ];
  return {
    ...(clauses.length > 0 ? { UpdateExpression: clauses.join(' ') } : {}),
    ...(expect === undefined ? {} : { ConditionExpression: present(shape, expect, at, p) }),
    ...p.fields(),
  };
};

const sortCondition = ({ sort }: KeyRange, p: Placeholders): string[] => {
  const { attribute, from, to } = sort ?? {};
  if (attribute === undefined || (from === undefined && to === undefined)) return [];
  const name = p.name(attribute);
  if (from !== undefined && to !== undefined) return [`${name} BETWEEN ${p.value(from)} AND ${p.value(to)}`];
  return from === undefined ? [`${name} <= ${p.value(to ?? '')}`] : [`${name} >= ${p.value(from)}`];
};

/** Which rows to read, and from where. */
export const readExpression = (range: KeyRange, at: number) => {
  const p = new Placeholders();
  const { partition } = range;
  const key =
    partition === undefined
      ? []
      : [`${p.name(partition.attribute)} = ${p.value(partition.value)}`, ...sortCondition(range, p)];
  const living = alive(range.shape, at, p);
  return {
    ...(key.length > 0 ? { KeyConditionExpression: key.join(' AND ') } : {}),
    ...(living.length > 0 ? { FilterExpression: living.join() } : {}),
    ...p.fields(),
  };
};

/** Where DynamoDB is to go on: every key of the row before, those of the index included. */
export const startKey = ({ partition }: KeyRange, after: Stored): Record<string, Scalar> => ({
  ...(partition === undefined ? {} : { [partition.attribute]: partition.value }),
  ...after,
});
