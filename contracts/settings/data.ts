/** Settings: where state is kept, how it is encrypted and backed up. */
import { z } from 'zod';
import { databaseName, reservedInPostgres } from '../limits/postgres.ts';
import { region } from './region.ts';
import {
  choice,
  defaultText,
  flag,
  httpsOrigin,
  integer,
  list,
  optionalFlag,
  optionalInteger,
  optionalText,
  setting,
} from './setting.ts';

const recoveryDays = 'must be 0, or a whole number from 7 to 30 (days)';

/** Folders of the data bucket. */
export const dataFolders = ['alerts', 'logs', 'configs', 'data', 'temp'] as const;

export const data = {
  store_mode: choice({
    description:
      'dynamodb: tables of the contract. postgres: RDS. none: a custom image that keeps its state elsewhere.',
    values: ['dynamodb', 'postgres', 'none'],
    default: 'dynamodb',
  }),
  encryption: choice({
    description: 'aws-managed: keys AWS owns or manages. cmk: customer managed keys, rotated every year.',
    values: ['aws-managed', 'cmk'],
    default: 'aws-managed',
  }),
  deletion_protection: optionalFlag({
    description:
      'Tables, database, user pool and load balancer cannot be deleted, and buckets with objects neither. Default: true in prod.',
  }),
  table_prefix: optionalText({
    description: 'Start of the table names. Default: `<name_prefix>-`.',
    pattern: /^[a-zA-Z0-9_.-]{1,80}$/,
    be: 'letters, digits and _ . -',
    example: '"marketing-mcp-"',
  }),
  table_replica_regions: list({
    description:
      'Regions with replicas of all tables (global tables), besides those of `regions`. With home_region the regions of `regions` have replicas anyway.',
    item: region,
    example: '["us-west-2"]',
  }),
  point_in_time_recovery_days: integer({
    description: 'Days back to which tables can be restored.',
    unit: 'days',
    default: 35,
    min: 1,
    max: 35,
  }),
  db_class: defaultText({
    description: 'Instance class of the database.',
    pattern: /^db\.[a-z0-9]+\.[a-z0-9]+$/,
    be: 'an RDS instance class such as db.t4g.micro',
    default: 'db.t4g.micro',
  }),
  db_engine_version: defaultText({
    description: 'PostgreSQL version.',
    pattern: /^1[1-9](\.\d{1,2})?$/,
    be: 'a PostgreSQL version from 11 to 19, such as 17 or 17.5',
    default: '17',
  }),
  db_allow_major_upgrade: flag({
    description:
      'Lets db_engine_version go up by a major version. The upgrade is made at once, and the database is away for 10 to 30 minutes or more: docs/runbooks/upgrade-database.md. Set it back afterwards.',
    default: false,
  }),
  apply_immediately: optionalFlag({
    description:
      'Makes changes of database and cache that interrupt them at once. false: they wait for the maintenance window (Sunday, 07:00 to 08:00 UTC for the database and 04:30 to 05:30 for the cache), and every plan shows them until then. Default: true in dev.',
  }),
  // RDS wants a tenth to grow into, and db_max_gb ends at 65,536.
  db_gb: integer({ description: 'Storage of the database (gp3).', unit: 'GB', default: 20, min: 20, max: 59_578 }),
  db_max_gb: optionalInteger({
    description: 'Size to which the storage may grow by itself. Default: five times db_gb.',
    unit: 'GB',
    min: 20,
    max: 65_536,
  }),
  db_multi_az: optionalFlag({ description: 'A standby in a second zone. Default: true in prod.' }),
  db_backup_days: optionalInteger({
    description: 'Days of automated backups. Default: 7 in dev, 14 in staging, 35 in prod.',
    unit: 'days',
    min: 1,
    max: 35,
  }),
  db_copy_region: setting(region.optional(), {
    description:
      'Region that the automated backups and the transaction log of the database are copied to as they are made, so that it can be restored there to any second up to some minutes ago. RDS allows some pairs of regions only, and refuses others when the plan is applied. Default: none; backup_region gets one copy per day.',
    example: '"us-west-2"',
  }),
  db_name: defaultText({
    description: 'Name of the database.',
    pattern: new RegExp(`^(?=[a-z][a-z0-9_]{0,62}$)(?:${databaseName.pattern.source})`),
    be: 'at most 63 lower-case letters, digits and _, beginning with a letter, and no word that SQL or RDS keeps, such as user, db, database or rdsadmin',
    default: 'countersign',
  }),
  db_username: defaultText({
    description: 'Its owner. The password is made, kept and rotated by RDS in Secrets Manager.',
    pattern: new RegExp(`^(?=[a-z][a-z0-9_]{0,15}$)(?:${reservedInPostgres.pattern.source})`),
    be: 'at most 16 lower-case letters, digits and _, beginning with a letter but not with pg_ or rds_, and no word that SQL or RDS keeps, such as user, admin or rdsadmin',
    default: 'countersign',
  }),
  db_insights: optionalFlag({
    description: 'Performance Insights and enhanced monitoring every 60 s. Default: true in prod.',
  }),
  cache_enabled: flag({
    description: 'Redis or Valkey for rate limits and caches that all tasks share.',
    default: false,
  }),
  cache_engine: choice({ description: 'Engine of the cache.', values: ['redis', 'valkey'], default: 'valkey' }),
  cache_node: defaultText({
    description: 'Node type of the cache.',
    pattern: /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
    be: 'a node type such as cache.t4g.micro',
    default: 'cache.t4g.micro',
  }),
  cache_nodes: integer({
    description: 'Nodes; two or more stand in several zones and fail over.',
    unit: 'nodes',
    default: 2,
    min: 1,
    max: 6,
  }),
  cache_snapshot_days: integer({
    description: 'Days a daily snapshot is kept. The cache holds only what may be lost.',
    unit: 'days',
    default: 1,
    min: 0,
    max: 35,
  }),
  data_bucket: flag({
    description: `A bucket for data with the folders ${dataFolders.map((folder) => `${folder}/`).join(', ')}.`,
    default: false,
  }),
  data_bucket_cors_origins: list({
    description: 'Browser origins that may read and write the data bucket.',
    item: httpsOrigin,
    example: '["https://alerts.example.com"]',
  }),
  bucket_versioning: optionalFlag({
    description: 'Versions of every object in the data bucket. Default: true except in dev.',
  }),
  bucket_lifecycle: optionalFlag({
    description:
      'Lifecycle of the data bucket: logs/ to infrequent access and Glacier, temp/ removed. Default: true in prod.',
  }),
  audit_archive: optionalFlag({
    description:
      'A bucket with object lock for the audit log and old logs. Without it the heads of the audit log are anchored nowhere, and there is no log_archive and no daily_export. Default: true in prod.',
  }),
  audit_archive_days: integer({
    description: 'Days its objects cannot be deleted.',
    unit: 'days',
    default: 730,
    min: 1,
    max: 3650,
  }),
  audit_export: optionalFlag({
    description:
      'Exports the audit log to the audit archive for auditors, below audit-log/: compressed NDJSON in OCSF 1.8, without gaps or duplicates. Default: as audit_archive; false with a custom container.',
  }),
  secret_prefix: optionalText({
    description: 'Start of the secrets’ names. Default: `<project_name>/<environment>`.',
    pattern: /^[\w+=.@-]+(\/[\w+=.@-]+)*$/,
    be: 'a path such as finops/mcp',
    example: '"finops/mcp"',
  }),
  secret_recovery_days: setting(
    z
      .int({ error: recoveryDays })
      .refine((days) => days === 0 || (days >= 7 && days <= 30), { error: recoveryDays })
      .optional(),
    {
      description:
        'Days in which a deleted secret can be restored. Until they are over no secret of its name can be made: `npm run deploy` restores those of an environment that was destroyed. 0 deletes at once. Default: 30 in prod, 0 elsewhere.',
      unit: 'days',
      example: '30',
    },
  ),
  secret_rotation_days: optionalInteger({
    description:
      'Age at which `npm run secrets -- rotate` and `npm run doctor` ask for a new value. Default: 90 in prod, else none.',
    unit: 'days',
    min: 1,
    max: 365,
  }),
  backups: optionalFlag({ description: 'A backup plan (AWS Backup) for tables and database. Default: true in prod.' }),
  backup_retention_days: integer({
    description: 'Days a daily backup is kept.',
    unit: 'days',
    default: 90,
    min: 1,
    max: 36_500,
  }),
  backup_region: setting(region.optional(), {
    description: 'Region that backups are copied to.',
    example: '"us-west-2"',
  }),
  daily_export: flag({
    description: 'A daily export of snapshots and approved accounts (DynamoDB) to the audit archive.',
    default: false,
  }),
} as const;
