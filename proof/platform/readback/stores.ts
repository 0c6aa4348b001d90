/** What the API tells of tables, databases, buckets and secrets. */
import {
  type ContinuousBackupsDescription,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  paginateListTables,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { type DBInstance, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  ListBucketsCommand,
  type ObjectLockConfiguration,
  type PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3';
import { GetSecretValueCommand, paginateListSecrets, type SecretListEntry } from '@aws-sdk/client-secrets-manager';
import { all, type Clients, unless } from '../clients.ts';

export interface TableSeen {
  readonly table: TableDescription;
  /** Attribute after which a row expires. */
  readonly ttl: string | undefined;
  readonly backups: ContinuousBackupsDescription | undefined;
}

export interface BucketSeen {
  readonly publicAccess: PublicAccessBlockConfiguration | undefined;
  readonly encryption: string | undefined;
  readonly lifecycle: readonly LifecycleRule[];
  readonly versioning: string | undefined;
  readonly lock: ObjectLockConfiguration | undefined;
  readonly policy: string | undefined;
}

export interface StoresSeen {
  /** By whole name. */
  readonly tables: Readonly<Record<string, TableSeen>>;
  readonly databases: readonly DBInstance[];
  readonly buckets: Readonly<Record<string, BucketSeen>>;
  readonly secrets: readonly SecretListEntry[];
  /** Names of the secrets that hold a value. */
  readonly filled: readonly string[];
}

const readTable = async ({ dynamodb }: Clients, TableName: string): Promise<TableSeen> => {
  const [{ Table: table }, { TimeToLiveDescription: ttl }, { ContinuousBackupsDescription: backups }] =
    await Promise.all([
      dynamodb.send(new DescribeTableCommand({ TableName })),
      dynamodb.send(new DescribeTimeToLiveCommand({ TableName })),
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName })),
    ]);
  if (table === undefined) throw new Error(`${TableName} is not told`);
  return { table, backups, ttl: ttl?.TimeToLiveStatus === 'ENABLED' ? ttl.AttributeName : undefined };
};

const readBucket = async ({ s3 }: Clients, Bucket: string): Promise<BucketSeen> => {
  const [block, encryption, lifecycle, versioning, lock, policy] = await Promise.all([
    unless('NoSuchPublicAccessBlockConfiguration', s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
    unless('ServerSideEncryptionConfigurationNotFoundError', s3.send(new GetBucketEncryptionCommand({ Bucket }))),
    unless('NoSuchLifecycleConfiguration', s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    unless('ObjectLockConfigurationNotFoundError', s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
    unless('NoSuchBucketPolicy', s3.send(new GetBucketPolicyCommand({ Bucket }))),
  ]);
  const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  return {
    publicAccess: block?.PublicAccessBlockConfiguration,
    encryption: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    lifecycle: lifecycle?.Rules ?? [],
    versioning: versioning.Status,
    lock: lock?.ObjectLockConfiguration,
    policy: policy?.Policy,
  };
};

const byName = async <T>(names: readonly string[], read: (name: string) => Promise<T>): Promise<Record<string, T>> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));

export const readStores = async (clients: Clients): Promise<StoresSeen> => {
  const { dynamodb, rds, s3, secrets: vault } = clients;
  const tables = await all(paginateListTables({ client: dynamodb }, {}), ({ TableNames }) => TableNames);
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const secrets = await all(paginateListSecrets({ client: vault }, {}), ({ SecretList }) => SecretList);
  const values = secrets.map(async ({ Name, ARN }) => {
    const value = await unless('ResourceNotFoundException', vault.send(new GetSecretValueCommand({ SecretId: ARN })));
    return value === undefined ? [] : [Name ?? ''];
  });
  return {
    tables: await byName(tables, (name) => readTable(clients, name)),
    databases: DBInstances,
    buckets: await byName(
      Buckets.flatMap(({ Name }) => Name ?? []),
      (name) => readBucket(clients, name),
    ),
    secrets,
    filled: (await Promise.all(values)).flat(),
  };
};
