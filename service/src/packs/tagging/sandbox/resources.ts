/** The rows of the stand-in estate. */

import type { Row } from '../../../../../contracts/tables.ts';
import { CountersignError } from '../../../errors.ts';
import type { Tables } from '../../../ports/tables.ts';
import { parseArn } from '../estate/arn.ts';
import type { Tags } from '../estate/estate.ts';
import { sandboxAccounts } from './accounts.ts';
import { generateEstate, generateFurther, SandboxResource } from './generate.ts';
import { furtherAmong } from './types.ts';

const TABLE = 'sandbox-resources';
/** Most writes of one transaction. */
const BATCH = 100;

/** Most attempts to write a resource that other tasks write too; each failed one means that another task wrote it. */
const MOST_ATTEMPTS = 50;

export interface SandboxResources {
  ofAccount(accountId: string): Promise<SandboxResource[]>;
  find(arn: string): Promise<SandboxResource | undefined>;
  /** Did anybody write its tags, since the sandbox was filled? */
  wasWritten(arn: string): Promise<boolean>;
  /**
   * Reads a resource and writes its tags, so that no tag written meanwhile by another task is lost: if the row changed
   * between the two, both are done again.
   * @param tagsOf its tags afterwards, or why they are not written
   * @returns that reason; undefined once written
   * @throws conflict when other tasks wrote it each time
   */
  retag<Reason>(
    arn: string,
    tagsOf: (resource: SandboxResource | undefined) => { readonly tags: Tags } | { readonly reason: Reason },
  ): Promise<Reason | undefined>;
}

export const resourceRowOf = (resource: SandboxResource): Row<typeof TABLE> => ({
  accountId: resource.accountId,
  arn: resource.arn,
  record: resource,
});

const findRow = async (tables: Tables, arn: string): Promise<Row<typeof TABLE> | undefined> => {
  const named = parseArn(arn)?.accountId;
  // A bucket's ARN does not say whose it is.
  const candidates = sandboxAccounts.filter((account) => !named || account.accountId === named);
  for (const { accountId } of candidates) {
    const row = await tables.get(TABLE, { accountId, arn });
    if (row) return row;
  }
  return undefined;
};

const recordOf = (row: Row<typeof TABLE> | undefined): SandboxResource | undefined =>
  row && SandboxResource.parse(row.record);

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
  find: async (arn) => recordOf(await findRow(tables, arn)),
  wasWritten: async (arn) => ((await findRow(tables, arn))?.revision ?? 0) > 0,
  retag: async (arn, tagsOf) => {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const row = await findRow(tables, arn);
      const resource = recordOf(row);
      const next = tagsOf(resource);
      if ('reason' in next) return next.reason;
      if (resource === undefined) throw new TypeError(`${arn} is not there to be tagged`);
      const written = { ...resourceRowOf({ ...resource, tags: { ...next.tags } }), revision: (row?.revision ?? 0) + 1 };
      if (await tables.put(TABLE, written, { revision: row?.revision })) return undefined;
    }
    throw new CountersignError('conflict', `Other tasks keep writing ${arn}. Try again.`);
  },
});

/** Most times the estate is filled; each time, what other tasks that fill it at once have not written is left. */
const MOST_FILLINGS = 10;

/**
 * Fills the estate on the first start and completes it when that start was interrupted. What is there already, changed
 * or not, stays. Further types are filled in where they are enabled. Resolves once all of it is there, also where several tasks fill it at once.
 */
export const seedResources = async (tables: Tables, now: Date, types: readonly string[] = []): Promise<void> => {
  const resources = createResources(tables);
  const generated = [...generateEstate(now), ...generateFurther(now, furtherAmong(types))];
  for (let filling = 0; filling < MOST_FILLINGS; filling++) {
    const there = await Promise.all(sandboxAccounts.map(({ accountId }) => resources.ofAccount(accountId)));
    const known = new Set(there.flat().map((resource) => resource.arn));
    const missing = generated.filter((resource) => !known.has(resource.arn));
    if (missing.length === 0) return;
    // A batch of which another task wrote a part meanwhile is refused whole.
    for (let at = 0; at < missing.length; at += BATCH)
      await tables.transact(
        missing
          .slice(at, at + BATCH)
          .map((resource) => ({ kind: 'insert', table: TABLE, row: resourceRowOf(resource) })),
      );
  }
  throw new CountersignError('conflict', 'Other tasks keep filling the sandbox. Start again.');
};
