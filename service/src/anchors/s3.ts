/** Anchors in a bucket with object lock, where nobody can take them away before their time. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { anchorPrefix as PREFIX } from '../../../contracts/anchors.ts';
import type { Anchors } from '../audit/anchors.ts';
import { fileOf, numberOf } from './names.ts';

export interface S3AnchorOptions {
  readonly bucket: string;
  readonly region: string;
  /** Other than the region's own, for an emulator. */
  readonly endpoint?: string | undefined;
}

const numberOfKey = (key = ''): number | undefined => numberOf(key.slice(PREFIX.length));

class S3Anchors implements Anchors {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly place: string;

  constructor({ bucket, region, endpoint }: S3AnchorOptions) {
    this.#client = new S3Client({
      region,
      maxAttempts: 2,
      // A start waits for the first anchor, and a stop for the last.
      requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 },
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    });
    this.#bucket = bucket;
    this.place = `s3://${bucket}/${PREFIX}`;
  }

  async numbers(after: number): Promise<number[]> {
    const numbers: number[] = [];
    let from: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: PREFIX,
          ...(from === undefined ? { StartAfter: `${PREFIX}${fileOf(after)}` } : { ContinuationToken: from }),
        }),
      );
      for (const { Key } of page.Contents ?? []) numbers.push(numberOfKey(Key) ?? 0);
      from = page.NextContinuationToken;
    } while (from !== undefined);
    return numbers.filter((number) => number > after).sort((a, b) => a - b);
  }

  async read(number: number): Promise<string | undefined> {
    try {
      const command = new GetObjectCommand({ Bucket: this.#bucket, Key: `${PREFIX}${fileOf(number)}` });
      return await (await this.#client.send(command)).Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async create(number: number, text: string): Promise<boolean> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: `${PREFIX}${fileOf(number)}`,
          Body: text,
          ContentType: 'application/json',
          // Answers 412 if the key has an object, and 409 while another such write is under way.
          IfNoneMatch: '*',
        }),
      );
      return true;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 412 || status === 409) return false;
      throw error;
    }
  }

  /** A locked version cannot be deleted, but a newer one or a delete marker can be laid over it. */
  async tampered(): Promise<string[]> {
    const found: string[] = [];
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    const versions = new Map<string, number>();
    while (next !== undefined) {
      const command: ListObjectVersionsCommand = new ListObjectVersionsCommand({
        Bucket: this.#bucket,
        Prefix: PREFIX,
        ...next,
      });
      const page = await this.#client.send(command);
      for (const { Key = '' } of page.DeleteMarkers ?? [])
        found.push(`${Key} was deleted; its locked version is there`);
      for (const { Key = '' } of page.Versions ?? []) versions.set(Key, (versions.get(Key) ?? 0) + 1);
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    for (const [key, count] of versions)
      if (count > 1) found.push(`${key} was written over; its earlier versions are there`);
    return found;
  }
}

export const s3Anchors = (options: S3AnchorOptions): Anchors => new S3Anchors(options);
