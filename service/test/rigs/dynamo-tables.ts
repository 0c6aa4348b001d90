/** The tables of the contract on a stand-in for DynamoDB, as the platform makes them. */

import type { TableEngine } from '../../src/ports/tables.ts';
import { createDynamoTables } from '../../src/stores/dynamodb/create.ts';
import { type DynamoOptions, openDynamoTables } from '../../src/stores/dynamodb/tables.ts';

export const makeDynamoTables = async (options: DynamoOptions): Promise<TableEngine> => {
  await createDynamoTables(options);
  return openDynamoTables({ now: () => new Date(), ...options });
};
