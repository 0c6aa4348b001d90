/**
 * Resources in little memory: a slice that is kept is bytes outside the heap, and becomes objects only while somebody
 * looks at it. A thousand resources are about a hundred kilobytes.
 */
import { promisify } from 'node:util';
import { constants, gunzipSync, gzip } from 'node:zlib';
import { z } from 'zod';
import type { Failure, Resource, Slice } from '../estate/estate.ts';

/** Where a slice is of. */
export type SlicePlace = Pick<Slice, 'accountId' | 'region' | 'type'>;

export const placeKey = ({ accountId, region, type }: SlicePlace): string => `${accountId} ${region} ${type}`;

/** A slice that was read. */
export interface ReadSlice extends SlicePlace {
  /** How many resources it has. */
  readonly count: number;
  readonly failure?: Failure;
  /** Its resources, made anew each time. */
  resources(): readonly Resource[];
}

const Entry = z.tuple([z.string(), z.string(), z.string(), z.string().nullable(), z.record(z.string(), z.string())]);
type Entry = z.infer<typeof Entry>;

/** Shorter ones are not worth the work. */
const COMPRESSED_FROM = 4096;
const FIRST_OF_GZIP = 0x1f;

export const packResources = async (resources: readonly Resource[]): Promise<Buffer> => {
  const entries = resources.map(({ arn, id, state, createdAt, tags }): Entry => [arn, id, state, createdAt, tags]);
  const text = Buffer.from(JSON.stringify(entries));
  return text.length < COMPRESSED_FROM ? text : promisify(gzip)(text, { level: constants.Z_BEST_SPEED });
};

const entriesIn = (bytes: Buffer): unknown =>
  JSON.parse((bytes[0] === FIRST_OF_GZIP ? gunzipSync(bytes) : bytes).toString('utf8'));

const resourcesOf = ({ accountId, region, type }: SlicePlace, entries: readonly Entry[]): Resource[] =>
  entries.map(([arn, id, state, createdAt, tags]) => ({ arn, type, accountId, region, id, tags, state, createdAt }));

/** A slice over bytes of `packResources` of this process. */
export const packedSlice = (place: SlicePlace, count: number, bytes: Buffer): ReadSlice => ({
  accountId: place.accountId,
  region: place.region,
  type: place.type,
  count,
  resources: () => resourcesOf(place, entriesIn(bytes) as readonly Entry[]),
});

/** As packedSlice, of bytes that were stored. @throws ZodError where they are none of ours */
export const storedSlice = (place: SlicePlace, bytes: Buffer): ReadSlice =>
  packedSlice(place, z.array(Entry).parse(entriesIn(bytes)).length, bytes);
