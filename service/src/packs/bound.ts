/** Gives a pack its own tables, cache keys, decisions and log of the service, so that no two packs meet. */
import type { PackContract } from '../../../contracts/packs/pack.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import type { TableName } from '../../../contracts/tables.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Notify } from '../ports/notify.ts';
import type { Tables } from '../ports/tables.ts';
import type { UpstreamEngine } from '../ports/upstream.ts';
import { ownObjects } from './own-objects.ts';
import type { PackServices } from './pack.ts';

const ownTables = (pack: string, contract: PackContract, tables: Tables): Tables => {
  const own = <T extends TableName>(table: T): T => {
    if (Object.hasOwn(contract.tables ?? {}, table)) return table;
    throw new Error(`${table} is not a table of contracts/packs/${pack}.ts`);
  };
  return {
    get: async (table, key) => tables.get(own(table), key),
    insert: async (table, row) => tables.insert(own(table), row),
    put: async (table, row, expect) => tables.put(own(table), row, expect),
    remove: async (table, key, expect) => tables.remove(own(table), key, expect),
    query: async (table, query) => tables.query(own(table), query),
    transact: async (writes) => {
      for (const { table } of writes) own(table);
      return tables.transact(writes);
    },
  };
};

const ownKeys = (pack: string, ephemeral: Ephemeral): Ephemeral => {
  const own = (key: string): string => `${pack}|${key}`;
  return {
    count: (key, windowSeconds, amount) => ephemeral.count(own(key), windowSeconds, amount),
    slide: (key, windowSeconds) => ephemeral.slide(own(key), windowSeconds),
    get: (key) => ephemeral.get(own(key)),
    set: (key, value, ttlSeconds) => ephemeral.set(own(key), value, ttlSeconds),
    remove: (key) => ephemeral.remove(own(key)),
  };
};

/** A pack decides operations of its own tools; another pack's id is as unknown to it as one that does not exist. */
const ownDecisions = ({ tools }: PackContract, pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  decide: (input, by, context) => pipeline.decide({ ...input, tools: Object.keys(tools) }, by, context),
});

/** A pack tells holders of its own scopes, and admins. */
const ownNotices = (pack: string, { scopes }: PackContract, notify: Notify): Notify => {
  const own = (scope: Scope): Scope => {
    if (scope === 'admin' || Object.hasOwn(scopes, scope)) return scope;
    throw new Error(`${scope} is not a scope of contracts/packs/${pack}.ts`);
  };
  return {
    tell: async (notice) => notify.tell({ ...notice, scope: own(notice.scope) }),
    find: async (written, scope) => notify.find(written, own(scope)),
  };
};

/** What is lent before it is bound to a pack. */
export interface UnboundServices
  extends Omit<PackServices, 'upstream' | 'jobs' | 'notify' | 'accounts' | 'credentials'> {
  readonly credentialsOf: (pack: string) => Credentials;
  readonly upstreams: UpstreamEngine;
  readonly jobsOf: (owner: string) => Jobs;
  readonly accountsOf: (pack: string) => Accounts;
  readonly notifyOf: (pack: string) => Notify;
}

export const bound = (
  pack: string,
  contract: PackContract,
  { upstreams, jobsOf, accountsOf, notifyOf, credentialsOf, ...services }: UnboundServices,
): PackServices => ({
  ...services,
  accounts: accountsOf(pack),
  credentials: credentialsOf(pack),
  notify: ownNotices(pack, contract, notifyOf(pack)),
  upstream: upstreams.of({
    name: pack,
    egress: contract.egress ?? [],
    variables: Object.keys(contract.variables ?? {}),
  }),
  jobs: jobsOf(pack),
  pipeline: ownDecisions(contract, services.pipeline),
  tables: ownTables(pack, contract, services.tables),
  ephemeral: ownKeys(pack, services.ephemeral),
  objects: ownObjects(pack, contract, services.objects),
  log: services.log.child({ pack }),
});
