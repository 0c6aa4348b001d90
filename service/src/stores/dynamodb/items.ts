/** How rows are kept as DynamoDB items. */
import { isDeepStrictEqual, promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CountersignError } from '../../errors.ts';
import type { Scalar, Stored } from '../backend.ts';
import type { TableShape } from '../shape.ts';

/** What the document client reads and writes. */
export type Item = Record<string, Scalar | Uint8Array>;

// AWS, "Constraints in Amazon DynamoDB": an item has at most 400 KB, names included.
const MAX_ITEM_BYTES = 400 * 1024;
/** All items of a transaction together. */
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** JSON text longer than this is compressed; shorter text stays readable in the console. */
const COMPRESS_BYTES = 32 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const sizeOf = (value: Scalar | Uint8Array): number => {
  if (value instanceof Uint8Array) return value.byteLength;
  // A number takes at most 21 bytes, a boolean one.
  return typeof value === 'string' ? Buffer.byteLength(value) : 21;
};

/** Bytes, a few more than DynamoDB counts. */
const itemSize = (item: Item): number => {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += name.length + sizeOf(value);
  return size;
};

export const tooLarge = (table: string) =>
  new CountersignError(
    'too_large',
    `${table}: the record is larger than DynamoDB keeps (400 KB compressed). Split the call into smaller ones.`,
  );

/** @throws too_large */
export const checkTransaction = (items: readonly Item[]): void => {
  const size = items.reduce((sum, item) => sum + itemSize(item), 0);
  if (size > MAX_TRANSACTION_BYTES)
    throw new CountersignError('too_large', 'The records are larger than DynamoDB writes at once (4 MB). Write fewer.');
};

/** Whether an item that was read is the one that was written, as far as this version knows its attributes. */
export const isSame = (shape: TableShape, read: Readonly<Record<string, unknown>>, written: Item): boolean =>
  shape.attributes.every(({ name }) => isDeepStrictEqual(comparable(read[name]), comparable(written[name])));

/** Bytes come back as another class of array; they are equal if their content is. */
const comparable = (value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);

/** @throws too_large */
export const toItem = async (shape: TableShape, row: Stored): Promise<Item> => {
  const item: Item = { ...row };
  for (const { name, type } of shape.attributes) {
    const text = row[name];
    if (type === 'json' && typeof text === 'string' && Buffer.byteLength(text) > COMPRESS_BYTES)
      item[name] = await compress(text);
  }
  if (itemSize(item) > MAX_ITEM_BYTES) throw tooLarge(shape.name);
  return item;
};

export const fromItem = async (shape: TableShape, item: Readonly<Record<string, unknown>>): Promise<Stored> => {
  const row: Record<string, Scalar> = {};
  for (const { name, type } of shape.attributes) {
    const value = item[name];
    if (value instanceof Uint8Array) row[name] = (await decompress(value)).toString();
    // The document client answers whole numbers beyond 2^53 as bigint.
    else if (value !== undefined) row[name] = type === 'number' ? Number(value) : (value as Scalar);
  }
  return row;
};
