/** Keys, secrets, tables, database, cache, buckets and their backups. */
import { Construct } from 'constructs';
import { storePorts } from '../../contracts/settings/shape.ts';
import { tables as contracts, type TableContract, type TableName } from '../../contracts/tables.ts';
import { Cache } from '../cache/cache.ts';
import { secretNames } from '../container/secrets.ts';
import { Database } from '../database/database.ts';
import { Key } from '../keys/key.ts';
import { Secrets } from '../secrets/secrets.ts';
import { Tables } from '../tables/tables.ts';
import { Backups } from './backups.ts';
import { Buckets } from './buckets.ts';
import type { Deployment } from './deployment.ts';
import type { Named, NetworkOutputs, StorageOutputs } from './outputs.ts';
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
    if (settings.backups)
      new Backups(this, 'backups', { deployment, keyArn: keys.data, resources: worthKeeping(this.outputs) });
  }

  #keys(deployment: Deployment): Keys {
    const { settings, names, region } = deployment;
    if (settings.encryption !== 'cmk') return {};
    const key = (use: 'data' | 'logs' | 'secrets', services: string[] = []) =>
      new Key(this, `${use}-key`, {
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
    };
  }

  #secrets({ settings, names }: Deployment, keys: Keys) {
    return new Secrets(this, 'secrets', {
      names: Object.fromEntries(secretNames(settings).map((name) => [name, names.secret(name)])),
      keyArn: keys.secrets,
      recoveryDays: settings.secret_recovery_days,
    }).arns;
  }

  #tables(deployment: Deployment, keys: Keys): Readonly<Record<string, Named>> {
    const { settings, names } = deployment;
    // A table with a key of ours has replicas with keys of ours, each in its region.
    const keyIn = (region: string) =>
      keys.data === undefined
        ? undefined
        : new Key(this, `data-key-${region}`, {
            name: `${names.with('data')}-${deployment.region}`,
            description: `Replicas of the tables of ${settings.name_prefix} in ${deployment.region}`,
            accountId: settings.account_id,
            provider: providerIn(this, deployment, region),
          }).arn;
    return new Tables(this, 'tables', {
      prefix: settings.table_prefix,
      keyArn: keys.data,
      deletionProtection: settings.deletion_protection,
      recoveryDays: settings.point_in_time_recovery_days,
      replicas: Object.fromEntries(settings.table_replica_regions.map((region) => [region, keyIn(region)])),
    }).tables as Readonly<Record<string, Named>>;
  }

  #database({ settings, names, region }: Deployment, network: NetworkOutputs | undefined, keys: Keys) {
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
    return { host, port, name, identifier, arn, secretArn };
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

/** ARNs of what is backed up: the database, and the tables that may not be lost. */
const worthKeeping = ({ tables = {}, database }: StorageOutputs): string[] => {
  const kept = Object.entries(tables).filter(([name]) => {
    const contract: TableContract = contracts[name as TableName];
    return contract.pointInTimeRecovery;
  });
  return [...kept.map(([, { arn }]) => arn), ...(database ? [database.arn] : [])];
};
