import { deployedTables } from '../../contracts/tables.ts';
import { type Block, primaryDeploymentOf, type Synthesized, synthesized } from '../testing/synthesized.ts';
import type { DeploymentTarget } from './deployment.ts';
import type { NetworkOutputs, StorageOutputs } from './outputs.ts';
import { StorageLayer } from './storage.ts';

const network: NetworkOutputs = {
  vpcId: 'vpc-1',
  publicSubnets: {},
  privateSubnets: { 'us-east-1a': 'private-a', 'us-east-1b': 'private-b' },
  databaseSubnets: { 'us-east-1a': 'database-a', 'us-east-1b': 'database-b' },
  securityGroups: { database: 'sg-database', cache: 'sg-cache' },
};

interface Made extends Synthesized {
  readonly outputs: StorageOutputs;
}
const made = async (
  environment: string,
  changes: Readonly<Record<string, unknown>> = {},
  { target, ...from }: { target?: DeploymentTarget } & Partial<NetworkOutputs> = {},
): Promise<Made> => {
  const deployment = await primaryDeploymentOf(environment, changes);
  let outputs: StorageOutputs = { keys: {}, buckets: {}, secrets: {} };
  const result = synthesized((stack) => {
    const props = { deployment: { ...deployment, ...(target && { target }) }, network: { ...network, ...from } };
    outputs = new StorageLayer(stack, 'storage', props).outputs;
  });
  return { ...result, outputs };
};
const types = ({ addresses }: Synthesized) => new Set(addresses.map((address) => address.split('.')[0]));
const emulator: DeploymentTarget = { kind: 'emulator', url: 'http://localhost:5000', stateFolder: '.' };

describe('the storage of an environment', () => {
  it('is tables and the files of packs in dev, with the secrets and the logs of the load balancer', async () => {
    const dev = await made('dev');
    expect(Object.keys(dev.all('aws_dynamodb_table'))).toHaveLength(deployedTables(['tagging']).length);
    expect(dev.outputs.tables?.['audit-logs']?.name).toBe('countersign-dev-audit-logs');
    for (const absent of ['aws_db_instance', 'aws_elasticache_replication_group', 'aws_kms_key', 'aws_backup_plan'])
      expect(types(dev)).not.toContain(absent);
    expect(Object.keys(dev.outputs.buckets)).toEqual(['logs', 'data']);
    expect(dev.outputs).not.toHaveProperty('database');
    expect(dev.outputs.keys).toEqual({});
  });

  it('is a database and a cache in prod, in the database tier, encrypted with three keys', async () => {
    const prod = await made('prod');
    expect(types(prod)).not.toContain('aws_dynamodb_table');
    expect(prod.all('aws_db_instance').database).toMatchObject({
      identifier: 'countersign-prod-database',
      multi_az: true,
      backup_retention_period: 35,
      deletion_protection: true,
      skip_final_snapshot: false,
      performance_insights_enabled: true,
      vpc_security_group_ids: ['sg-database'],
      kms_key_id: expect.stringContaining('_data-key_'),
      master_user_secret_kms_key_id: expect.stringContaining('_secrets-key_'),
    });
    expect(prod.one('aws_db_subnet_group').subnet_ids).toEqual(['database-a', 'database-b']);
    expect(prod.all('aws_elasticache_replication_group').cache).toMatchObject({
      engine: 'valkey',
      security_group_ids: ['sg-cache'],
    });
    const aliases = Object.values(prod.all('aws_kms_alias')).map(({ name }) => name);
    expect(aliases.toSorted()).toEqual([
      'alias/countersign-prod-backup-us-east-1',
      'alias/countersign-prod-data',
      'alias/countersign-prod-logs',
      'alias/countersign-prod-secrets',
    ]);
  });

  it('stands in the private tier where there is no database tier', async () => {
    const staging = await made('examples/startup/staging', {}, { databaseSubnets: {} });
    expect(staging.one('aws_db_subnet_group').subnet_ids).toEqual(['private-a', 'private-b']);
    expect(staging.all('aws_db_instance').database).toMatchObject({
      instance_class: 'db.t3.micro',
      multi_az: false,
      deletion_protection: false,
      skip_final_snapshot: true,
      backup_retention_period: 14,
    });
    expect(staging.all('aws_db_instance').database).not.toHaveProperty('performance_insights_enabled');
  });

  it('is the database, the cache and the buckets of the tag-governance server', async () => {
    const tagging = await made('examples/tag-governance/prod');
    expect(tagging.all('aws_db_instance').database).toMatchObject({
      identifier: 'tagging-mcp-db',
      db_name: 'finops_mcp',
      username: 'mcp_admin',
      instance_class: 'db.t4g.micro',
      allocated_storage: 20,
      multi_az: true,
    });
    expect(tagging.all('aws_elasticache_replication_group').cache).toMatchObject({
      engine: 'redis',
      node_type: 'cache.t4g.micro',
      num_cache_clusters: 2,
      multi_az_enabled: true,
    });
    expect(Object.keys(tagging.outputs.buckets).toSorted()).toEqual(['archive', 'data', 'logs']);
    const secrets = Object.values(tagging.all('aws_secretsmanager_secret')).map(({ name }) => name);
    expect(secrets.toSorted()).toEqual([
      'finops/mcp/cache-credentials',
      'finops/mcp/encryption-keys',
      'finops/mcp/oauth-credentials',
    ]);
  });

  it('is the secrets and all tables of the marketing server, backed up for 90 days and in a second region', async () => {
    const marketing = await made('examples/marketing/prod');
    const secrets = Object.values(marketing.all('aws_secretsmanager_secret'));
    expect(secrets.map(({ name }) => name).toSorted()).toEqual(
      ['caller-api-keys', 'crux-api-key', 'encryption-keys'].map((name) => `marketing-mcp/${name}`),
    );
    for (const { kms_key_id, recovery_window_in_days } of secrets)
      expect([kms_key_id, recovery_window_in_days]).toEqual([expect.stringContaining('_secrets-key_'), 30]);
    expect(marketing.one('aws_backup_plan').rule).toEqual([
      expect.objectContaining({
        lifecycle: { delete_after: 90 },
        copy_action: [expect.objectContaining({ lifecycle: { delete_after: 90 } })],
      }),
    ]);
    expect(marketing.one('aws_s3_bucket_object_lock_configuration').rule).toEqual({
      default_retention: { mode: 'GOVERNANCE', days: 730 },
    });
  });
});

