/** Objects in a bucket. What is streamed goes up in parts, of which two are in memory at a time. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { CountersignError } from '../errors.ts';
import type { ObjectBody, ObjectEngine, ObjectFacts, PutOptions } from '../ports/objects.ts';
import { withSpans } from '../s3-spans.ts';
import { attachment } from './attachment.ts';
import { checkFolder, checkKey, checkPage } from './keys.ts';

export interface S3ObjectsOptions {
  readonly bucket: string;
  readonly region: string;
  /** Other than the region's own, for an emulator. */
  readonly endpoint?: string | undefined;
}

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** Seconds that an address which leads past the service is good for. It is followed at once. */
const HAND_OVER_SECONDS = 60;
/** Name of the metadata that tells one write from another. */
const WRITE = 'countersign-write';

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** 412: it does not hold. 409: another such write is under way. 404: there is nothing that If-Match could be about. */
const isUnmet = (error: unknown, { ifMatch, ifNoneMatch }: PutOptions): boolean => {
  const status = statusOf(error);
  if (ifMatch === undefined && ifNoneMatch === undefined) return false;
  return status === 412 || status === 409 || (ifMatch !== undefined && status === 404);
};

/** Mapped where it came from S3 or the network; an error of the body's own passes. */
const away = (error: unknown): unknown =>
  error instanceof S3ServiceException || (error instanceof Error && ('$metadata' in error || 'syscall' in error))
    ? new CountersignError('store_unavailable', 'The bucket of objects does not answer. Try again in a moment.', {
        cause: error,
      })
    : error;

const told = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw away(error);
  }
};

/** A stream of chunks as the SDK takes it; what is whole stays whole, so that a refusal can be tried again. */
const bodyOf = (body: ObjectBody): string | Uint8Array | Readable =>
  typeof body === 'string' || body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false });

class S3Objects implements ObjectEngine {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ bucket, region, endpoint }: S3ObjectsOptions) {
    this.#bucket = bucket;
    this.#client = withSpans(
      new S3Client({
        region,
        maxAttempts: 3,
        requestHandler: { connectionTimeout: 3000, requestTimeout: 30_000 },
        ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      }),
    );
  }

  async put(key: string, body: ObjectBody, options: PutOptions = {}): Promise<ObjectFacts | undefined> {
    const { contentType = 'application/octet-stream', ifNoneMatch, ifMatch } = options;
    const write = randomUUID();
    const upload = new Upload({
      client: this.#client,
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      params: {
        ...this.#at(key),
        Body: bodyOf(body),
        ContentType: contentType,
        Metadata: { [WRITE]: write },
        ...(ifNoneMatch !== undefined && { IfNoneMatch: ifNoneMatch }),
        ...(ifMatch !== undefined && { IfMatch: ifMatch }),
      },
    });
    return told(async () => {
      try {
        await upload.done();
      } catch (error) {
        if (!isUnmet(error, options)) throw error;
        // The SDK tries again where an answer got lost. The condition then fails because of our own first try.
        const found = await this.#look(key);
        return found?.write === write ? found.facts : undefined;
      }
      return (await this.#look(key))?.facts;
    });
  }

  async get(key: string) {
    const at = this.#at(key);
    return told(() =>
      this.#unlessMissing(key, async () => {
        const { Body, ContentType, ...rest } = await this.#client.send(new GetObjectCommand(at));
        if (!(Body instanceof Readable)) throw new Error('S3 answered without a body');
        return {
          ...factsOf(key, rest),
          contentType: ContentType ?? 'application/octet-stream',
          body: Body,
        };
      }),
    );
  }

  async head(key: string): Promise<ObjectFacts | undefined> {
    this.#at(key);
    return told(async () => (await this.#look(key))?.facts);
  }

  async list(folder: string, page?: { readonly limit?: number; readonly cursor?: string }) {
    const { limit, cursor } = checkPage(page);
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: checkFolder(folder),
      MaxKeys: limit,
      ...(cursor !== undefined && { StartAfter: cursor }),
    });
    return told(async () => {
      const { Contents = [], IsTruncated = false } = await this.#client.send(command);
      const items = Contents.map(({ Key = '', Size, ETag, LastModified }) =>
        factsOf(Key, { ContentLength: Size, ETag, LastModified }),
      );
      const last = items.at(-1);
      return { items, ...(IsTruncated && last !== undefined && { cursor: last.key }) };
    });
  }

  async remove(key: string): Promise<void> {
    const at = this.#at(key);
    await told(() => this.#client.send(new DeleteObjectCommand(at)));
  }

  async handOver(key: string, fileName: string): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      ResponseContentDisposition: attachment(fileName),
      ResponseCacheControl: 'no-store',
    });
    return told(() => getSignedUrl(this.#client, command, { expiresIn: HAND_OVER_SECONDS }));
  }

  close(): void {
    this.#client.destroy();
  }

  #at(key: string) {
    return { Bucket: this.#bucket, Key: checkKey(key) };
  }

  /** What there is of it, and which write made it. */
  #look(key: string) {
    return this.#unlessMissing(key, async () => {
      const answer = await this.#client.send(new HeadObjectCommand(this.#at(key)));
      return { facts: factsOf(key, answer), write: answer.Metadata?.[WRITE] };
    });
  }

  /**
   * S3 answers 403 instead of 404 to whoever may list some of a bucket only, as the service may. Whether the object is
   * missing, a list of its own folder tells. docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  async #unlessMissing<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return undefined;
      if (status !== 403) throw error;
      const list = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: key, MaxKeys: 1 });
      const { Contents = [] } = await this.#client.send(list);
      if (Contents.some(({ Key }) => Key === key)) throw error;
      return undefined;
    }
  }
}

interface Answered {
  readonly ContentLength?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

const factsOf = (key: string, { ContentLength, ETag, LastModified }: Answered): ObjectFacts => {
  if (ContentLength === undefined || ETag === undefined || LastModified === undefined)
    throw new Error('S3 did not say size, etag and time of an object');
  return { key, size: ContentLength, etag: ETag, writtenAt: LastModified };
};

export const s3Objects = (options: S3ObjectsOptions): ObjectEngine => new S3Objects(options);
