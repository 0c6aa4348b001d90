/** What every engine of the tables must do. Called inside a describe with a way to open one. */
import type { TableEngine } from '../../src/ports/tables.ts';
import type { Bench, Engine } from './tables-contract/bench.ts';
import { expiry } from './tables-contract/expiry.ts';
import { outage } from './tables-contract/outage.ts';
import { queries } from './tables-contract/queries.ts';
import { reads } from './tables-contract/reads.ts';
import { NOW } from './tables-contract/rows.ts';
import { transactions } from './tables-contract/transactions.ts';
import { values } from './tables-contract/values.ts';
import { writes } from './tables-contract/writes.ts';

export const tablesContract = (engine: Engine): void => {
  let now = NOW;
  let tables: TableEngine;
  beforeAll(async () => {
    tables = await engine.open(() => now);
  });
  beforeEach(() => {
    now = NOW;
  });
  afterAll(() => tables.close());

  const bench: Bench = {
    engine,
    get tables() {
      return tables;
    },
    later: (seconds) => {
      now = new Date(NOW.getTime() + seconds * 1000);
    },
    stored: (operationId) => tables.get('operations', { operationId }),
  };
  for (const part of [reads, values, writes, expiry, queries]) part(bench);
  if (engine.transactions !== false) transactions(bench);
  outage(bench);
};
