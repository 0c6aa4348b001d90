/** How many people have signed in lately: rows of the store's table, of which only the count is read. */
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { tables } from '../../../contracts/tables.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { ClientOf } from '../clients.ts';
import { unlessMissing } from '../operated.ts';
import type { Measured } from './phases.ts';

const TABLE = 'people';

const scanned = async (client: DynamoDBClient, TableName: string, since: Date): Promise<number> => {
  let count = 0;
  const pages = paginateScan(
    { client },
    {
      TableName,
      Select: 'COUNT',
      // Rows past their time may still be there: DynamoDB deletes them within days.
      FilterExpression: 'signedInAt >= :since',
      ExpressionAttributeValues: { ':since': { S: since.toISOString() } },
    },
  );
  for await (const { Count = 0 } of pages) count += Count;
  return count;
};

/** The database of an environment is reached from its own network alone. */
const byHand = (since: Date): Measured => ({
  why: `count them in the database and pass --people: select count(*) from ${tables[TABLE].postgres} where signed_in_at >= '${since.toISOString()}'`,
});

export const peopleSince = async ({ settings }: Deployment, client: ClientOf, since: Date): Promise<Measured> => {
  if (settings.store_mode !== 'dynamodb')
    return settings.store_mode === 'postgres' ? byHand(since) : { why: 'nothing is kept of people: pass --people' };
  const TableName = `${settings.table_prefix}${TABLE}`;
  const value = await unlessMissing(scanned(client(DynamoDBClient), TableName, since), 'ResourceNotFoundException');
  return value === undefined ? { why: `there is no table ${TableName}: npm run deploy` } : { value };
};
