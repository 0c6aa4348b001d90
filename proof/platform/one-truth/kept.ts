/** What the service has left where the stack keeps things. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { z } from 'zod';
import type { Surroundings } from './made.ts';
import type { Stack } from './stack.ts';

export interface Kept {
  /** Records of the audit log, in the stack's tables or database. */
  readonly records: number;
  /** Keys in the stack's cache; undefined where it has none. */
  readonly shared: number | undefined;
}

const inTables = async (stack: Stack, { aws }: Surroundings): Promise<number> => {
  const names = stack.all('aws_dynamodb_table').map(([, { name }]) => z.string().parse(name));
  const client = new DynamoDBClient(aws);
  const { Count = 0 } = await client.send(
    new ScanCommand({ TableName: names.find((name) => name.endsWith('audit-logs')), Select: 'COUNT' }),
  );
  client.destroy();
  return Count;
};

const inDatabase = async (name: string, { databaseUrl }: Surroundings): Promise<number> => {
  const client = new Client({ connectionString: Object.assign(new URL(databaseUrl), { pathname: name }).href });
  await client.connect();
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from audit_logs');
  await client.end();
  return rows[0]?.count ?? 0;
};

const inCache = async ({ redisUrl }: Surroundings): Promise<number> => {
  const redis = new Redis(redisUrl);
  const keys = await redis.dbsize();
  redis.disconnect();
  return keys;
};

export const keptBy = async (stack: Stack, surroundings: Surroundings): Promise<Kept> => {
  const [database] = stack.all('aws_db_instance').map(([, { db_name }]) => z.string().parse(db_name));
  return {
    records: database === undefined ? await inTables(stack, surroundings) : await inDatabase(database, surroundings),
    shared: stack.all('aws_elasticache_replication_group').length > 0 ? await inCache(surroundings) : undefined,
  };
};
