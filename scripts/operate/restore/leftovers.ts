/** Copies that a killed verification left. */
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { ClientOf } from '../clients.ts';
import { runningNames } from '../running.ts';
import type { Pace } from './copy.ts';
import { deleteInstance } from './database.ts';
import { copyName } from './names.ts';
import { deleteTable } from './tables.ts';

/** As copyLabel begins those of verifications: no other command gives names that hold one. */
const TRIAL = 'restore-';

export interface Leftover {
  readonly name: string;
  /** False: it is left still. */
  readonly remove: () => Promise<boolean>;
}

const tables = async ({ settings }: Deployment, of: ClientOf, pace: Pace): Promise<Leftover[]> => {
  const client = of(DynamoDBClient);
  const start = `${settings.table_prefix}${TRIAL}`;
  const found: Leftover[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {}))
    for (const name of TableNames)
      if (name.startsWith(start) && /^\d{8}-/.test(name.slice(start.length)))
        found.push({ name, remove: () => deleteTable(client, name, pace) });
  return found;
};

const instances = async (deployment: Deployment, of: ClientOf, pace: Pace): Promise<Leftover[]> => {
  const client = of(RDSClient);
  const start = copyName(runningNames(deployment).database, `${TRIAL}00000000`).slice(0, -8);
  const found: Leftover[] = [];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client }, {}))
    for (const { DBInstanceIdentifier: name = '' } of DBInstances)
      if (name.startsWith(start) && /^\d{8}$/.test(name.slice(start.length)))
        found.push({ name, remove: () => deleteInstance(client, name, pace) });
  return found;
};

export const leftoversOf = (deployment: Deployment, client: ClientOf, pace: Pace): Promise<Leftover[]> =>
  deployment.settings.store_mode === 'dynamodb'
    ? tables(deployment, client, pace)
    : instances(deployment, client, pace);
