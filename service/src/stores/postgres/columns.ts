/** How attributes are named, typed and spelled in PostgreSQL. */
import type { AttributeType } from '../../../../contracts/table.ts';
import type { Scalar, Stored } from '../backend.ts';
import type { TableShape } from '../shape.ts';

/** Text sorts by bytes, as DynamoDB sorts it, not by the server's language. */
export const columnTypes = {
  string: 'text collate "C"',
  number: 'double precision',
  boolean: 'boolean',
  json: 'jsonb',
  timestamp: 'timestamptz',
  epoch: 'bigint',
} as const satisfies Record<AttributeType, string>;

/** createdAt -> created_at */
export const columnName = (attribute: string): string =>
  attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
export const column = (attribute: string): string => quote(columnName(attribute));
export const columnList = (attributes: readonly string[]): string => attributes.map(column).join(', ');

// jsonb refuses \u0000 and lone surrogates, which a tag value or a user agent may hold. They are kept as U+FDD0, a
// noncharacter, and four hex digits; so is U+FDD0 itself. Escaped backslashes are matched to be stepped over.
const UNSTORABLE = /\\\\|\\u(0000|d[89a-f][0-9a-f]{2})|\uFDD0/gi;

export const escapeJson = (text: string): string =>
  /\\u|\uFDD0/.test(text)
    ? text.replace(UNSTORABLE, (found, digits?: string) => {
        if (digits !== undefined) return `\uFDD0${digits}`;
        return found === '\uFDD0' ? '\uFDD0fdd0' : found;
      })
    : text;

export const unescapeJson = (text: string): string =>
  text.includes('\uFDD0') ? text.replace(/\uFDD0([0-9a-f]{4})/gi, '\\u$1') : text;

/** A value as a statement's parameter. */
export const toParameter = (type: AttributeType, value: Scalar | undefined): Scalar | null => {
  if (value === undefined) return null;
  return type === 'json' ? escapeJson(String(value)) : value;
};

const fromColumn = (type: AttributeType, value: unknown): Scalar => {
  if (value instanceof Date) return value.toISOString();
  if (type === 'json') return unescapeJson(String(value));
  return value as Scalar;
};

/** A row selected with all columns of its shape. */
export const toStored = (shape: TableShape, row: readonly unknown[]): Stored => {
  const stored: Record<string, Scalar> = {};
  shape.attributes.forEach(({ name, type }, place) => {
    const value = row[place];
    if (value !== null && value !== undefined) stored[name] = fromColumn(type, value);
  });
  return stored;
};
