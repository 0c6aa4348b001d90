/**
 * A copy takes the place of the store. Terraform forgets the store of before, which stays as it is; the next plan finds the
 * copy under the name it looks for, and imports it.
 */
import { DescribeTableCommand, DynamoDBClient, TagResourceCommand as TagTableCommand } from '@aws-sdk/client-dynamodb';
import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { Host } from '../../platform/command.ts';
import { during } from '../../platform/host.ts';
import { initStack } from '../../platform/plans.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Terraform } from '../../platform/terraform.ts';
import type { Workspace } from '../../platform/workspace.ts';
import type { ClientOf } from '../clients.ts';
import { forgetMigration } from '../migrate/migrated.ts';
import { runningNames } from '../running.ts';
import { untilTrue } from '../waiting.ts';
import type { Pace } from './copy.ts';
import { instanceOf } from './instance-source.ts';
import { copyName } from './names.ts';
import { recoverable } from './table-source.ts';

/** By which a plan knows that it may import what is there. */
const ownTags = ({ settings }: Deployment) =>
  Object.entries({ Project: settings.project_name, Environment: settings.environment }).map(([Key, Value]) => ({
    Key,
    Value,
  }));

/** @throws OperatorProblem where a table of the copy is not there */
const tagTables = async (deployment: Deployment, of: ClientOf, label: string): Promise<void> => {
  const client = of(DynamoDBClient);
  for (const name of recoverable(deployment.settings.tool_packs)) {
    const TableName = `${deployment.settings.table_prefix}${label}-${name}`;
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    await client.send(new TagTableCommand({ ResourceArn: Table?.TableArn, Tags: ownTags(deployment) }));
  }
};

const rename = async (client: RDSClient, from: string, to: string, pace: Pace): Promise<void> => {
  await client.send(
    new ModifyDBInstanceCommand({ DBInstanceIdentifier: from, NewDBInstanceIdentifier: to, ApplyImmediately: true }),
  );
  const renamed = await untilTrue(async () => (await instanceOf(client, to))?.DBInstanceStatus === 'available', pace);
  if (!renamed) throw new OperatorProblem(`${from} was not renamed to ${to} in time: look at its events in RDS.`);
};

/** The name that the store of before gets. */
export const nameBefore = (database: string, label: string): string =>
  copyName(database, label.replace('restored', 'before'));

/** Repeats what an interrupted run has not done yet. @throws OperatorProblem */
const swapInstances = async (deployment: Deployment, of: ClientOf, label: string, pace: Pace): Promise<void> => {
  const client = of(RDSClient);
  const database = runningNames(deployment).database;
  const [copy, before] = [copyName(database, label), nameBefore(database, label)];
  if ((await instanceOf(client, copy)) === undefined) {
    if ((await instanceOf(client, before)) !== undefined && (await instanceOf(client, database)) !== undefined) return;
    throw new OperatorProblem(`There is no ${copy}: npm run restore -- --environment <name> --to <time>`);
  }
  if ((await instanceOf(client, before)) === undefined) await rename(client, database, before, pace);
  try {
    await rename(client, copy, database, pace);
  } catch (error) {
    if ((await instanceOf(client, database)) === undefined) await rename(client, before, database, pace);
    throw error;
  }
};

/** What a plan would destroy, because its name is no longer the one that is wanted. */
const isOfStore = (address: string): boolean => /^aws_(dynamodb_table\.table_|db_instance\.database$)/.test(address);

/** Of each stack, what it forgot. */
const forget = async (host: Host, terraform: Terraform, workspace: Workspace): Promise<readonly string[]> => {
  const forgotten: string[] = [];
  let before: Workspace['stacks'][number] | undefined;
  for (const stack of workspace.stacks) {
    await during(host, `Preparing terraform for ${stack.name}`, () => initStack(terraform, stack, before));
    before = stack;
    const { stdout } = await terraform.run(stack, ['state', 'list'], { show: false, accept: [0, 1] });
    const addresses = stdout.split('\n').filter(isOfStore);
    if (addresses.length === 0) continue;
    await terraform.run(stack, ['state', 'rm', ...addresses], { show: false });
    forgotten.push(...addresses);
  }
  return forgotten;
};

export interface TakeOverProps {
  readonly deployment: Deployment;
  readonly client: ClientOf;
  /** Such as `restored-20261130`. */
  readonly label: string;
  readonly pace: Pace;
  readonly workspace: Workspace;
  readonly terraform: Terraform;
}

/** Resolves to the addresses that Terraform forgot. @throws OperatorProblem */
export const takeOver = async (host: Host, props: TakeOverProps): Promise<readonly string[]> => {
  const { deployment, client, label, pace, terraform, workspace } = props;
  // The copy is as old as what it was made from, and its tables with it.
  await forgetMigration(deployment, client);
  if (deployment.settings.store_mode === 'dynamodb') await tagTables(deployment, client, label);
  else
    await during(host, 'Giving the copy the name of the database', () =>
      swapInstances(deployment, client, label, pace),
    );
  return forget(host, terraform, workspace);
};
