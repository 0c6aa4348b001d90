/** The stores that are attacked: each started anew, with the variables that a task needs to use it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { startMoto } from '../servers/moto.ts';
import { putNewDatabase } from '../servers/new-database.ts';
import { startPostgres } from '../servers/postgres.ts';
import type { Program } from '../servers/programs.ts';
import { startProxy } from '../servers/proxy.ts';
import { startRedis } from '../servers/redis.ts';

export interface Store {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface StoreKind {
  readonly name: 'embedded' | 'postgres' | 'dynamodb';
  /** Tasks that may share it. */
  readonly tasks: 1 | 2;
  readonly programs: readonly Program[];
  open(): Promise<Store>;
}

const embedded = async (): Promise<Store> => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-attack-'));
  await putNewDatabase(folder);
  return {
    environment: { STORE: 'embedded', DATA_DIR: folder },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
};

const region = 'us-east-1';
const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** The bucket that the audit log's heads are anchored in, which a writer to the database cannot reach. */
const bucketAt = async (endpoint: string): Promise<Readonly<Record<string, string>>> => {
  Object.assign(process.env, credentials);
  const client = new S3Client({ region, endpoint, forcePathStyle: true });
  const Bucket = 'attacked-archive';
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  client.destroy();
  return { AUDIT_ANCHOR_BUCKET: Bucket, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint, ...credentials };
};

const postgres = async (): Promise<Store> => {
  const [database, redis, moto] = await Promise.all([startPostgres(), startRedis(), startMoto()]);
  const bucket = await bucketAt(moto.url);
  return {
    environment: { STORE: 'postgres', DATABASE_URL: database.url, REDIS_URL: redis.url, ...bucket },
    stop: async () => {
      await Promise.all([database.stop(), redis.stop(), moto.stop()]);
    },
  };
};

const dynamodb = async (): Promise<Store> => {
  const moto = await startMoto();
  // One request at a time: moto does not isolate transactions from each other, as DynamoDB does.
  const proxy = await startProxy(moto.url);
  const bucket = await bucketAt(moto.url);
  await createDynamoTables({ prefix: 'countersign-', region, endpoint: moto.url });
  return {
    environment: { STORE: 'dynamodb', DYNAMODB_ENDPOINT: proxy.url, ...bucket },
    stop: async () => {
      await proxy.stop();
      await moto.stop();
    },
  };
};

export const storeKinds: readonly StoreKind[] = [
  { name: 'embedded', tasks: 1, programs: [], open: embedded },
  { name: 'postgres', tasks: 2, programs: ['initdb', 'postgres', 'redis-server', 'moto_server'], open: postgres },
  { name: 'dynamodb', tasks: 2, programs: ['moto_server'], open: dynamodb },
];
