/** The tags of every resource a scan saw, packed into rows of a size both engines take. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import { z } from 'zod';
import type { Resource } from '../estate/estate.ts';

/** Bytes of one row, which base64 makes a third more: DynamoDB takes items up to 400 KB. Whole groups of three. */
const CHUNK_BYTES = 187_500;
/** Resources handed to the compressor at a time. */
const AT_ONCE = 500;

const SnapshotEntry = z.tuple([z.string(), z.record(z.string(), z.string())]);
/** ARN and tags of each resource a scan saw. */
export type TagSnapshot = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What of a resource is kept. */
type Kept = Pick<Resource, 'arn' | 'tags'>;

function* textOf(resources: Iterable<Kept>): Generator<string> {
  let text = '';
  let count = 0;
  for (const { arn, tags } of resources) {
    text += `${count === 0 ? '[' : ','}${JSON.stringify([arn, tags])}`;
    count += 1;
    if (count % AT_ONCE !== 0) continue;
    yield text;
    text = '';
  }
  yield `${count === 0 ? '[' : text}]`;
}

/** Compresses resources as they pass: nothing but the compressed text is held. */
export const pack = async (resources: Iterable<Kept>): Promise<string[]> => {
  const parts: Buffer[] = [];
  await pipeline(Readable.from(textOf(resources)), createGzip(), async (compressed: AsyncIterable<Buffer>) => {
    for await (const part of compressed) parts.push(part);
  });
  const bytes = Buffer.concat(parts);
  return Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, at) =>
    bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES).toString('base64'),
  );
};

export const unpack = async (parts: readonly unknown[]): Promise<TagSnapshot> => {
  const text = parts.map((part) => z.object({ data: z.string() }).parse(part).data).join('');
  const json = (await promisify(gunzip)(Buffer.from(text, 'base64'))).toString('utf8');
  return new Map(z.array(SnapshotEntry).parse(JSON.parse(json)));
};

/** Where a resource is. */
const Place = z.object({ accountId: z.string(), region: z.string() });
export type KeptPlace = z.infer<typeof Place>;

/** Where those resources are whose ARNs do not say so, such as buckets, in the form that `pack` takes. */
export function* untoldPlaces(resources: Iterable<Pick<Resource, 'arn' | 'accountId' | 'region'>>): Generator<Kept> {
  for (const { arn, accountId, region } of resources) {
    const [, , , toldRegion = '', toldAccount = ''] = arn.split(':', 5);
    if (toldRegion === '' || toldAccount === '') yield { arn, tags: { accountId, region } };
  }
}

/** Places by ARN, of rows that keep what `untoldPlaces` gave. */
export const unpackPlaces = async (parts: readonly unknown[]): Promise<ReadonlyMap<string, KeptPlace>> =>
  new Map([...(await unpack(parts))].map(([arn, place]) => [arn, Place.parse(place)]));
