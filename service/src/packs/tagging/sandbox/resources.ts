/** The rows of the stand-in estate. */

import type { Tables } from '../../../ports/tables.ts';
import { parseArn } from '../estate/arn.ts';
import { sandboxAccounts } from './accounts.ts';
import { generateEstate, SandboxResource } from './generate.ts';

const TABLE = 'sandbox-resources';
/** Most writes of one transaction. */
const BATCH = 100;

export interface SandboxResources {
  ofAccount(accountId: string): Promise<SandboxResource[]>;
  find(arn: string): Promise<SandboxResource | undefined>;
  put(resource: SandboxResource): Promise<void>;
}

const rowOf = (resource: SandboxResource) => ({
  accountId: resource.accountId,
  arn: resource.arn,
  record: resource,
});

export const createResources = (tables: Tables): SandboxResources => ({
  ofAccount: async (accountId) => {
    const found: SandboxResource[] = [];
    let cursor: string | undefined;
    do {
      const page = await tables.query(TABLE, {
        partition: accountId,
        limit: 1000,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.items.map((row) => SandboxResource.parse(row.record)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  },
  find: async (arn) => {
    const named = parseArn(arn)?.accountId;
    // A bucket's ARN does not say whose it is.
    const candidates = sandboxAccounts.filter((account) => !named || account.accountId === named);
    for (const { accountId } of candidates) {
      const row = await tables.get(TABLE, { accountId, arn });
      if (row) return SandboxResource.parse(row.record);
    }
    return undefined;
  },
  put: async (resource) => {
    await tables.put(TABLE, rowOf(resource));
  },
});

/**
 * Fills the estate on the first start and completes it when that start was interrupted. What is there already, changed
 * or not, stays.
 */
export const seedResources = async (tables: Tables, now: Date): Promise<void> => {
  const resources = createResources(tables);
  const there = await Promise.all(sandboxAccounts.map(({ accountId }) => resources.ofAccount(accountId)));
  const known = new Set(there.flat().map((resource) => resource.arn));
  const missing = generateEstate(now).filter((resource) => !known.has(resource.arn));
  for (let at = 0; at < missing.length; at += BATCH)
    await tables.transact(
      missing.slice(at, at + BATCH).map((resource) => ({ kind: 'insert', table: TABLE, row: rowOf(resource) })),
    );
};
