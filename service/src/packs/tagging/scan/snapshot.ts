/** The tags of every resource a scan saw, packed into rows of a size both engines take. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { JudgedResource } from './evaluate.ts';

/** Characters of one row: DynamoDB takes items up to 400 KB. */
const CHUNK = 250_000;

const SnapshotEntry = z.tuple([z.string(), z.record(z.string(), z.string())]);
/** ARN and tags of each resource a scan saw. */
export type TagSnapshot = ReadonlyMap<string, Readonly<Record<string, string>>>;

export const pack = async (resources: readonly JudgedResource[]): Promise<string[]> => {
  const entries = resources.map(({ arn, tags }) => [arn, tags]);
  const text = (await promisify(gzip)(JSON.stringify(entries))).toString('base64');
  return Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, at) => text.slice(at * CHUNK, (at + 1) * CHUNK));
};

export const unpack = async (parts: readonly unknown[]): Promise<TagSnapshot> => {
  const text = parts.map((part) => z.object({ data: z.string() }).parse(part).data).join('');
  const json = (await promisify(gunzip)(Buffer.from(text, 'base64'))).toString('utf8');
  return new Map(z.array(SnapshotEntry).parse(JSON.parse(json)));
};
