/** Rules of state, encryption, backups and operations. */
import { rule } from './rule.ts';

export const dataRules = [
  rule(
    'store_mode',
    'must not be none with Countersign: choose dynamodb or postgres',
    (s) => s.store_mode === 'none' && s.container === 'countersign',
  ),
  rule(
    'compute_mode',
    'lambda with store_mode postgres needs private_cidrs: the function joins the VPC',
    (s) => s.compute_mode === 'lambda' && s.store_mode === 'postgres' && s.private_cidrs.length === 0,
  ),
  rule(
    'cache_enabled',
    'needs a VPC with private or database subnets',
    (s) => s.cache_enabled && s.vpc_cidr === undefined,
  ),
  // docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
  rule(
    'db_max_gb',
    'must be at least a tenth above db_gb: RDS takes no less room to grow into',
    (s) => s.db_max_gb < s.db_gb * 1.1,
  ),
  rule(
    'table_replica_regions',
    'need store_mode dynamodb',
    (s) => s.table_replica_regions.length > 0 && s.store_mode !== 'dynamodb',
  ),
  rule(
    'table_replica_regions',
    'must be regions besides the environment’s own: those share its tables with home_region',
    (s) => s.table_replica_regions.some((region) => s.regions.includes(region)),
  ),
  rule(
    'table_replica_regions',
    'cannot be with github_repository: adding a replica takes reading the tables, which no workflow may; an administrator adds them',
    (s) => s.table_replica_regions.length > 0 && s.github_repository !== undefined,
  ),
  rule(
    'db_copy_region',
    'needs store_mode postgres',
    (s) => s.db_copy_region !== undefined && s.store_mode !== 'postgres',
  ),
  rule(
    'db_copy_region',
    'must be another region than the environment’s own',
    (s) => s.db_copy_region !== undefined && s.regions.includes(s.db_copy_region),
  ),
  rule('data_bucket_cors_origins', 'need data_bucket', (s) => s.data_bucket_cors_origins.length > 0 && !s.data_bucket),
  rule('backups', 'need store_mode dynamodb or postgres', (s) => s.backups && s.store_mode === 'none'),
  rule(
    'backups',
    'must not be off in prod, the kind of this environment: tables and database would be lost with a mistake',
    (s) => !s.backups && s.kind === 'prod' && s.store_mode !== 'none',
  ),
  rule('backup_region', 'needs backups', (s) => s.backup_region !== undefined && !s.backups),
  rule(
    'backup_region',
    'must be another region than the environment’s own',
    (s) => s.backup_region !== undefined && s.regions.includes(s.backup_region),
  ),
  rule(
    'daily_export',
    'needs store_mode dynamodb and audit_archive',
    (s) => s.daily_export && (s.store_mode !== 'dynamodb' || !s.audit_archive),
  ),
  rule(
    'audit_export',
    'needs audit_archive, and container countersign',
    (s) => s.audit_export && (!s.audit_archive || s.container !== 'countersign'),
  ),
  rule('log_archive', 'needs audit_archive', (s) => s.log_archive && !s.audit_archive),
  rule(
    'notice_channels',
    'must be false with notices = false: nobody would be told',
    (s) => s.notice_channels && !s.notices,
  ),
  rule(
    'notice_channels',
    'must be false with container custom: only Countersign tells people',
    (s) => s.notice_channels && s.container === 'custom',
  ),
  rule(
    'mail_from',
    'needs mail_domain, and must be an address of it',
    (s) => s.mail_from !== undefined && (s.mail_domain === undefined || !s.mail_from.endsWith(`@${s.mail_domain}`)),
  ),
  rule(
    'secret_rotation_days',
    'needs secrets: give container_secrets, or take container countersign',
    (s) =>
      s.secret_rotation_days !== undefined && s.container === 'custom' && Object.keys(s.container_secrets).length === 0,
  ),
];
