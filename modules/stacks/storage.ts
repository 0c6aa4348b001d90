/** Keys, secrets, tables, database, cache, buckets and their backups. */
import { DataAwsKmsAlias } from '@cdktf/provider-aws/lib/data-aws-kms-alias/index.js';
import { Construct } from 'constructs';
import { storePorts } from '../../contracts/settings/shape.ts';
import type { TableContract } from '../../contracts/table.ts';
import { tables as contracts, deployedTables, type TableName } from '../../contracts/tables.ts';
import { Cache } from '../cache/cache.ts';
import { secretNames } from '../container/secrets.ts';
import { BackupCopies } from '../database/backup-copies.ts';
import { Database } from '../database/database.ts';
import { EncryptionKey } from '../keys/key.ts';
import { Secrets } from '../secrets/secrets.ts';
import { HomeTable } from '../tables/home-table.ts';
import { Tables } from '../tables/tables.ts';
import { Backups } from './backups.ts';
import { Buckets } from './buckets.ts';
import type { Deployment } from './deployment.ts';
import type { NamedArn, NetworkOutputs, StorageOutputs } from './outputs.ts';
import { providerIn } from './provider.ts';

export interface StorageProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
}

type Keys = StorageOutputs['keys'];

/** Where a store stands: in the database tier, or where there is none in the private one. */
const placement = (network: NetworkOutputs | undefined, store: 'database' | 'cache') => {
  const group = network?.securityGroups[store];
  if (network === undefined || group === undefined)
    throw new Error(`the network has no security group of the ${store}`);
  const own = Object.values(network.databaseSubnets);
  return {
    subnetIds: own.length > 0 ? own : Object.values(network.privateSubnets),
    securityGroupIds: [group],
    port: storePorts[store],
  };
};

export class StorageLayer extends Construct {
  readonly outputs: StorageOutputs;

  constructor(scope: Construct, id: string, { deployment, network }: StorageProps) {
    super(scope, id);
    const { settings } = deployment;
    const keys = this.#keys(deployment);
    const tables = settings.store_mode === 'dynamodb' ? this.#tables(deployment, keys) : undefined;
    if (deployment.shape.sharedState && deployment.primary) this.#home(deployment);
    const database = settings.store_mode === 'postgres' ? this.#database(deployment, network, keys) : undefined;
    const cache = settings.cache_enabled ? this.#cache(deployment, network, keys) : undefined;
    this.outputs = {
      keys,
      secrets: this.#secrets(deployment, keys),
      buckets: new Buckets(this, 'buckets', { deployment, keyArn: keys.data }).buckets,
      ...(tables && { tables }),
      ...(database && { database }),
      ...(cache && { cache }),
    };
    // Replicas are backed up where they are made.
    if (settings.backups && !isReplica(deployment))
      new Backups(this, 'backups', { deployment, keyArn: keys.data, resources: worthKeeping(this.outputs) });
  }

  #keys(deployment: Deployment): Keys {
    const { settings, names, region } = deployment;
    if (settings.encryption !== 'cmk') return {};
    const key = (use: 'data' | 'logs' | 'secrets', services: string[] = []) =>
      new EncryptionKey(this, `${use}-key`, {
        name: names.with(use),
        description: `The ${use} of ${settings.name_prefix}`,
        accountId: settings.account_id,
        services,
      }).arn;
    const secrets = secretNames(settings).length > 0 || settings.store_mode === 'postgres';
    return {
      data: key('data'),
      logs: key('logs', [`logs.${region}.amazonaws.com`]),
      ...(secrets && { secrets: key('secrets') }),
      ...(isReplica(deployment) && { replicas: this.#replicasKey(deployment) }),
    };
  }

  /** The primary region made it, with the replicas: that is why it is deployed first. */
  #replicasKey({ settings, names }: Deployment): string {
    const name = `alias/${replicaKeyName(names, settings.primary_region)}`;
    return new DataAwsKmsAlias(this, 'replicas-key', { name }).targetKeyArn;
  }

