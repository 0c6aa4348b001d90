/** Creates the tables of the contract, for emulators, development and tests. On AWS the platform creates them. */
import {
  CreateTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { shapes, type TableShape } from '../shape.ts';
import { connect, type DynamoOptions } from './tables.ts';

const keySchema = ({ partition, sort }: { partition: string; sort?: string }): KeySchemaElement[] => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' } as const]),
];

const createTable = ({ contract }: TableShape, TableName: string): CreateTableCommand => {
  const keys = [contract, ...Object.values(contract.indexes)];
  const keyAttributes = new Set(
    keys.flatMap(({ partition, sort }) => (sort === undefined ? [partition] : [partition, sort])),
  );
  const indexes = Object.entries(contract.indexes).map(([IndexName, index]) => ({
    IndexName,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: 'ALL' } as const,
  }));
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...keyAttributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keySchema(contract),
    ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
  });
};

const enableTtl = async (client: DynamoDBClient, TableName: string, AttributeName: string): Promise<void> => {
  const command = new UpdateTimeToLiveCommand({
    TableName,
    TimeToLiveSpecification: { AttributeName, Enabled: true },
  });
  await client.send(command).catch((error: unknown) => {
    // dynalite expires nothing; rows past their TTL count as absent all the same.
    if (!(error instanceof Error && error.name === 'UnknownOperationException')) throw error;
  });
};

/** Leaves a table that exists as it is. */
const ensureTable = async (client: DynamoDBClient, shape: TableShape, name: string): Promise<void> => {
  try {
    await client.send(createTable(shape, name));
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 1, maxDelay: 2 }, { TableName: name });
  if (shape.contract.ttl !== undefined) await enableTtl(client, name, shape.contract.ttl);
};

/** Creates what is missing, and resolves once all tables are active. */
export const createDynamoTables = async (options: DynamoOptions): Promise<void> => {
  const client = connect(options);
  try {
    await Promise.all(
      Object.values(shapes).map((shape) => ensureTable(client, shape, `${options.prefix}${shape.name}`)),
    );
  } finally {
    client.destroy();
  }
};
