/** Between typed rows and what engines keep. A row that the contract does not allow is a fault and never stored. */
import { CountersignError } from '../errors.ts';
import type { Expected, Scalar, Stored } from './backend.ts';
import type { Attribute, TableShape } from './shape.ts';

type Values = Readonly<Record<string, unknown>>;

// PostgreSQL knows no year 0, and 5 digits would not be in order as texts.
const TIMESTAMP = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Text that every engine can hold in a column: well-formed, and without NUL, which PostgreSQL refuses. */
const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const fault = (shape: TableShape, attribute: Attribute, problem: string) =>
  new TypeError(`${shape.name}.${attribute.name} ${problem}`);

const checkString = (shape: TableShape, attribute: Attribute, value: string): string => {
  const where = `${shape.name}.${attribute.name}`;
  if (!isPlain(value)) throw new CountersignError('invalid_input', `${where} must be Unicode text without NUL.`);
  if (attribute.maxBytes === undefined) return value;
  if (value === '') throw new CountersignError('invalid_input', `${where} must not be empty.`);
  // A UTF-16 unit is at most 3 bytes of UTF-8, so only long texts need counting.
  if (value.length * 3 > attribute.maxBytes && Buffer.byteLength(value) > attribute.maxBytes)
    throw new CountersignError('too_large', `${where} must have at most ${attribute.maxBytes} bytes; shorten it.`);
  return value;
};

const encodeValue = (shape: TableShape, attribute: Attribute, value: unknown): Scalar => {
  switch (attribute.type) {
    case 'json': {
      const text = JSON.stringify(value);
      if (text === undefined) throw fault(shape, attribute, 'must be a JSON value');
      return text;
    }
    case 'string':
      if (typeof value === 'string') return checkString(shape, attribute, value);
      throw fault(shape, attribute, 'must be a string');
    case 'timestamp':
      if (typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value))) return value;
      throw fault(shape, attribute, 'must be an ISO 8601 UTC time with milliseconds');
    case 'epoch':
      if (Number.isSafeInteger(value)) return value as number;
      throw fault(shape, attribute, 'must be whole seconds since 1970');
    case 'number':
      if (Number.isFinite(value)) return value as number;
      throw fault(shape, attribute, 'must be a finite number');
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw fault(shape, attribute, 'must be a boolean');
  }
};

/** @throws TypeError for a row the contract does not allow; invalid_input or too_large for text no engine can key */
export const encodeRow = (shape: TableShape, row: Values): Stored => {
  const stored: Record<string, Scalar> = {};
  for (const attribute of shape.attributes) {
    const value = row[attribute.name];
    if (value !== undefined) stored[attribute.name] = encodeValue(shape, attribute, value);
    else if (!attribute.optional) throw fault(shape, attribute, 'is required');
  }
  return stored;
};

export const decodeRow = (shape: TableShape, stored: Stored): Values => {
  const row: Record<string, unknown> = {};
  for (const { name, type } of shape.attributes) {
    const value = stored[name];
    if (value !== undefined) row[name] = type === 'json' ? JSON.parse(String(value)) : value;
  }
  return row;
};

/** The key of a row, or undefined where no row can have such a key. */
export const findKey = (shape: TableShape, values: Values): Stored | undefined => {
  const key: Record<string, Scalar> = {};
  for (const { name, type, maxBytes = 0 } of shape.attributes) {
    if (!shape.key.includes(name)) continue;
    const value = values[name];
    if (typeof value !== 'string') throw new TypeError(`${shape.name}.${name} is part of the key`);
    if (type === 'timestamp' ? !TIMESTAMP.test(value) : !canBeKey(value, maxBytes)) return undefined;
    key[name] = value;
  }
  return key;
};

/** Whether a text can be the value of a key attribute of so many bytes. */
export const canBeKey = (value: string, maxBytes: number): boolean =>
  value !== '' && isPlain(value) && Buffer.byteLength(value) <= maxBytes;

/** @throws TypeError for an attribute that cannot be expected */
export const encodeExpectation = (shape: TableShape, expected: Values): Expected => {
  const scalars: Record<string, Scalar | undefined> = {};
  for (const [name, value] of Object.entries(expected)) {
    const attribute = shape.attributes.find((candidate) => candidate.name === name);
    if (attribute === undefined || attribute.type === 'json')
      throw new TypeError(`${shape.name}.${name} cannot be expected`);
    scalars[name] = value === undefined ? undefined : encodeValue(shape, attribute, value);
  }
  return scalars;
};

const fitsKey = ({ maxBytes = Number.POSITIVE_INFINITY }: Attribute, value: string): boolean =>
  Buffer.byteLength(value) <= maxBytes;

/** A bound of a sort attribute as engines compare it, or undefined where it cannot be one. */
export const findBound = (attribute: Attribute, value: string): string | undefined => {
  if (attribute.type !== 'timestamp') return isPlain(value) && fitsKey(attribute, value) ? value : undefined;
  const time = new Date(value);
  const iso = Number.isNaN(time.getTime()) ? '' : time.toISOString();
  return TIMESTAMP.test(iso) ? iso : undefined;
};
