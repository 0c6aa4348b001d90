/** Tables, databases, buckets and secrets as AWS tells of them. */

import { packNames } from '../../../contracts/packs/index.ts';
import type { TableContract } from '../../../contracts/table.ts';
import { deployedTables, tables } from '../../../contracts/tables.ts';
import { secretNames } from '../../../modules/container/secrets.ts';
import { appliedNames } from '../applied.ts';
import type { BucketSeen } from '../readback/stores.ts';
import { primary, type Told } from '../seen.ts';

const withTables = ['dev', 'examples/marketing/prod', 'examples/startup/prod', 'examples/alerts/prod'];
const withDatabase = ['staging', 'prod', 'examples/tag-governance/prod', 'examples/startup/staging'];

const keys = (partition: string, sort: string | undefined) => [
  { AttributeName: partition, KeyType: 'HASH' },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' }]),
];

const bucketOf = (buckets: Readonly<Record<string, BucketSeen>>, purpose: string): BucketSeen => {
  const [, bucket] = Object.entries(buckets).find(([name]) => name.includes(`-${purpose}-`)) ?? [];
  if (bucket === undefined) throw new Error(`there is no bucket for ${purpose}: ${Object.keys(buckets).join(', ')}`);
  return bucket;
};

const checkTables = (told: Told): void => {
  describe.each(withTables)('the tables of %s', (name) => {
    it('are those of the contract', async () => {
      const { stores, settings } = await primary(told, name);
      const expected = deployedTables(settings.tool_packs).map((table) => settings.table_prefix + table);
      expect(Object.keys(stores.tables).toSorted()).toEqual(expected.toSorted());
    });

    it.each(deployedTables(packNames))('%s has its keys, indexes, expiry and backups', async (key) => {
      const { stores, settings } = await primary(told, name);
      if (!deployedTables(settings.tool_packs).includes(key)) return;
      const contract: TableContract = tables[key];
      const { table, ttl, backups } = stores.tables[settings.table_prefix + key] ?? {};
      expect(table).toMatchObject({
        KeySchema: keys(contract.partition, contract.sort),
        BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
        SSEDescription: { Status: 'ENABLED' },
        DeletionProtectionEnabled: settings.deletion_protection,
      });
      const indexes = Object.fromEntries(
        (table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => [
          IndexName,
          { KeySchema, projection: Projection?.ProjectionType },
        ]),
      );
      expect(indexes).toEqual(
        Object.fromEntries(
          Object.entries(contract.indexes).map(([index, { partition, sort }]) => [
            index,
            { KeySchema: keys(partition, sort), projection: 'ALL' },
          ]),
        ),
      );
      expect(ttl).toBe(contract.ttl);
      expect(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
        contract.pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
      );
    });
  });

  it.each(appliedNames.filter((name) => !withTables.includes(name)))('%s has no tables', async (name) => {
    expect((await primary(told, name)).stores.tables).toEqual({});
  });
};

const checkDatabases = (told: Told): void => {
  it.each([
    ['staging', { DBInstanceClass: 'db.t4g.micro', MultiAZ: false, BackupRetentionPeriod: 14 }],
    ['prod', { DBInstanceClass: 'db.t4g.small', MultiAZ: true, BackupRetentionPeriod: 35 }],
    [
      'examples/tag-governance/prod',
      {
        DBInstanceIdentifier: 'tagging-mcp-db',
        DBName: 'finops_mcp',
        MasterUsername: 'mcp_admin',
        DBInstanceClass: 'db.t4g.micro',
        AllocatedStorage: 20,
        MultiAZ: true,
        BackupRetentionPeriod: 35,
      },
    ],
    ['examples/startup/staging', { DBInstanceClass: 'db.t3.micro', MultiAZ: false, BackupRetentionPeriod: 14 }],
  ])('%s has one private, encrypted PostgreSQL: %j', async (name, figures) => {
    const { databases } = (await primary(told, name)).stores;
    expect(databases).toEqual([
      expect.objectContaining({
        Engine: 'postgres',
        PubliclyAccessible: false,
        StorageEncrypted: true,
        StorageType: 'gp3',
        IAMDatabaseAuthenticationEnabled: true,
        MasterUserSecret: expect.objectContaining({ SecretArn: expect.stringContaining(':secret:rds!') }),
        ...figures,
      }),
    ]);
  });

  it.each(appliedNames.filter((name) => !withDatabase.includes(name)))('%s has no database', async (name) => {
    expect((await primary(told, name)).stores.databases).toEqual([]);
  });
};

