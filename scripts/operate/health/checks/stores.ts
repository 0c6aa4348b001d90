/** Where state is kept: tables, database, cache, and their backups. */
import { BackupClient, paginateListRecoveryPointsByBackupVault } from '@aws-sdk/client-backup';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { type DBInstance, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { TableContract } from '../../../../contracts/table.ts';
import { tables as contracts, deployedTables } from '../../../../contracts/tables.ts';
import { unlessMissing } from '../../operated.ts';
import { runningNames } from '../../running.ts';
import { absent, attention, broken, type Check, type Judgement, ok } from '../check.ts';

export const judgeTable = (name: string, { TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): Judgement => {
  const building = GlobalSecondaryIndexes.filter(({ IndexStatus }) => IndexStatus !== 'ACTIVE');
  if (TableStatus !== 'ACTIVE' && TableStatus !== 'UPDATING') return broken(name, `is ${TableStatus}`);
  if (building.length > 0)
    return attention(name, `its index ${building.map(({ IndexName }) => IndexName).join(', ')} is not ready`);
  return ok(name, `is ${TableStatus}`);
};

/** A line for what is well together, and one for each that is not. */
const gathered = (what: string, judged: readonly Judgement[]): readonly Judgement[] => {
  const troubled = judged.filter(({ verdict }) => verdict !== 'ok');
  const well = judged.length - troubled.length;
  return [...troubled, ...(well === 0 ? [] : [ok(what, `${well} of ${judged.length} are well`)])];
};

const tables: Check = {
  name: 'tables',
  applies: ({ settings }) => settings.store_mode === 'dynamodb',
  look: async ({ deployment: { settings }, client }) => {
    const dynamodb = client(DynamoDBClient);
    const judged = deployedTables(settings.tool_packs).map(async (name) => {
      const TableName = `${settings.table_prefix}${name}`;
      const told = await unlessMissing(
        dynamodb.send(new DescribeTableCommand({ TableName })),
        'ResourceNotFoundException',
      );
      return told?.Table === undefined ? absent(TableName) : judgeTable(TableName, told.Table);
    });
    return gathered('tables', await Promise.all(judged));
  },
};

/** States in which it answers. */
const serving = new Set([
  'available',
  'backing-up',
  'modifying',
  'configuring-enhanced-monitoring',
  'configuring-log-exports',
  'storage-optimization',
  'storage-config-upgrade',
  'upgrading',
  'renaming',
  'maintenance',
]);
const MINUTE = 60_000;
// AWS promises five minutes.
const RESTORABLE_MINUTES = 30;

/** Changes that a deployment has asked for and the maintenance window makes. */
const waiting = ({ PendingModifiedValues = {}, PreferredMaintenanceWindow = '' }: DBInstance): string => {
  const changes = Object.entries(PendingModifiedValues).filter(
    ([name, value]) => value !== undefined && name !== 'MasterUserPassword',
  );
  const told = changes.map(([name, value]) => `${name} ${typeof value === 'object' ? 'changes' : String(value)}`);
  return told.length === 0
    ? ''
    : `; waits for the maintenance window ${PreferredMaintenanceWindow}: ${told.join(', ')}`;
};

export const judgeDatabase = (instance: DBInstance, now: Date, mayStop: boolean): Judgement => {
  const {
    DBInstanceIdentifier: name = '',
    DBInstanceStatus: status = 'unknown',
    LatestRestorableTime: restorable,
  } = instance;
  if (status === 'stopped' && mayStop) return ok(name, 'is stopped until the weekend');
  if (!serving.has(status)) return broken(name, `is ${status}`);
  if (restorable === undefined) return attention(name, `is ${status}, and cannot be restored to a point in time yet`);
  const minutes = Math.round((now.getTime() - restorable.getTime()) / MINUTE);
  const says = `is ${status}, and can be restored to ${minutes} minutes ago${waiting(instance)}`;
  return minutes > RESTORABLE_MINUTES ? attention(name, says) : ok(name, says);
};

const database: Check = {
  name: 'database',
  applies: ({ settings }) => settings.store_mode === 'postgres',
  look: async ({ deployment, client, now }) => {
    const name = runningNames(deployment).database;
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: name });
    const told = await unlessMissing(client(RDSClient).send(command), 'DBInstanceNotFoundFault', 'DBInstanceNotFound');
    const [instance] = told?.DBInstances ?? [];
    return [instance === undefined ? absent(name) : judgeDatabase(instance, now, deployment.settings.weekend_only)];
  },
};

