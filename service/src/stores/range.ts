/** From a query of the port to the range an engine reads. */
import type { TableName } from '../../../contracts/tables.ts';
import { CountersignError } from '../errors.ts';
import type { TableQuery } from '../ports/tables.ts';
import type { KeyRange } from './backend.ts';
import { readCursor } from './cursor.ts';
import { canBeKey, findBound } from './rows.ts';
import { attributeOf, type TableShape } from './shape.ts';

const MAX_LIMIT = 1000;

/** A query of any table; whether the index is one of its table was checked where the query was written. */
type AnyQuery = Omit<TableQuery<TableName>, 'index'> & { readonly index?: string };

const limitOf = (limit = 100): number => {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new CountersignError('invalid_input', `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
};

const boundOf = (shape: TableShape, name: string, side: 'from' | 'to', value: string | undefined) => {
  if (value === undefined) return {};
  const attribute = attributeOf(shape, name);
  const bound = findBound(attribute, value);
  if (bound !== undefined) return { [side]: bound };
  const remedy =
    attribute.type === 'timestamp'
      ? 'an ISO 8601 time of the years 0001 to 9999, such as 2026-01-31T00:00:00.000Z'
      : 'Unicode text without NUL, not too long for a key';
  throw new CountersignError('invalid_input', `${side} must be ${remedy}.`);
};

const placed = (range: KeyRange, cursor: string | undefined): KeyRange =>
  cursor === undefined ? range : { ...range, after: readCursor(range, cursor) };

/** Undefined where no row can match. @throws invalid_input for a bound, limit or cursor that cannot be */
export const toRange = (shape: TableShape, query: AnyQuery): KeyRange | undefined => {
  const { index } = query;
  const keys = index === undefined ? shape.contract : shape.contract.indexes[index];
  if (keys === undefined) throw new TypeError(`${shape.name} has no index ${index}`);
  const { partition, sort } = keys;
  const known = new Set([partition]);
  const range: KeyRange = {
    shape,
    ...(index === undefined ? {} : { index }),
    partition: { attribute: partition, value: query.partition },
    ...(sort === undefined
      ? {}
      : {
          sort: {
            attribute: sort,
            ...boundOf(shape, sort, 'from', query.from),
            ...boundOf(shape, sort, 'to', query.to),
          },
        }),
    order: [...new Set([...(sort === undefined ? [] : [sort]), ...shape.key])].filter((name) => !known.has(name)),
    descending: query.descending ?? false,
    limit: limitOf(query.limit),
  };
  const found = placed(range, query.cursor);
  return canBeKey(query.partition, attributeOf(shape, partition).maxBytes ?? 0) ? found : undefined;
};

export const toScan = (shape: TableShape, page: { limit?: number; cursor?: string }): KeyRange =>
  placed({ shape, order: shape.key, descending: false, limit: limitOf(page.limit) }, page.cursor);
