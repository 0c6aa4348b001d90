/** Tables, databases, caches. */
import { ascii, cited, dotted, items, number, text } from './limit.ts';
import { databaseName, reservedInPostgres } from './postgres.ts';

const identifier = (max: number) => ({
  min: 1,
  max,
  pattern: /^[a-zA-Z](-?[a-zA-Z0-9])*$/,
  be: 'letters, digits and single hyphens, beginning with a letter and ending with none',
});
/** The provider refuses capitals, which RDS would turn to small letters. */
const lowerIdentifier = (max: number) => ({
  min: 1,
  max,
  pattern: /^[a-z](-?[a-z0-9])*$/,
  be: 'lower-case letters, digits and single hyphens, beginning with a letter and ending with none',
});
const parameterGroup = {
  min: 1,
  max: 255,
  pattern: /^(?!default\.)[a-zA-Z](-?[a-zA-Z0-9.])*$/,
  be: 'letters, digits, dots and single hyphens, beginning with a letter',
};
const subnetGroup = {
  min: 1,
  max: 255,
  pattern: /^(?!default$)[a-zA-Z0-9 ._-]*$/i,
  be: 'letters, digits, spaces and . _ -, other than default',
};
const rds = 'AmazonRDS/latest/APIReference';

export const storeLimits = [
  ...cited(
    'amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html',
    text('aws_dynamodb_table.name', 'the name of a table', { min: 3, max: 255, ...dotted }, 'table_prefix'),
    text('aws_dynamodb_table.global_secondary_index.name', 'the name of an index', { min: 3, max: 255, ...dotted }),
    text('aws_dynamodb_table.attribute.name', 'the name of an attribute', { min: 1, max: 255 }),
  ),
  ...cited(
    'amazondynamodb/latest/developerguide/ServiceQuotas.html',
    items('aws_dynamodb_table.global_secondary_index', 'indexes of a table', { max: 20 }),
  ),
  ...cited(
    `${rds}/API_CreateDBInstance.html`,
    text('aws_db_instance.identifier', 'the name of a database instance', lowerIdentifier(63), 'names.database'),
    text('aws_db_instance.db_name', 'the name of a database', { min: 1, max: 63, ...databaseName }, 'db_name'),
    text(
      'aws_db_instance.username',
      'the owner of a database',
      { min: 1, max: 63, ...reservedInPostgres },
      'db_username',
    ),
    text(
      'aws_db_instance.final_snapshot_identifier',
      'the name of the last snapshot',
      identifier(255),
      'names.database',
    ),
    number('aws_db_instance.allocated_storage', 'the storage of a database', { min: 20, max: 65_536 }, 'db_gb'),
    number('aws_db_instance.max_allocated_storage', 'the storage of a database', { min: 20, max: 65_536 }, 'db_max_gb'),
    number('aws_db_instance.backup_retention_period', 'days of backups', { min: 0, max: 35 }, 'db_backup_days'),
    number('aws_db_instance.port', 'the port of a database', { min: 1150, max: 65_535 }),
  ),
  ...cited(
    `${rds}/API_CreateDBParameterGroup.html`,
    text('aws_db_parameter_group.name', 'the name of a parameter group', parameterGroup, 'names.database'),
    text('aws_db_parameter_group.description', 'the description of a parameter group', { max: 255, ...ascii }),
  ),
  ...cited(
    `${rds}/API_CreateEventSubscription.html`,
    text('aws_db_event_subscription.name', 'the name of a subscription to events', identifier(255), 'names.database'),
  ),
  ...cited(
    `${rds}/API_CreateDBSubnetGroup.html`,
    text('aws_db_subnet_group.name', 'the name of a subnet group', subnetGroup, 'names.database'),
    text('aws_db_subnet_group.description', 'the description of a subnet group', { max: 255, ...ascii }),
  ),
  ...cited(
    'AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html',
    text(
      'aws_elasticache_replication_group.replication_group_id',
      'the name of a cache',
      identifier(40),
      'names.cache',
    ),
    text('aws_elasticache_replication_group.description', 'the description of a cache', { min: 1, max: 255 }),
    number(
      'aws_elasticache_replication_group.num_cache_clusters',
      'nodes of a cache',
      { min: 1, max: 6 },
      'cache_nodes',
    ),
    number(
      'aws_elasticache_replication_group.snapshot_retention_limit',
      'days of snapshots',
      { min: 0, max: 35 },
      'cache_snapshot_days',
    ),
  ),
  ...cited(
    'AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html',
    text('aws_elasticache_parameter_group.description', 'the description of a parameter group', { min: 1, max: 255 }),
    text('aws_elasticache_parameter_group.name', 'the name of a parameter group', parameterGroup, 'names.cache'),
  ),
  ...cited(
    'AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html',
    text('aws_elasticache_subnet_group.description', 'the description of a subnet group', { min: 1, max: 255 }),
    text(
      'aws_elasticache_subnet_group.name',
      'the name of a subnet group',
      {
        ...subnetGroup,
        pattern: /^(?!default$)[a-zA-Z0-9-]*$/i,
        be: 'letters, digits and hyphens, other than default',
      },
      'names.cache',
    ),
  ),
  ...cited(
    'AmazonElastiCache/latest/APIReference/API_CreateUser.html',
    text('aws_elasticache_user.user_id', 'the name of a cache user', identifier(40), 'names.cache'),
    text('aws_elasticache_user.user_name', 'what a cache user signs in as', { min: 1, max: 120 }),
    text(
      'aws_elasticache_user_group.user_group_id',
      'the name of a group of cache users',
      identifier(40),
      'names.cache',
    ),
  ),
];
