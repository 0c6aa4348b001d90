/** Recovery points of AWS Backup, and restore jobs, which make a resource of one. */
import {
  type BackupClient,
  DescribeRestoreJobCommand,
  paginateListRecoveryPointsByBackupVault,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed } from '../operated.ts';
import { untilTrue, type Waiting } from '../waiting.ts';

export interface RecoveryPoint {
  readonly arn: string;
  /** When the backup was begun: what it holds is of then. */
  readonly made: Date;
}

/** As modules/stacks/backups.ts names it, here and in the region of the copies. */
export const vaultOf = ({ names, region }: Pick<Deployment, 'names' | 'region'>): string => names.with(region);

/** As modules/stacks/backups.ts names it. */
export const restoreRoleOf = ({ names, region, settings }: Deployment): string =>
  `arn:aws:iam::${settings.account_id}:role/${names.with(`backup-${region}`)}`;

/**
 * The newest finished point of each resource, by its ARN.
 * @throws OperatorProblem where there is no such vault
 */
export const newestPoints = async (
  client: BackupClient,
  vault: string,
  until: Date,
): Promise<ReadonlyMap<string, RecoveryPoint>> => {
  const newest = new Map<string, RecoveryPoint>();
  const asked = { BackupVaultName: vault, ByCreatedBefore: until };
  try {
    for await (const { RecoveryPoints = [] } of paginateListRecoveryPointsByBackupVault({ client }, asked))
      for (const { RecoveryPointArn: arn, ResourceArn, CreationDate: made, Status } of RecoveryPoints) {
        if (arn === undefined || ResourceArn === undefined || made === undefined || Status !== 'COMPLETED') continue;
        if (made > until) continue;
        const known = newest.get(ResourceArn);
        if (known === undefined || known.made < made) newest.set(ResourceArn, { arn, made });
      }
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
    throw new OperatorProblem(
      `There is no vault ${vault} in this region: backups = true makes it, and backup_region its copy in another region.`,
      { cause: error },
    );
  }
  return newest;
};

/** @returns the job's id */
export const beginRestore = async (
  client: BackupClient,
  job: {
    readonly point: RecoveryPoint;
    readonly role: string;
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
  },
): Promise<string> => {
  const { RestoreJobId = '' } = await client.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: job.point.arn,
      IamRoleArn: job.role,
      ResourceType: job.type,
      Metadata: { ...job.metadata },
    }),
  );
  return RestoreJobId;
};

const FAILED: readonly unknown[] = ['ABORTED', 'FAILED'];

/** Waits until a job is over, well or not. AWS cannot stop one. False: the patience is at its end. */
export const awaitJob = (client: BackupClient, RestoreJobId: string, pace: Waiting): Promise<boolean> =>
  untilTrue(async () => {
    const { Status } = await client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    return Status === 'COMPLETED' || FAILED.includes(Status);
  }, pace);

/** @throws OperatorProblem with what AWS says of a job that failed */
export const checkJob = async (client: BackupClient, RestoreJobId: string, name: string): Promise<void> => {
  const { Status, StatusMessage } = await client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
  if (Status !== 'COMPLETED')
    throw new OperatorProblem(`${name} was not restored: ${StatusMessage ?? `the job is ${Status ?? 'gone'}`}.`);
};
