/**
 * Where a run is kept: one object in the state bucket, written only over what was read. S3 compares for us:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { cutoverKey } from '../../../modules/stacks/state.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed } from '../operated.ts';
import { readObject } from '../read-object.ts';
import { Run } from './run.ts';

/** A run as it was read, and what tells this version of its object from the next. */
export interface Kept {
  readonly run: Run;
  readonly etag: string;
}

/** Somebody else wrote the object since it was read: nothing was written. */
export class RunMoved extends OperatorProblem {}

export interface RunStore {
  /** The last run, open or ended; undefined where there never was one. @throws OperatorProblem where it cannot be read as one */
  read(): Promise<Kept | undefined>;
  /** The first run. @throws RunMoved where there is one already */
  create(run: Run): Promise<Kept>;
  /** @throws RunMoved where the object is no longer the one that was read */
  replace(run: Run, over: Kept): Promise<Kept>;
}

/** Attempts at a write that S3 answers with 409: another one was under way. */
const ATTEMPTS = 5;

const parsed = (text: string, where: string): Run => {
  try {
    return Run.parse(JSON.parse(text));
  } catch (error) {
    throw new OperatorProblem(
      `${where} is not a cutover that this release can read. Use the release that wrote it, or look at the object's earlier versions.`,
      { cause: error },
    );
  }
};

type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

export const storeOn = (client: S3Client, Bucket: string, Key: string): RunStore => {
  const where = `s3://${Bucket}/${Key}`;
  const get = () => readObject(client, { Bucket, Key });
  /**
   * An answer that was lost makes the client try again, and then its own first write is in the way. No two writes are
   * the same, because each has its holder and time.
   */
  const writtenBefore = async (error: unknown, body: string): Promise<string | undefined> => {
    if (!isNamed(error, 'PreconditionFailed')) return undefined;
    const there = await get().catch(() => undefined);
    return (await there?.Body?.transformToString()) === body ? there?.ETag : undefined;
  };
  const put = async (run: Run, condition: Condition): Promise<Kept> => {
    const Body = `${JSON.stringify(run, null, 2)}\n`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const command = new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ...condition });
        const { ETag = '' } = await client.send(command);
        return { run, etag: ETag };
      } catch (error) {
        if (isNamed(error, 'ConditionalRequestConflict') && attempt < ATTEMPTS) {
          await sleep(attempt * 100);
          continue;
        }
        const etag = await writtenBefore(error, Body);
        if (etag !== undefined) return { run, etag };
        // NoSuchKey: the object that was read is gone.
        if (isNamed(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'))
          throw new RunMoved(`Somebody else has changed ${where} meanwhile. Nothing was written.`, { cause: error });
        throw error;
      }
    }
  };
  return {
    read: async () => {
      const told = await get();
      if (told?.Body === undefined) return undefined;
      return { run: parsed(await told.Body.transformToString(), where), etag: told.ETag ?? '' };
    },
    create: (run) => put(run, { IfNoneMatch: '*' }),
    replace: (run, { etag }) => put(run, { IfMatch: etag }),
  };
};

export const openStore = (deployment: Deployment): RunStore => {
  const { state_bucket, state_region } = deployment.settings;
  return storeOn(new S3Client({ region: state_region }), state_bucket, cutoverKey(deployment));
};
