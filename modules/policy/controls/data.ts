/**
 * Controls of what keeps state. https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html and the pages
 * of DynamoDB, ElastiCache, S3 and Backup beside it.
 */
import { inner, inners, isTrue, type Resource, type StackView } from '../view.ts';
import { type Control, on, onSome, pairedBy, refersTo } from './control.ts';
import { attached } from './documents.ts';

const database = 'aws_db_instance';
const isPostgres = ({ block }: Resource): boolean => block.engine === 'postgres';
const logsOf = ({ block }: Resource): readonly unknown[] =>
  Array.isArray(block.enabled_cloudwatch_logs_exports) ? block.enabled_cloudwatch_logs_exports : [];

/** Tables that lead out of the VPC: of a database, only those of its subnets. */
const inPublicSubnet = (resource: Resource, view: StackView): boolean => {
  const group = view.of('aws_db_subnet_group').find((found) => refersTo(resource.block.db_subnet_group_name, found));
  const subnets = view
    .of('aws_subnet')
    .filter((subnet) => group !== undefined && refersTo(group.block.subnet_ids, subnet));
  const tables = view
    .of('aws_route_table')
    .filter((table) =>
      view
        .of('aws_route_table_association')
        .some(
          ({ block }) =>
            refersTo(block.route_table_id, table) && subnets.some((subnet) => refersTo(block.subnet_id, subnet)),
        ),
    );
  return view
    .of('aws_route')
    .some(
      ({ block }) => block.gateway_id !== undefined && tables.some((table) => refersTo(block.route_table_id, table)),
    );
};

export const databaseControls: readonly Control[] = [
  on(
    database,
    'RDS.2',
    'RDS DB Instances should prohibit public access, as determined by the PubliclyAccessible configuration',
    ({ block }) => !isTrue(block.publicly_accessible),
  ),
  on(database, 'RDS.3', 'RDS DB instances should have encryption at-rest enabled', ({ block }) =>
    isTrue(block.storage_encrypted),
  ),
  on(database, 'RDS.5', 'RDS DB instances should be configured with multiple Availability Zones', ({ block }) =>
    isTrue(block.multi_az),
  ),
  on(
    database,
    'RDS.6',
    'Enhanced monitoring should be configured for RDS DB instances',
    ({ block }) => Number(block.monitoring_interval ?? 0) > 0,
  ),
  on(database, 'RDS.8', 'RDS DB instances should have deletion protection enabled', ({ block }) =>
    isTrue(block.deletion_protection),
  ),
  on(
    database,
    'RDS.9',
    'RDS DB instances should publish logs to CloudWatch Logs',
    (resource) => logsOf(resource).length > 0,
  ),
  on(database, 'RDS.10', 'IAM authentication should be configured for RDS instances', ({ block }) =>
    isTrue(block.iam_database_authentication_enabled),
  ),
  on(
    database,
    'RDS.11',
    'RDS instances should have automatic backups enabled',
    ({ block }) => Number(block.backup_retention_period ?? 0) >= 7,
  ),
  on(database, 'RDS.13', 'RDS automatic minor version upgrades should be enabled', ({ block }) =>
    isTrue(block.auto_minor_version_upgrade),
  ),
  on(database, 'RDS.17', 'RDS DB instances should be configured to copy tags to snapshots', ({ block }) =>
    isTrue(block.copy_tags_to_snapshot),
  ),
  on(
    database,
    'RDS.23',
    'RDS instances should not use a database engine default port',
    ({ block }) => Number(block.port ?? 5432) !== 5432,
  ),
  on(
    database,
    'RDS.25',
    'RDS database instances should use a custom administrator username',
    ({ block }) => !['postgres', 'admin', 'root'].includes(String(block.username)),
  ),
  onSome(
    database,
    isPostgres,
    'RDS.36',
    'RDS for PostgreSQL DB instances should publish logs to CloudWatch Logs',
    (resource) => logsOf(resource).includes('postgresql'),
  ),
  on(
    database,
    'RDS.46',
    'RDS DB instances should not be deployed in public subnets with routes to internet gateways',
    (resource, view) => !inPublicSubnet(resource, view),
  ),
];

/** A subscription to the events of one kind of source, with all of these categories. */
const subscribed = (view: StackView, source: string, categories: readonly string[]): boolean =>
  view.of('aws_db_event_subscription').some(({ block }) => {
    const told = block.event_categories;
    return (
      block.source_type === source &&
      block.enabled !== false &&
      (told === undefined || (Array.isArray(told) && categories.every((category) => told.includes(category))))
    );
  });

/**
 * The controls pass where an account has no subscription at all. That nobody is told of a failure is not what they are
 * for, so an alarm on a database asks for the subscription here.
 */
const watchesDatabase = (view: StackView): readonly Resource[] =>
  view
    .of('aws_cloudwatch_metric_alarm')
    .filter(({ block }) => block.namespace === 'AWS/RDS')
    .slice(0, 1);

const events = (id: string, title: string, source: string, categories: readonly string[]): Control => ({
  id,
  title,
  about: watchesDatabase,
  holds: (_, view) => subscribed(view, source, categories),
});

