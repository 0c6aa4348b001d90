import { Backup } from '../backup/backup.ts';
import { decide, rulesOf } from '../testing/policy.ts';
import { synthesized } from '../testing/synthesized.ts';
import { Database, type DatabaseProps } from './database.ts';

const props: DatabaseProps = {
  identifier: 'tagging-mcp-db',
  accountId: '111122223333',
  region: 'us-east-1',
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  port: 5432,
  instanceClass: 'db.t4g.micro',
  engineVersion: '17',
  storageGb: 20,
  maxStorageGb: 100,
  multiAz: true,
  backupDays: 35,
  databaseName: 'finops_mcp',
  username: 'mcp_admin',
  deletionProtection: true,
  keepOnDestroy: true,
  logRetentionDays: 30,
  keys: {},
};
const made = (changes: Partial<DatabaseProps> = {}) =>
  synthesized((stack) => new Database(stack, 'database', { ...props, ...changes }));
const instance = (changes?: Partial<DatabaseProps>) => made(changes).all('aws_db_instance').database;

describe('the database', () => {
  it('is a PostgreSQL of the asked size in two zones', () => {
    expect(instance()).toMatchObject({
      identifier: 'tagging-mcp-db',
      engine: 'postgres',
      engine_version: '17',
      instance_class: 'db.t4g.micro',
      multi_az: true,
      db_name: 'finops_mcp',
      username: 'mcp_admin',
      port: 5432,
      storage_type: 'gp3',
      allocated_storage: 20,
      max_allocated_storage: 100,
      ca_cert_identifier: 'rds-ca-rsa2048-g1',
    });
  });

  it('is reached from its security group alone, in its subnets', () => {
    expect(instance()).toMatchObject({ publicly_accessible: false, vpc_security_group_ids: ['sg-1'] });
    expect(made().one('aws_db_subnet_group')).toMatchObject({
      name: 'tagging-mcp-db',
      subnet_ids: ['subnet-1', 'subnet-2'],
    });
  });

  it('has a password that RDS keeps, and none in Terraform', () => {
    expect(instance()).toMatchObject({ manage_master_user_password: true, iam_database_authentication_enabled: true });
    expect(made().json).not.toMatch(/"password/);
  });

  it('takes TLS only, and logs changes of the schema and slow statements without their values', () => {
    const { family, parameter } = made().one('aws_db_parameter_group');
    expect(family).toBe('postgres17');
    expect(
      Object.fromEntries((parameter as { name: string; value: string }[]).map(({ name, value }) => [name, value])),
    ).toEqual({
      'rds.force_ssl': '1',
      log_connections: '1',
      log_lock_waits: '1',
      log_statement: 'ddl',
      log_min_duration_statement: '1000',
      log_parameter_max_length: '0',
    });
  });

  it('sends its logs to groups that end, which it waits for', () => {
    const groups = Object.values(made().all('aws_cloudwatch_log_group'));
    expect(groups.map(({ name, retention_in_days }) => [name, retention_in_days])).toEqual([
      ['/aws/rds/instance/tagging-mcp-db/postgresql', 30],
      ['/aws/rds/instance/tagging-mcp-db/upgrade', 30],
    ]);
    expect(instance()).toMatchObject({ enabled_cloudwatch_logs_exports: ['postgresql', 'upgrade'] });
    expect(instance()?.depends_on).toEqual([
      expect.stringContaining('postgresql-log'),
      expect.stringContaining('upgrade-log'),
    ]);
  });

  it('is kept when it is destroyed, where that is asked for', () => {
    expect(instance()).toMatchObject({
      deletion_protection: true,
      backup_retention_period: 35,
      skip_final_snapshot: false,
      final_snapshot_identifier: expect.stringMatching(
        /^tagging-mcp-db-final-\$\{substr\(terraform_data\.\w+\.id, 0, 8\)\}$/,
      ),
      delete_automated_backups: false,
    });
    const gone = instance({ keepOnDestroy: false });
    expect(gone).toMatchObject({ skip_final_snapshot: true, delete_automated_backups: true });
    expect(gone).not.toHaveProperty('final_snapshot_identifier');
  });

  it('gives its last snapshot a name of its own, which changes whenever another database takes its place', () => {
    const { identifier, databaseName, username } = props;
    expect(made().one('terraform_data').triggers_replace).toEqual({ identifier, databaseName, username });
    expect(made({ keys: { data: 'key-d' } }).one('terraform_data').triggers_replace).toMatchObject({ key: 'key-d' });
    expect(made({ keepOnDestroy: false }).all('terraform_data')).toEqual({});
  });

  it('waits for the maintenance window with what interrupts, unless it is told not to', () => {
    expect(instance()).toMatchObject({ apply_immediately: false });
    expect(instance()).not.toHaveProperty('allow_major_version_upgrade');
    expect(instance({ applyImmediately: true })).toMatchObject({ apply_immediately: true });
  });

  it('goes up by a major version when that is allowed, at once, with a new group of parameters beside the old one', () => {
    const upgraded = made({ engineVersion: '18', allowMajorUpgrade: true });
    expect(upgraded.all('aws_db_instance').database).toMatchObject({
      engine_version: '18',
      allow_major_version_upgrade: true,
      apply_immediately: true,
    });
    expect(upgraded.one('aws_db_parameter_group')).toMatchObject({
      name: 'tagging-mcp-db-postgres18',
      family: 'postgres18',
      lifecycle: { create_before_destroy: true },
    });
  });

  it('leaves daily backups their hour: none starts in its windows, or within an hour before them', () => {
    const { backup_window: backup, maintenance_window: maintenance } = instance() ?? {};
    const minutes = (window: unknown) =>
      [...String(window).matchAll(/(\d\d):(\d\d)/g)].map(([, hour, minute]) => Number(hour) * 60 + Number(minute));
    const daily = synthesized((stack) => {
      new Backup(stack, 'daily', {
        name: 'a',
        roleName: 'a',
        accountId: props.accountId,
        retentionDays: 7,
        resources: [],
        vault: { removable: false },
      });
    }).one('aws_backup_plan').rule as [{ schedule: string; start_window: number }];
    const start = Number(/^cron\(0 (\d+) /.exec(daily[0].schedule)?.[1]) * 60;
    for (const [from = 0, to = 0] of [minutes(backup), minutes(maintenance)])
      expect(start >= to || start + daily[0].start_window <= from - 60).toBe(true);
  });

  it('has insights with a role, or neither', () => {
    const watched = made({ insightsRoleName: 'tagging-mcp-database-us-east-1' });
    expect(watched.all('aws_db_instance').database).toMatchObject({
      monitoring_interval: 60,
      performance_insights_enabled: true,
      performance_insights_retention_period: 7,
      depends_on: expect.arrayContaining([expect.stringContaining('aws_iam_role_policy.')]),
    });
    expect(watched.one('aws_iam_role').name).toBe('tagging-mcp-database-us-east-1');
    expect(JSON.stringify(watched.data('aws_iam_policy_document'))).toContain(
      'arn:aws:logs:us-east-1:111122223333:log-group:RDSOSMetrics:log-stream:*',
    );
    for (const action of ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:PutLogEvents']) {
      const resource = 'arn:aws:logs:us-east-1:111122223333:log-group:RDSOSMetrics:log-stream:';
      expect([
        action,
        decide(rulesOf(watched, 'database_insights_role_permissions'), { action, resource }).allowed,
      ]).toEqual([action, true]);
    }
    expect(made().addresses.filter((address) => address.startsWith('aws_iam'))).toEqual([]);
    expect(instance()).not.toHaveProperty('monitoring_interval');
  });

  it('is encrypted, with the keys that are handed in', () => {
    expect(instance()).toMatchObject({ storage_encrypted: true });
    expect(instance()).not.toHaveProperty('kms_key_id');
    const encrypted = made({ keys: { data: 'key-d', logs: 'key-l', secrets: 'key-s' }, insightsRoleName: 'a' });
    expect(encrypted.all('aws_db_instance').database).toMatchObject({
      kms_key_id: 'key-d',
      master_user_secret_kms_key_id: 'key-s',
      performance_insights_kms_key_id: 'key-d',
    });
    for (const group of Object.values(encrypted.all('aws_cloudwatch_log_group')))
      expect(group.kms_key_id).toBe('key-l');
  });

  it('follows minor versions only where none is named', () => {
    expect(instance()?.auto_minor_version_upgrade).toBe(true);
    expect(instance({ engineVersion: '16.4' })?.auto_minor_version_upgrade).toBe(false);
    expect(made({ engineVersion: '16.4' }).one('aws_db_parameter_group')).toMatchObject({
      name: 'tagging-mcp-db-postgres16',
      lifecycle: { create_before_destroy: true },
    });
  });
});