  #secrets({ settings, names }: Deployment, keys: Keys) {
    return new Secrets(this, 'secrets', {
      names: Object.fromEntries(secretNames(settings).map((name) => [name, names.secret(name)])),
      keyArn: keys.secrets,
      recoveryDays: settings.secret_recovery_days,
    }).arns;
  }

  #tables(deployment: Deployment, keys: Keys): Readonly<Record<string, NamedArn>> {
    const { settings, region } = deployment;
    // Replicas of the primary region's tables, which makes them.
    if (isReplica(deployment)) return tablesIn(region, settings);
    // A table with a key of ours has replicas with keys of ours, each in its region.
    const keyIn = (place: string) =>
      keys.data === undefined
        ? undefined
        : new EncryptionKey(this, `data-key-${place}`, {
            name: replicaKeyName(deployment.names, region),
            description: `Replicas of the tables of ${settings.name_prefix} in ${region}`,
            accountId: settings.account_id,
            provider: providerIn(this, deployment, place),
          }).arn;
    return new Tables(this, 'tables', {
      packs: settings.tool_packs,
      prefix: settings.table_prefix,
      keyArn: keys.data,
      deletionProtection: settings.deletion_protection,
      recoveryDays: settings.point_in_time_recovery_days,
      replicas: Object.fromEntries(replicaRegions(deployment).map((place) => [place, keyIn(place)])),
    }).tables as Readonly<Record<string, NamedArn>>;
  }

  #home({ settings, region }: Deployment): void {
    new HomeTable(this, 'home', {
      prefix: settings.table_prefix,
      deletionProtection: settings.deletion_protection,
      recoveryDays: settings.point_in_time_recovery_days,
      replicas: settings.regions.filter((other) => other !== region),
    });
  }

  #database(deployment: Deployment, network: NetworkOutputs | undefined, keys: Keys) {
    const { settings, names, region } = deployment;
    const { host, port, name, identifier, arn, secretArn } = new Database(this, 'database', {
      identifier: names.of('database'),
      accountId: settings.account_id,
      region,
      ...placement(network, 'database'),
      instanceClass: settings.db_class,
      engineVersion: settings.db_engine_version,
      allowMajorUpgrade: settings.db_allow_major_upgrade,
      applyImmediately: settings.apply_immediately,
      storageGb: settings.db_gb,
      maxStorageGb: settings.db_max_gb,
      multiAz: settings.db_multi_az,
      backupDays: settings.db_backup_days,
      databaseName: settings.db_name,
      username: settings.db_username,
      deletionProtection: settings.deletion_protection,
      keepOnDestroy: settings.kind === 'prod',
      insightsRoleName: settings.db_insights ? names.with(`database-${region}`) : undefined,
      logRetentionDays: settings.log_retention_days,
      keys,
    });
    if (settings.db_copy_region !== undefined) this.#copies(deployment, settings.db_copy_region, arn);
    return { host, port, name, identifier, arn, secretArn };
  }

  #copies(deployment: Deployment, elsewhere: string, databaseArn: string): void {
    const { settings, names, region } = deployment;
    const provider = providerIn(this, deployment, elsewhere);
    const { arn: keyArn } = new EncryptionKey(this, 'database-copies-key', {
      name: `${names.with('database')}-${region}`,
      description: `Copies of the backups of the database of ${settings.name_prefix} in ${region}`,
      accountId: settings.account_id,
      provider,
    });
    new BackupCopies(this, 'database-copies', { databaseArn, days: settings.db_backup_days, keyArn, provider });
  }

  #cache({ settings, names }: Deployment, network: NetworkOutputs | undefined, keys: Keys) {
    const { host, port, replicationGroupId, memberIds } = new Cache(this, 'cache', {
      name: names.of('cache'),
      engine: settings.cache_engine,
      nodeType: settings.cache_node,
      nodes: settings.cache_nodes,
      ...placement(network, 'cache'),
      applyImmediately: settings.apply_immediately,
      snapshotDays: settings.cache_snapshot_days,
      logRetentionDays: settings.log_retention_days,
      keys,
    });
    return { host, port, replicationGroupId, memberIds };
  }
}

/** Whether the tables of this region are replicas of the primary region's. */
const isReplica = ({ settings, shape, primary }: Deployment): boolean =>
  shape.sharedState && !primary && settings.store_mode === 'dynamodb';

const replicaRegions = ({ settings, shape, region }: Deployment): readonly string[] => [
  ...(shape.sharedState ? settings.regions.filter((other) => other !== region) : []),
  ...settings.table_replica_regions,
];

/** Alias of the key that replicas of one region's tables are encrypted with in another. */
const replicaKeyName = (names: Deployment['names'], of: string): string => `${names.with('data')}-${of}`;

const tablesIn = (
  region: string,
  { account_id, table_prefix, tool_packs }: Deployment['settings'],
): Record<string, NamedArn> =>
  Object.fromEntries(
    deployedTables(tool_packs).map((table) => {
      const name = `${table_prefix}${table}`;
      return [table, { name, arn: `arn:aws:dynamodb:${region}:${account_id}:table/${name}` }];
    }),
  );

/** ARNs of what is backed up: the database, and the tables that may not be lost. */
const worthKeeping = ({ tables = {}, database }: StorageOutputs): string[] => {
  const kept = Object.entries(tables).filter(([name]) => {
    const contract: TableContract = contracts[name as TableName];
    return contract.pointInTimeRecovery;
  });
  return [...kept.map(([, { arn }]) => arn), ...(database ? [database.arn] : [])];
};