describe('backups', () => {
  it('are of the tables that may not be lost', async () => {
    const { resources } = (await made('prod', { store_mode: 'dynamodb' })).one('aws_backup_selection');
    expect(resources).toContain(`\${aws_dynamodb_table.table_audit_logs.arn}`);
    expect(resources).not.toContain(`\${aws_dynamodb_table.table_elevations.arn}`);
  });

  it('are of the database', async () => {
    expect((await made('prod')).one('aws_backup_selection').resources).toEqual([`\${aws_db_instance.database.arn}`]);
  });

  it('select nothing in the emulator, which then keeps no vault either', async () => {
    const emulated = await made('prod', { deletion_protection: false }, { target: emulator });
    expect(types(emulated)).toContain('aws_backup_plan');
    expect(types(emulated)).not.toContain('aws_backup_selection');
    for (const vault of Object.values(emulated.all('aws_backup_vault')))
      expect(vault).not.toHaveProperty('force_destroy');
  });
});

describe('days in which a deleted secret can be restored', () => {
  const days = async (...given: Parameters<typeof made>) =>
    new Set(
      Object.values((await made(...given)).all('aws_secretsmanager_secret')).map(
        (each) => each.recovery_window_in_days,
      ),
    );

  it('are 30 in prod and none elsewhere, so that an environment can be deployed again at once', async () => {
    expect(await days('prod')).toEqual(new Set([30]));
    expect(await days('staging')).toEqual(new Set([0]));
    expect(await days('staging', { secret_recovery_days: 7 })).toEqual(new Set([7]));
  });

  it('are the same on the emulator, which refuses the same names', async () => {
    expect(await days('prod', {}, { target: emulator })).toEqual(new Set([30]));
  });
});

