/** What is remembered of a move: what Route 53 cannot tell, which is what was there before and since when. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { moveKey } from '../../../modules/stacks/state.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed, unlessMissing } from '../operated.ts';

const Instant = z.iso.datetime();

/** Members of a newer release are kept. */
export const Move = z.looseObject({
  format: z.literal(1),
  /** The name that moves, without a dot at its end. */
  name: z.string(),
  zone: z.string(),
  owner: z.string(),
  /** The record as it was: addresses, and the seconds for which resolvers kept them. */
  old: z.object({ ttl: z.int(), values: z.array(z.string()).min(1) }),
  /** Ids of the instances that had these addresses then. Empty: there was none in this account and region. */
  servers: z.array(z.string()),
  startedAt: Instant,
  /** When resolvers began to keep the record for a minute only. */
  loweredAt: Instant.optional(),
  /** When the new server got everything. Absent again after going back. */
  movedAt: Instant.optional(),
  /** When the old server's record was removed. */
  finishedAt: Instant.optional(),
  /** What was done, the newest last. */
  steps: z.array(z.object({ at: Instant, by: z.string(), what: z.string() })),
});
export type Move = z.infer<typeof Move>;

export interface MoveStore {
  read(): Promise<Move | undefined>;
  /** Writes over what was read last, or for the first time. @throws OperatorProblem where somebody else wrote meanwhile */
  write(move: Move): Promise<void>;
}

export const openMoveStore = (deployment: Deployment): MoveStore => {
  const { state_bucket: Bucket, state_region: region } = deployment.settings;
  const client = new S3Client({
    region,
    ...(process.env.AWS_ENDPOINT_URL === undefined ? {} : { forcePathStyle: true }),
  });
  const Key = moveKey(deployment);
  let etag: string | undefined;
  return {
    read: async () => {
      const told = await unlessMissing(client.send(new GetObjectCommand({ Bucket, Key })), 'NoSuchKey');
      etag = told?.ETag;
      return told?.Body && Move.parse(JSON.parse(await told.Body.transformToString()));
    },
    write: async (move) => {
      const Body = `${JSON.stringify(move, null, 2)}\n`;
      const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag };
      try {
        const { ETag } = await client.send(
          new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', ...condition }),
        );
        etag = ETag;
      } catch (error) {
        if (!isNamed(error, 'PreconditionFailed', 'ConditionalRequestConflict')) throw error;
        throw new OperatorProblem(
          `Somebody else is moving ${move.name} at the same time: ask npm run move -- status.`,
          {
            cause: error,
          },
        );
      }
    },
  };
};