export const judgeCache = ({
  ReplicationGroupId: name = '',
  Status = 'unknown',
  AuthTokenEnabled,
  MemberClusters = [],
}: ReplicationGroup): Judgement => {
  if (Status !== 'available' && Status !== 'modifying' && Status !== 'snapshotting')
    return broken(name, `is ${Status}`);
  if (AuthTokenEnabled !== true)
    return attention(name, `is ${Status} and asks for no token: npm run secrets -- create`);
  return ok(name, `is ${Status} with ${MemberClusters.length} nodes`);
};

const cache: Check = {
  name: 'cache',
  applies: ({ settings }) => settings.cache_enabled,
  look: async ({ deployment, client }) => {
    const name = runningNames(deployment).cache;
    const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: name });
    const told = await unlessMissing(
      client(ElastiCacheClient).send(command),
      'ReplicationGroupNotFoundFault',
      'ReplicationGroupNotFound',
    );
    const [group] = told?.ReplicationGroups ?? [];
    return [group === undefined ? absent(name) : judgeCache(group)];
  },
};

const HOUR = 60 * MINUTE;
// One a day, with hours to start and to end in.
const LATE_HOURS = 36;

export const judgeBackup = (vault: string, newest: Date | undefined, now: Date): Judgement => {
  if (newest === undefined) return attention(vault, 'holds no backup yet: the first is made tonight at 5 UTC');
  const hours = Math.round((now.getTime() - newest.getTime()) / HOUR);
  return hours > LATE_HOURS
    ? broken(vault, `the last backup is ${hours} hours old: look at the failed jobs in AWS Backup`)
    : ok(vault, `the last backup is ${hours} hours old`);
};

const backups: Check = {
  name: 'backups',
  applies: ({ settings }) => settings.backups,
  look: async ({ deployment, client, now }) => {
    const BackupVaultName = deployment.names.with(deployment.region);
    let newest: Date | undefined;
    const pages = paginateListRecoveryPointsByBackupVault({ client: client(BackupClient) }, { BackupVaultName });
    for await (const { RecoveryPoints = [] } of pages)
      for (const { Status, CreationDate } of RecoveryPoints)
        if (Status === 'COMPLETED' && CreationDate !== undefined && (newest === undefined || CreationDate > newest))
          newest = CreationDate;
    return [judgeBackup(BackupVaultName, newest, now)];
  },
};

const pointInTime: Check = {
  name: 'point in time',
  applies: ({ settings }) => settings.store_mode === 'dynamodb',
  look: async ({ deployment: { settings }, client }) => {
    const kept = deployedTables(settings.tool_packs).filter(
      (name) => (contracts[name] as TableContract).pointInTimeRecovery,
    );
    const dynamodb = client(DynamoDBClient);
    const judged = kept.map(async (name) => {
      const TableName = `${settings.table_prefix}${name}`;
      const command = new DescribeContinuousBackupsCommand({ TableName });
      const told = await unlessMissing(dynamodb.send(command), 'TableNotFoundException', 'ResourceNotFoundException');
      if (told === undefined) return absent(TableName);
      const status = told.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
      return status === 'ENABLED'
        ? ok(TableName, 'can be restored')
        : broken(TableName, 'cannot be restored to a point in time: npm run plan');
    });
    return gathered('tables', await Promise.all(judged));
  },
};

export const stores: readonly Check[] = [tables, pointInTime, database, cache, backups];
