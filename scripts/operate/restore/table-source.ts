/** Where the tables of a copy come from: those in service at a moment, or what AWS Backup kept of them. */
import { BackupClient } from '@aws-sdk/client-backup';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Settings } from '../../../contracts/settings/resolve.ts';
import type { TableContract } from '../../../contracts/table.ts';
import { tables as contracts, deployedTables, type TableName } from '../../../contracts/tables.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import type { Waiting } from '../waiting.ts';
import type { CopyProps, Window } from './copy.ts';
import type { Origin } from './origin.ts';
import {
  awaitJob,
  beginRestore,
  checkJob,
  newestPoints,
  type RecoveryPoint,
  restoreRoleOf,
  vaultOf,
} from './recovery-points.ts';

/** Tables that can be restored; what the others hold may be lost. */
export const recoverable = (packs: readonly string[]): readonly TableName[] =>
  deployedTables(packs).filter((name) => (contracts[name] as TableContract).pointInTimeRecovery);

export const tableOf = async (client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> =>
  (await unlessMissing(client.send(new DescribeTableCommand({ TableName })), 'ResourceNotFoundException'))?.Table;

const windowOf = async (client: DynamoDBClient, TableName: string): Promise<Window> => {
  const told = await unlessMissing(
    client.send(new DescribeContinuousBackupsCommand({ TableName })),
    'TableNotFoundException',
    'ResourceNotFoundException',
  );
  const { EarliestRestorableDateTime: from, LatestRestorableDateTime: to } =
    told?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  if (told === undefined) throw new OperatorProblem(`There is no table ${TableName}: npm run deploy`);
  if (from === undefined || to === undefined)
    throw new OperatorProblem(`${TableName} cannot be restored to a point in time: npm run plan`);
  return { from, to };
};

const latest = (moments: readonly Date[]): Date => new Date(Math.max(...moments.map((each) => each.getTime())));
const earliest = (moments: readonly Date[]): Date => new Date(Math.min(...moments.map((each) => each.getTime())));

export interface TableSource {
  /** Moments that the tables can be of. @throws OperatorProblem where they cannot be restored */
  window(): Promise<Window>;
  /** Has AWS begin to make a table. */
  begin(name: TableName, target: string, at: Date): Promise<void>;
  /** Resolves once AWS makes what was begun, or has refused it. False: not within the patience. */
  settled(target: string, pace: Waiting): Promise<boolean>;
  /** @throws OperatorProblem where it was refused */
  check(target: string): Promise<void>;
}

const inService = (client: DynamoDBClient, { tool_packs, table_prefix: prefix }: Settings): TableSource => ({
  window: async () => {
    const windows = await Promise.all(recoverable(tool_packs).map((name) => windowOf(client, `${prefix}${name}`)));
    return { from: latest(windows.map(({ from }) => from)), to: earliest(windows.map(({ to }) => to)) };
  },
  begin: async (name, TargetTableName, at) => {
    // One moment for all, because the chains of the audit log and their heads belong together.
    const command = { SourceTableName: `${prefix}${name}`, TargetTableName, RestoreDateTime: at };
    await client.send(new RestoreTableToPointInTimeCommand(command));
  },
  settled: async () => true,
  check: async () => {},
});

/** The key of the table in service, so that the copy has it too: AWS Backup would use a key of its own. */
const encryptionOf = async (client: DynamoDBClient, name: string): Promise<Readonly<Record<string, string>>> => {
  const key = (await tableOf(client, name))?.SSEDescription?.KMSMasterKeyArn;
  return key === undefined ? {} : { encryptionType: 'KMS', kmsMasterKeyArn: key };
};

type RecoveryPoints = Extract<Origin, { readonly kind: 'recovery-points' }>;

const pointsOf = (backup: BackupClient, { of: origin, until }: RecoveryPoints) => {
  const { settings, region } = origin;
  let found: ReturnType<typeof newestPoints> | undefined;
  return async (name: TableName): Promise<RecoveryPoint> => {
    found ??= newestPoints(backup, vaultOf(origin), until);
    const table = `${settings.table_prefix}${name}`;
    const point = (await found).get(`arn:aws:dynamodb:${region}:${settings.account_id}:table/${table}`);
    if (point !== undefined) return point;
    throw new OperatorProblem(
      `The vault ${vaultOf(origin)} has no finished backup of ${table} from before ${until.toISOString()}.`,
    );
  };
};

const inVault = ({ deployment, client }: CopyProps, origin: RecoveryPoints): TableSource => {
  const [backup, dynamo] = [client(BackupClient), client(DynamoDBClient)];
  const pointOf = pointsOf(backup, origin);
  const jobs = new Map<string, string>();
  return {
    // Each table has a backup of its own, begun within minutes: what came before the first is in all of them.
    window: async () => {
      const points = await Promise.all(recoverable(deployment.settings.tool_packs).map(pointOf));
      const made = earliest(points.map((point) => point.made));
      return { from: made, to: made };
    },
    begin: async (name, target) => {
      const encryption = await encryptionOf(dynamo, `${deployment.settings.table_prefix}${name}`);
      const metadata = { targetTableName: target, ...encryption };
      const job = { point: await pointOf(name), role: restoreRoleOf(deployment), type: 'DynamoDB', metadata };
      jobs.set(target, await beginRestore(backup, job));
    },
    settled: async (target, pace) => {
      const job = jobs.get(target);
      return job === undefined || awaitJob(backup, job, pace);
    },
    check: (target) => checkJob(backup, jobs.get(target) ?? '', target),
  };
};

/** @throws OperatorProblem for what a database alone is restored from */
export const tableSource = (props: CopyProps): TableSource => {
  const { deployment, client, origin } = props;
  if (origin === undefined) return inService(client(DynamoDBClient), deployment.settings);
  if (origin.kind === 'recovery-points') return inVault(props, origin);
  throw new OperatorProblem(
    'A snapshot, and copies of automated backups, are of a database, and this environment has tables.',
  );
};