export const databaseEventControls: readonly Control[] = [
  events(
    'RDS.20',
    'Existing RDS event notification subscriptions should be configured for critical database instance events',
    'db-instance',
    ['maintenance', 'configuration change', 'failure'],
  ),
  events(
    'RDS.21',
    'An RDS event notifications subscription should be configured for critical database parameter group events',
    'db-parameter-group',
    ['configuration change'],
  ),
  events(
    'RDS.22',
    'An RDS event notifications subscription should be configured for critical database security group events',
    'db-security-group',
    ['configuration change', 'failure'],
  ),
];

const cache = 'aws_elasticache_replication_group';
const table = 'aws_dynamodb_table';

export const storeControls: readonly Control[] = [
  on(
    cache,
    'ElastiCache.1',
    'ElastiCache (Redis OSS) clusters should have automatic backups enabled',
    ({ block }) => Number(block.snapshot_retention_limit ?? 0) >= 1,
  ),
  on(cache, 'ElastiCache.2', 'ElastiCache clusters should have automatic minor version upgrades enabled', ({ block }) =>
    isTrue(block.auto_minor_version_upgrade),
  ),
  on(cache, 'ElastiCache.3', 'ElastiCache replication groups should have automatic failover enabled', ({ block }) =>
    isTrue(block.automatic_failover_enabled),
  ),
  on(cache, 'ElastiCache.4', 'ElastiCache replication groups should be encrypted at rest', ({ block }) =>
    isTrue(block.at_rest_encryption_enabled),
  ),
  on(cache, 'ElastiCache.5', 'ElastiCache replication groups should be encrypted in transit', ({ block }) =>
    isTrue(block.transit_encryption_enabled),
  ),
  on(
    cache,
    'ElastiCache.7',
    'ElastiCache clusters should not use the default subnet group',
    ({ block }) => block.subnet_group_name !== undefined && block.subnet_group_name !== 'default',
  ),
  on(
    table,
    'DynamoDB.1',
    'DynamoDB tables should automatically scale capacity with demand',
    ({ block }) => block.billing_mode === 'PAY_PER_REQUEST',
  ),
  on(table, 'DynamoDB.2', 'DynamoDB tables should have point-in-time recovery enabled', ({ block }) =>
    isTrue(inner(block, 'point_in_time_recovery').enabled),
  ),
  on(table, 'DynamoDB.6', 'DynamoDB tables should have deletion protection enabled', ({ block }) =>
    isTrue(block.deletion_protection_enabled),
  ),
];

const bucket = 'aws_s3_bucket';
const blocksAll = (resource: Resource, view: StackView): boolean => {
  const access = pairedBy(view, resource, 'aws_s3_bucket_public_access_block', 'bucket');
  const settings = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'];
  return access !== undefined && settings.every((name) => isTrue(access.block[name]));
};
const policyOf = (resource: Resource, view: StackView) => attached(view, resource, 'aws_s3_bucket_policy', 'bucket');

export const bucketControls: readonly Control[] = [
  ...(
    [
      ['S3.2', 'S3 general purpose buckets should block public read access'],
      ['S3.3', 'S3 general purpose buckets should block public write access'],
      ['S3.8', 'S3 general purpose buckets should block public access'],
    ] as const
  ).map(([id, title]) => on(bucket, id, title, blocksAll)),
  on(bucket, 'S3.5', 'S3 general purpose buckets should require requests to use SSL', (resource, view) =>
    policyOf(resource, view).some(
      ({ allows, conditions }) =>
        !allows &&
        conditions.some(({ variable, values }) => variable === 'aws:SecureTransport' && `${values}` === 'false'),
    ),
  ),
  on(
    bucket,
    'S3.6',
    'S3 general purpose bucket policies should restrict access to other AWS accounts',
    (resource, view) =>
      policyOf(resource, view).every(
        ({ allows, principals, actions }) =>
          !allows ||
          principals.every((principal) => principal.endsWith('.amazonaws.com')) ||
          actions.every(
            (action) =>
              !/^s3:(DeleteBucketPolicy|PutBucketAcl|PutBucketPolicy|PutEncryption|PutObjectAcl|\*)/.test(action),
          ),
      ),
  ),
  on(
    bucket,
    'S3.9',
    'S3 general purpose buckets should have server access logging enabled',
    (resource, view) => pairedBy(view, resource, 'aws_s3_bucket_logging', 'bucket') !== undefined,
  ),
  on(
    bucket,
    'S3.12',
    'ACLs should not be used to manage user access to S3 general purpose buckets',
    (resource, view) =>
      inner(pairedBy(view, resource, 'aws_s3_bucket_ownership_controls', 'bucket')?.block ?? {}, 'rule')
        .object_ownership === 'BucketOwnerEnforced',
  ),
  on(
    bucket,
    'S3.13',
    'S3 general purpose buckets should have Lifecycle configurations',
    (resource, view) =>
      inners(pairedBy(view, resource, 'aws_s3_bucket_lifecycle_configuration', 'bucket')?.block ?? {}, 'rule').length >
      0,
  ),
];
