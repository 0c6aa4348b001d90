/** The stores that both versions share while a cutover runs. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { Client } from 'pg';
import { createDynamoTables } from '../../service/src/stores/dynamodb/create.ts';
import { startMoto } from '../../service/test/servers/moto.ts';
import { startPostgres } from '../../service/test/servers/postgres.ts';
import { startProxy } from '../../service/test/servers/proxy.ts';
import { startRedis } from '../../service/test/servers/redis.ts';

export interface SharedStore {
  /** Variables of the service. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many operations are kept. @param having only those that have this attribute */
  operations(having?: string): Promise<number>;
  stop(): Promise<void>;
}

export interface PostgresStore extends SharedStore {
  /** Lets nobody read the estate while the work lasts. */
  whileShut<T>(work: () => Promise<T>): Promise<T>;
}

export const postgresStore = async (): Promise<PostgresStore> => {
  const [{ url, stop }, redis] = await Promise.all([startPostgres(), startRedis()]);
  const whileShut = async <T>(work: () => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('begin; lock table sandbox_resources in access exclusive mode');
      return await work();
    } finally {
      await client.query('rollback');
      await client.end();
    }
  };
  const operations = async (having = 'operationId'): Promise<number> => {
    const column = having.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ count: string }>(`select count(${column}) from operations`);
    await client.end();
    return Number(rows[0]?.count);
  };
  return {
    environment: { STORE: 'postgres', DATABASE_URL: url, REDIS_URL: redis.url },
    operations,
    whileShut,
    stop: async () => {
      await redis.stop();
      await stop();
    },
  };
};

/** moto rather than dynalite, which knows no transactions. */
export const dynamoStore = async (): Promise<SharedStore> => {
  const [moto, redis] = await Promise.all([startMoto(), startRedis()]);
  const proxy = await startProxy(moto.url);
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  Object.assign(process.env, credentials);
  const [region, prefix] = ['us-east-1', 'countersign-'];
  await createDynamoTables({ prefix, region, endpoint: moto.url });
  return {
    environment: {
      STORE: 'dynamodb',
      AWS_REGION: region,
      DYNAMODB_ENDPOINT: proxy.url,
      REDIS_URL: redis.url,
      ...credentials,
    },
    operations: async (having = 'operationId') => {
      const client = new DynamoDBClient({ region, endpoint: moto.url });
      const { Count = 0 } = await client.send(
        new ScanCommand({
          TableName: `${prefix}operations`,
          FilterExpression: `attribute_exists(${having})`,
          Select: 'COUNT',
        }),
      );
      client.destroy();
      return Count;
    },
    stop: async () => {
      await proxy.stop();
      await moto.stop();
      await redis.stop();
    },
  };
};
