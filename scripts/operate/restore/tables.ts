/** Copies of the DynamoDB tables that can be restored to a point in time. */
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { TableContract } from '../../../contracts/table.ts';
import { tables as contracts, deployedTables, type TableName } from '../../../contracts/tables.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed, unlessMissing } from '../operated.ts';
import { untilTrue } from '../waiting.ts';
import type { Copy, CopyProps, Window } from './copy.ts';

/** Tables that can be restored; what the others hold may be lost. */
export const recoverable = (packs: readonly string[]): readonly TableName[] =>
  deployedTables(packs).filter((name) => (contracts[name] as TableContract).pointInTimeRecovery);

const tableOf = async (client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> =>
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

/** Deletes a table, also one that is being made: AWS deletes it once it is there. False: it is left. */
export const deleteTable = (client: DynamoDBClient, TableName: string, pace: CopyProps['pace']): Promise<boolean> =>
  untilTrue(async () => {
    const table = await tableOf(client, TableName);
    if (table === undefined) return true;
    if (table.TableStatus !== 'DELETING')
      await client.send(new DeleteTableCommand({ TableName })).catch((error: unknown) => {
        if (!isNamed(error, 'ResourceInUseException', 'ResourceNotFoundException')) throw error;
      });
    return (await tableOf(client, TableName)) === undefined;
  }, pace);

const latest = (moments: readonly Date[]): Date => new Date(Math.max(...moments.map((each) => each.getTime())));
const earliest = (moments: readonly Date[]): Date => new Date(Math.min(...moments.map((each) => each.getTime())));

const isReady = ({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): boolean =>
  TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus }) => (IndexStatus ?? 'ACTIVE') === 'ACTIVE');

export const tablesCopy = ({ deployment, client: of, label, pace }: CopyProps): Copy => {
  const client = of(DynamoDBClient);
  const { table_prefix: prefix } = deployment.settings;
  const copied = `${prefix}${label}-`;
  const kept = recoverable(deployment.settings.tool_packs);
  const names = kept.map((name) => `${copied}${name}`);
  const begun = new Set<string>();

  const begin = async (name: string, at: Date): Promise<void> => {
    const TargetTableName = `${copied}${name}`;
    begun.add(TargetTableName);
    try {
      // One moment for all, because the chains of the audit log and their heads belong together.
      const command = { SourceTableName: `${prefix}${name}`, TargetTableName, RestoreDateTime: at };
      await client.send(new RestoreTableToPointInTimeCommand(command));
    } catch (error) {
      // Somebody else's: it is not ours to take away.
      if (isNamed(error, 'TableAlreadyExistsException', 'TableInUseException')) begun.delete(TargetTableName);
      throw error;
    }
  };

  const wait = async (name: string, signal: AbortSignal): Promise<void> => {
    const ready = await untilTrue(
      async () => {
        const table = await tableOf(client, name);
        if (table === undefined) throw new OperatorProblem(`${name} vanished while it was restored.`);
        return isReady(table);
      },
      { ...pace, signal },
    );
    if (!ready) throw new OperatorProblem(`${name} was not restored within ${pace.patienceMs / 60_000} minutes.`);
  };

  return {
    names,
    window: async () => {
      const windows = await Promise.all(kept.map((name) => windowOf(client, `${prefix}${name}`)));
      return { from: latest(windows.map(({ from }) => from)), to: earliest(windows.map(({ to }) => to)) };
    },
    present: async () => {
      const there = await Promise.all(names.map(async (name) => ((await tableOf(client, name)) ? [name] : [])));
      return there.flat();
    },
    make: async (at, signal) => {
      const started = await Promise.allSettled(kept.map((name) => begin(name, at)));
      const failed = started.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
      await Promise.all(names.map((name) => wait(name, signal)));
    },
    remove: async () => {
      const removed = await Promise.allSettled(
        [...begun].map(async (name) => ((await deleteTable(client, name, pace)) ? [] : [name])),
      );
      return removed.flatMap((each, index) => (each.status === 'fulfilled' ? each.value : [[...begun][index] ?? '']));
    },
    variables: async () => ({ STORE: 'dynamodb', TABLE_PREFIX: copied }),
  };
};
