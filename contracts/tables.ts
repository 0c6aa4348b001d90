/**
 * Every table the service keeps: keys, indexes, columns, expiry and backups.
 * The platform derives DynamoDB tables, indexes, TTL and backups; the service derives its DynamoDB calls and its
 * PostgreSQL tables. A table is one row shape in both engines. The core's own are declared by theme in
 * contracts/core-tables/, those of a pack in its contract.
 */
import { accessTables } from './core-tables/access.ts';
import { auditTables } from './core-tables/audit.ts';
import { jobTables } from './core-tables/jobs.ts';
import { noticeTables } from './core-tables/notices.ts';
import { operationTables } from './core-tables/operations.ts';
import { safetyTables } from './core-tables/safety.ts';
import { signInTables } from './core-tables/sign-in.ts';
import { upstreamTables } from './core-tables/upstreams.ts';
import { merged, packOf, providersOf, takesWebhooks } from './packs/index.ts';
import type { AttributeType, TableContract } from './table.ts';

const coreTables = {
  ...operationTables,
  ...auditTables,
  ...accessTables,
  ...signInTables,
  ...noticeTables,
  ...safetyTables,
  ...upstreamTables,
  ...jobTables,
};

/** Every table that this version knows, of all packs. */
export const tables = { ...coreTables, ...merged('tables', coreTables) };

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];
/** The tables of a service with these packs: the core's own, and theirs. */
export const tablesOf = (packs: readonly string[]): readonly TableName[] =>
  tableNames.filter((name) => {
    const pack = packOf('tables', name);
    return pack === undefined || packs.includes(pack);
  });

/** Those of them that the platform makes. */
export const deployedTables = (packs: readonly string[]): readonly TableName[] =>
  tablesOf(packs).filter((name) => {
    const { sandboxOnly, forWebhooks, forProviders }: TableContract = tables[name];
    return (
      sandboxOnly !== true &&
      (forWebhooks !== true || takesWebhooks(packs)) &&
      (forProviders !== true || providersOf(packs).length > 0)
    );
  });

/** The tables that the service reads whole. */
export const scannedTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).scanned === true,
);

/** The tables whose rows the service removes. */
export const removableTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).removable === true,
);

/** The tables whose rows are never written again. */
export const appendOnlyTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).appendOnly === true,
);

/** The tables that even a region that only reads may write. */
export const anyRegionTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).anyRegion === true,
);

interface ValueOf {
  string: string;
  number: number;
  boolean: boolean;
  json: unknown;
  timestamp: string;
  epoch: number;
}

type Attributes<T extends TableName> = (typeof tables)[T]['attributes'];
type Optional<A> = { [K in keyof A]: A[K] extends { optional: true } ? K : never }[keyof A];
type Value<A> = A extends { type: infer Type extends AttributeType } ? ValueOf[Type] : never;

/** One row of a table. Optional attributes are absent, never null. */
export type Row<T extends TableName> = {
  -readonly [K in Exclude<keyof Attributes<T>, Optional<Attributes<T>>>]: Value<Attributes<T>[K]>;
} & { -readonly [K in Optional<Attributes<T>>]?: Value<Attributes<T>[K]> | undefined };

type SortOf<T extends TableName> = (typeof tables)[T] extends { sort: infer S extends string } ? S : never;

/** The primary key of a row. */
export type Key<T extends TableName> = Record<(typeof tables)[T]['partition'] | SortOf<T>, string>;

export type IndexName<T extends TableName> = keyof (typeof tables)[T]['indexes'] & string;