const checkBuckets = (told: Told): void => {
  it.each(appliedNames)('every bucket of %s is closed to the public, encrypted, and takes TLS only', async (name) => {
    const { buckets } = (await primary(told, name)).stores;
    expect(Object.keys(buckets).length).toBeGreaterThan(0);
    for (const bucket of Object.values(buckets)) {
      expect(bucket.publicAccess).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(bucket.encryption).toMatch(/^(AES256|aws:kms)$/);
      expect(bucket.policy).toContain('aws:SecureTransport');
    }
  });

  it('the audit archive of prod can be changed by nobody', async () => {
    const archive = bucketOf((await primary(told, 'prod')).stores.buckets, 'archive');
    expect(archive).toMatchObject({
      versioning: 'Enabled',
      lock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 730 } } },
    });
    expect(archive.encryption).toBe('aws:kms');
  });

  it('the alert engine’s files age by their folder', async () => {
    const data = bucketOf((await primary(told, 'examples/alerts/prod')).stores.buckets, 'data');
    expect(data.versioning).toBe('Enabled');
    const rule = (prefix: string) => data.lifecycle.find(({ Filter, Prefix }) => (Filter?.Prefix ?? Prefix) === prefix);
    expect(rule('temp/')).toMatchObject({ Status: 'Enabled', Expiration: { Days: 7 } });
    expect(rule('logs/')).toMatchObject({
      Status: 'Enabled',
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 90, StorageClass: 'GLACIER' },
      ],
      Expiration: { Days: 365 },
    });
    expect(rule('packs/alerts/temp/')).toMatchObject({
      ...{ Status: 'Enabled', Expiration: { Days: 7 } },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    expect(rule('packs/alerts/')).toMatchObject({
      ...{ Status: 'Enabled', Expiration: { ExpiredObjectDeleteMarker: true } },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    });
  });

  it('exports of the tag-governance server are gone after a while', async () => {
    const { lifecycle } = bucketOf((await primary(told, 'examples/tag-governance/prod')).stores.buckets, 'data');
    for (const folder of ['violations/', 'violations-notes/'])
      expect(
        lifecycle.find(({ Filter, Prefix }) => (Filter?.Prefix ?? Prefix) === `packs/tagging/${folder}`),
      ).toMatchObject({
        ...{ Status: 'Enabled', Expiration: { Days: 31 } },
      });
  });
};

const checkSecrets = (told: Told): void => {
  it.each(appliedNames)('the secrets of %s are shells: terraform puts no value in', async (name) => {
    const { stores, settings } = await primary(told, name);
    const own = stores.secrets.filter(({ Name = '' }) => !Name.startsWith('rds!'));
    const expected = secretNames(settings).map((secret) => `${settings.secret_prefix}/${secret}`);
    expect(own.map(({ Name }) => Name)).toEqual(expect.arrayContaining(expected));
    expect(stores.filled.filter((secret) => !secret.startsWith('rds!'))).toEqual([]);
    if (settings.encryption === 'cmk') for (const { KmsKeyId } of own) expect(KmsKeyId).toBeDefined();
  });

  it('of the marketing server are those of its pack, of its callers and of the service', async () => {
    const { secrets } = (await primary(told, 'examples/marketing/prod')).stores;
    expect(secrets.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining(
        ['crux-api-key', 'caller-api-keys', 'encryption-keys'].map((secret) => `marketing-mcp/${secret}`),
      ),
    );
  });
};

export const checkStores = (told: Told): void => {
  describe('tables', () => checkTables(told));
  describe('databases', () => checkDatabases(told));
  describe('buckets', () => checkBuckets(told));
  describe('secrets', () => checkSecrets(told));
};
