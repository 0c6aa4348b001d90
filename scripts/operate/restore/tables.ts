/** Copies of the DynamoDB tables that can be restored to a point in time. */
import { DeleteTableCommand, DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import type { TableName } from '../../../contracts/tables.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed } from '../operated.ts';
import { untilTrue } from '../waiting.ts';
import type { Copy, CopyProps } from './copy.ts';
import { recoverable, tableOf, tableSource } from './table-source.ts';

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

const isReady = ({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): boolean =>
  TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every(({ IndexStatus }) => (IndexStatus ?? 'ACTIVE') === 'ACTIVE');

export const tablesCopy = (props: CopyProps): Copy => {
  const { deployment, client: of, label, pace } = props;
  const client = of(DynamoDBClient);
  const source = tableSource(props);
  const copied = `${deployment.settings.table_prefix}${label}-`;
  const kept = recoverable(deployment.settings.tool_packs);
  const names = kept.map((name) => `${copied}${name}`);
  const begun = new Set<string>();

  const begin = async (name: TableName, at: Date): Promise<void> => {
    const TargetTableName = `${copied}${name}`;
    begun.add(TargetTableName);
    try {
      await source.begin(name, TargetTableName, at);
    } catch (error) {
      // Somebody else's: it is not ours to take away.
      if (isNamed(error, 'TableAlreadyExistsException', 'TableInUseException')) begun.delete(TargetTableName);
      throw error;
    }
  };

  const wait = async (name: string, signal: AbortSignal): Promise<void> => {
    if (await source.settled(name, { ...pace, signal })) await source.check(name);
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
    window: () => source.window(),
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
        [...begun].map(async (name) => {
          // A job that is under way makes its table later.
          const over = await source.settled(name, pace);
          return over && (await deleteTable(client, name, pace)) ? [] : [name];
        }),
      );
      return removed.flatMap((each, index) => (each.status === 'fulfilled' ? each.value : [[...begun][index] ?? '']));
    },
    variables: async () => ({ STORE: 'dynamodb', TABLE_PREFIX: copied }),
  };
};
