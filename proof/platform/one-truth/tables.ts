/** DynamoDB tables as the stack's blocks describe them, and what stands in DynamoDB afterwards. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Stack } from './stack.ts';

const Keys = z.object({ hash_key: z.string(), range_key: z.string().optional() });
const Table = Keys.extend({
  name: z.string(),
  billing_mode: z.literal('PAY_PER_REQUEST'),
  attribute: z.array(z.object({ name: z.string(), type: z.enum(['S', 'N', 'B']) })),
  global_secondary_index: z
    .array(Keys.extend({ name: z.string(), projection_type: z.enum(['ALL', 'KEYS_ONLY']) }))
    .default([]),
  ttl: z.object({ attribute_name: z.string(), enabled: z.boolean() }).optional(),
});

const keySchema = ({ hash_key, range_key }: z.infer<typeof Keys>): KeySchemaElement[] => [
  { AttributeName: hash_key, KeyType: 'HASH' },
  ...(range_key === undefined ? [] : [{ AttributeName: range_key, KeyType: 'RANGE' } as const]),
];

const createTable = async (client: DynamoDBClient, table: z.infer<typeof Table>): Promise<void> => {
  const indexes = table.global_secondary_index.map((index) => ({
    IndexName: index.name,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: index.projection_type },
  }));
  await client.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: table.billing_mode,
      AttributeDefinitions: table.attribute.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
      KeySchema: keySchema(table),
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    }),
  );
  if (table.ttl === undefined) return;
  const TimeToLiveSpecification = { AttributeName: table.ttl.attribute_name, Enabled: table.ttl.enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
};

/** Creates every table of the stack, and answers their names. */
export const makeTables = async (stack: Stack, client: DynamoDBClient): Promise<string[]> => {
  const tables = stack.all('aws_dynamodb_table').map(([, block]) => Table.parse(block));
  for (const table of tables) await createTable(client, table);
  return tables.map(({ name }) => name);
};

/** What a table is to whoever reads and writes it: keys, their types, indexes, and when rows go. */
export const describeTable = async (client: DynamoDBClient, TableName: string): Promise<object> => {
  const { Table: table = {} } = await client.send(new DescribeTableCommand({ TableName }));
  const { TimeToLiveDescription: ttl } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
    (a.name ?? '').localeCompare(b.name ?? '');
  return {
    keys: table.KeySchema,
    attributes: (table.AttributeDefinitions ?? [])
      .map(({ AttributeName: name, AttributeType: type }) => ({ name, type }))
      .sort(byName),
    indexes: (table.GlobalSecondaryIndexes ?? [])
      .map(({ IndexName: name, KeySchema: keys, Projection: projection }) => ({
        name,
        keys,
        projection: projection?.ProjectionType,
      }))
      .sort(byName),
    ttl: ttl?.TimeToLiveStatus === 'ENABLED' ? ttl.AttributeName : undefined,
  };
};
