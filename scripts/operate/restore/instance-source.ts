/** What a copy of the PostgreSQL database is restored from. */
import { BackupClient } from '@aws-sdk/client-backup';
import {
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  paginateDescribeDBInstanceAutomatedBackups,
  type RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import type { CopyProps, Window } from './copy.ts';
import { isCopyName } from './names.ts';
import type { Origin } from './origin.ts';
import { newestPoints, type RecoveryPoint, vaultOf } from './recovery-points.ts';

/** As SDKs call the error of RDS, and as the service itself does. */
export const missing = ['DBInstanceNotFoundFault', 'DBInstanceNotFound'] as const;

export const instanceOf = async (client: RDSClient, name: string): Promise<DBInstance | undefined> => {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: name });
  return (await unlessMissing(client.send(command), ...missing))?.DBInstances?.[0];
};

export interface InstanceSource {
  window(): Promise<Window>;
  begin(name: string, copy: object, at: Date): Promise<unknown>;
}

type Snapshot = Extract<Origin, { readonly kind: 'snapshot' }>;

const atMoment = (client: RDSClient, source: string, read: () => Promise<DBInstance>): InstanceSource => ({
  window: async () => {
    const { LatestRestorableTime: to, BackupRetentionPeriod: days = 0, InstanceCreateTime: made } = await read();
    if (to === undefined || days === 0)
      throw new OperatorProblem(`${source} cannot be restored to a point in time yet: see db_backup_days.`);
    return { from: new Date(Math.max(made?.getTime() ?? 0, to.getTime() - days * 86_400_000)), to };
  },
  begin: (name, copy, at) => {
    const from = { SourceDBInstanceIdentifier: source, TargetDBInstanceIdentifier: name, RestoreTime: at };
    return client.send(new RestoreDBInstanceToPointInTimeCommand({ ...from, ...copy }));
  },
});

const fromSnapshot = (client: RDSClient, id: string) => (name: string, copy: object) =>
  client.send(
    new RestoreDBInstanceFromDBSnapshotCommand({ DBSnapshotIdentifier: id, DBInstanceIdentifier: name, ...copy }),
  );

const ofSnapshot = (client: RDSClient, source: string, { id }: Snapshot): InstanceSource => ({
  window: async () => {
    const told = await unlessMissing(
      client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id })),
      'DBSnapshotNotFoundFault',
      'DBSnapshotNotFound',
    );
    const { SnapshotCreateTime: made, DBInstanceIdentifier: of = '' } = told?.DBSnapshots?.[0] ?? {};
    if (made === undefined) throw new OperatorProblem(`There is no finished snapshot ${id}.`);
    // What another environment keeps must not come into this one.
    if (of !== source && !isCopyName(source, of))
      throw new OperatorProblem(`${id} is a snapshot of ${of}, and this environment's database is ${source}.`);
    return { from: made, to: made };
  },
  begin: fromSnapshot(client, id),
});

/** A recovery point of a database is a snapshot, which RDS restores by itself, with a password of its own. */
const inVault = (
  client: RDSClient,
  backup: BackupClient,
  { of, until }: Extract<Origin, { readonly kind: 'recovery-points' }>,
) => {
  const { settings, region } = of;
  const source = runningNames(of).database;
  let found: Promise<RecoveryPoint> | undefined;
  const find = async (): Promise<RecoveryPoint> => {
    const newest = await newestPoints(backup, vaultOf(of), until);
    const point = newest.get(`arn:aws:rds:${region}:${settings.account_id}:db:${source}`);
    if (point !== undefined) return point;
    throw new OperatorProblem(
      `The vault ${vaultOf(of)} has no finished backup of ${source} from before ${until.toISOString()}.`,
    );
  };
  const point = () => (found ??= find());
  return {
    window: async () => {
      const { made } = await point();
      return { from: made, to: made };
    },
    // arn:aws:rds:<region>:<account>:snapshot:awsbackup:job-...
    begin: async (name: string, copy: object) =>
      fromSnapshot(client, (await point()).arn.split(':snapshot:')[1] ?? '')(name, copy),
  };
};

/** What RDS copies to this region as it is made. */
const fromCopies = (client: RDSClient, of: Deployment): InstanceSource => {
  const source = runningNames(of).database;
  const find = async () => {
    const pages = paginateDescribeDBInstanceAutomatedBackups({ client }, { DBInstanceIdentifier: source });
    for await (const { DBInstanceAutomatedBackups = [] } of pages)
      for (const { DBInstanceAutomatedBackupsArn: arn, Region, RestoreWindow } of DBInstanceAutomatedBackups)
        if (arn !== undefined && Region === of.region && RestoreWindow?.EarliestTime && RestoreWindow.LatestTime)
          return { arn, from: RestoreWindow.EarliestTime, to: RestoreWindow.LatestTime };
    throw new OperatorProblem(`No backups of ${source} in ${of.region} are copied here yet: see db_copy_region.`);
  };
  return {
    window: find,
    begin: async (name, copy, at) => {
      const { arn } = await find();
      const from = { SourceDBInstanceAutomatedBackupsArn: arn, TargetDBInstanceIdentifier: name, RestoreTime: at };
      return client.send(new RestoreDBInstanceToPointInTimeCommand({ ...from, ...copy }));
    },
  };
};

/** @param read the database in service */
export const instanceSource = (
  client: RDSClient,
  { deployment, client: of, origin }: CopyProps,
  read: () => Promise<DBInstance>,
): InstanceSource => {
  const source = runningNames(deployment).database;
  switch (origin?.kind) {
    case undefined:
      return atMoment(client, source, read);
    case 'snapshot':
      return ofSnapshot(client, source, origin);
    case 'recovery-points':
      return inVault(client, of(BackupClient), origin);
    case 'copied-backups':
      return fromCopies(client, origin.of);
  }
};