describe('buckets', () => {
  const bucket = 'examples/alerts/';
  const ofPack = ['packs-alerts', 'packs-alerts-alerts-inbox', 'packs-alerts-temp'];
  const rules = (environment: Made) =>
    environment.all('aws_s3_bucket_lifecycle_configuration') as Readonly<Record<string, { rule: Block[] }>>;
  const ids = (environment: Made) =>
    Object.entries(rules(environment))
      .find(([name]) => name.includes('_data_'))?.[1]
      .rule.map(({ id }) => id);

  it.each([
    ['dev', false, ['unfinished-uploads', 'packs-alerts-temp']],
    ['staging', true, ['unfinished-uploads', ...ofPack]],
    ['prod', true, ['unfinished-uploads', 'temp', 'logs', 'old-versions', ...ofPack]],
  ])('of the alert engine in %s: versions %s, rules %j', async (name, versions, expected) => {
    const environment = await made(`${bucket}${name}`);
    expect(ids(environment)).toEqual(expected);
    expect(Object.keys(environment.all('aws_s3_bucket_versioning')).some((id) => id.includes('_data_'))).toBe(versions);
    expect(environment.one('aws_s3_bucket_cors_configuration')).toBeDefined();
  });

  it('log their requests where there is a bucket for logs', async () => {
    expect((await made(`${bucket}dev`)).one('aws_s3_bucket_logging')).toMatchObject({ target_prefix: 's3/data/' });
    const without = await made(`${bucket}dev`, { alb_logs: false });
    expect(without.outputs.buckets.logs).toBeUndefined();
    expect(types(without)).not.toContain('aws_s3_bucket_logging');
  });

  it('keep the logs of a load balancer that is switched off', async () => {
    const weekday = await made('examples/market-data/weekend', {
      alb_enabled: false,
      destroy_albs_when_scaled_down: true,
      domain_name: 'api.example.com',
      hosted_zone_id: 'Z0123456789YOURS',
    });
    expect(weekday.outputs.buckets.logs).toBeDefined();
  });

  it('have names of 63 characters at most, which end in account and region', async () => {
    const regions = ['ap-southeast-1'];
    const availability_zones = ['ap-southeast-1a', 'ap-southeast-1b'];
    const long = { name_prefix: 'a'.repeat(28), audit_archive: true, regions, availability_zones };
    const names = Object.values((await made(`${bucket}prod`, long)).all('aws_s3_bucket')).map(
      ({ bucket: name }) => name,
    );
    expect(names).toHaveLength(3);
    for (const name of names) {
      expect(String(name).length).toBeLessThanOrEqual(63);
      expect(name).toMatch(/^a+-(data|logs|archive)-111122223333-ap-southeast-1$/);
    }
  });

  it('and tables are replaced by nothing where the settings exclude them', async () => {
    const custom = await made('examples/market-data/weekend', { alb_logs: false });
    expect([...types(custom)]).toEqual(['aws_secretsmanager_secret']);
  });
});

describe('replicas', () => {
  it('of tables with keys of ours have one in their region', async () => {
    const replicated = await made('prod', {
      store_mode: 'dynamodb',
      table_replica_regions: ['us-west-2'],
      github_repository: undefined,
    });
    const { replica } = replicated.all('aws_dynamodb_table').table_operations ?? {};
    expect(replica).toEqual([
      expect.objectContaining({ region_name: 'us-west-2', kms_key_arn: expect.stringContaining('us-west-2') }),
    ]);
    const keys = Object.values(replicated.all('aws_kms_key')).filter(({ provider }) => provider === 'aws.us-west-2');
    // Of the replicas, and of the copies of backups.
    expect(keys).toHaveLength(2);
  });
});

describe('backups of the database', () => {
  it('are copied to another region, encrypted there with a key of its own', async () => {
    const copied = await made('prod', { db_copy_region: 'us-west-2' });
    expect(copied.one('aws_db_instance_automated_backups_replication')).toMatchObject({
      provider: 'aws.us-west-2',
      retention_period: 35,
      source_db_instance_arn: expect.stringContaining('aws_db_instance.database'),
      kms_key_id: expect.stringContaining('aws_kms_key.'),
    });
    expect(types(await made('prod'))).not.toContain('aws_db_instance_automated_backups_replication');
  });
});
