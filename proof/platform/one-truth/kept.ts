/** What the service has left where the stack keeps things. */
import { DynamoDBClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { z } from 'zod';
import { newRow } from '../../../service/src/jobs/row.ts';
import { JobStore } from '../../../service/src/jobs/store.ts';
import { openPostgres } from '../../../service/src/stores/postgres/server.ts';
import type { Surroundings } from './made.ts';
import type { Stack } from './stack.ts';

export interface Kept {
  /** Records of the audit log, in the stack's tables or database. */
  readonly records: number;
  /** Jobs that are done, in the same place. */
  readonly jobsDone: number;
  /** Keys in the stack's cache; undefined where it has none. */
  readonly shared: number | undefined;
}

type InStore = Pick<Kept, 'jobsDone' | 'records'>;

const tableNames = (stack: Stack): readonly string[] =>
  stack.all('aws_dynamodb_table').map(([, { name }]) => z.string().parse(name));

const databaseOf = (stack: Stack): string | undefined =>
  stack.all('aws_db_instance').map(([, { db_name }]) => z.string().parse(db_name))[0];

const urlOf = (name: string, { databaseUrl }: Surroundings): string =>
  Object.assign(new URL(databaseUrl), { pathname: name }).href;

const inTables = async (stack: Stack, { aws }: Surroundings): Promise<InStore> => {
  const names = tableNames(stack);
  const client = new DynamoDBClient(aws);
  const count = async (table: string, only: Partial<ScanCommandInput> = {}): Promise<number> => {
    const TableName = names.find((name) => name.endsWith(table));
    return (await client.send(new ScanCommand({ TableName, Select: 'COUNT', ...only }))).Count ?? 0;
  };
  const records = await count('audit-logs');
  const jobsDone = await count('-jobs', {
    FilterExpression: '#status = :done',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':done': { S: 'done' } },
  });
  client.destroy();
  return { records, jobsDone };
};

const inDatabase = async (name: string, surroundings: Surroundings): Promise<InStore> => {
  const client = new Client({ connectionString: urlOf(name, surroundings) });
  await client.connect();
  const count = async (from: string): Promise<number> => {
    const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${from}`);
    return rows[0]?.count ?? 0;
  };
  const kept = { records: await count('audit_logs'), jobsDone: await count("jobs where status = 'done'") };
  await client.end();
  return kept;
};

const inCache = async ({ redisUrl }: Surroundings): Promise<number> => {
  const redis = new Redis(redisUrl);
  const keys = await redis.dbsize();
  redis.disconnect();
  return keys;
};

export const keptBy = async (stack: Stack, surroundings: Surroundings): Promise<Kept> => {
  const database = databaseOf(stack);
  return {
    ...(database === undefined ? await inTables(stack, surroundings) : await inDatabase(database, surroundings)),
    shared: stack.all('aws_elasticache_replication_group').length > 0 ? await inCache(surroundings) : undefined,
  };
};

/** Writes a job of the service itself and tells nobody, as a task does that dies after its transaction. */
export const leaveJob = async (stack: Stack, surroundings: Surroundings): Promise<void> => {
  const row = newRow('core', { worker: 'expire-account-access', payload: {} }, new Date());
  const database = databaseOf(stack);
  if (database !== undefined) {
    const tables = await openPostgres({ url: urlOf(database, surroundings) });
    await new JobStore(tables, () => new Date()).insert(row);
    return tables.close();
  }
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(surroundings.aws));
  const TableName = tableNames(stack).find((name) => name.endsWith('-jobs'));
  await client.send(new PutCommand({ TableName, Item: { ...row, payload: '{}' } }));
  client.destroy();
};
