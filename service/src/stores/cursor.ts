/** Cursors: where the next page begins, tied to the query they came from. */

import { sha256 } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import type { KeyRange, Stored } from './backend.ts';
import { canBeKey, findBound } from './rows.ts';
import { attributeOf } from './shape.ts';

/** Bounds are left out: they may move between pages without harm. */
const fingerprint = ({ shape, index, partition, descending }: KeyRange): string =>
  sha256(JSON.stringify([shape.name, index, partition, descending])).slice(0, 12);

export const makeCursor = (range: KeyRange, last: Stored): string =>
  Buffer.from(JSON.stringify([fingerprint(range), ...range.order.map((name) => last[name])])).toString('base64url');

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/** The position a cursor holds. @throws invalid_input if it is not one that this query gave out */
export const readCursor = (range: KeyRange, cursor: string): Stored => {
  const parsed = parse(cursor);
  const [print, ...values] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  const fits = (value: unknown, place: number): value is string => {
    const attribute = attributeOf(range.shape, range.order[place] ?? '');
    return (
      typeof value === 'string' &&
      findBound(attribute, value) === value &&
      (attribute.maxBytes === undefined || canBeKey(value, attribute.maxBytes))
    );
  };
  if (print === fingerprint(range) && values.length === range.order.length && values.every(fits))
    return Object.fromEntries(range.order.map((name, place) => [name, String(values[place])]));
  throw new CountersignError(
    'invalid_input',
    'cursor is not one that this query returned. Begin again without a cursor.',
  );
};
