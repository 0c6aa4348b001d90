/**
 * The store of a region that may not be the home: every write needs the home's permit and is refused without it, and reads
 * are unchanged. Two kinds of rows may be written in any region, because no two regions can disagree about them: its own chains of
 * the audit log, and rows of tables whose contract says so.
 */
import { isStandbyChain } from '../../../contracts/home.ts';
import { anyRegionTableNames } from '../../../contracts/tables.ts';
import type { TableEngine, Tables, Write } from '../ports/tables.ts';
import type { HomeWatch } from './home.ts';

const chains = new Set<string>(['audit-logs', 'audit-heads']);
const anyRegion = new Set<string>(anyRegionTableNames);

const userOf = (write: Write): string => {
  const of = write.kind === 'remove' ? write.key : write.row;
  return 'userId' in of ? of.userId : '';
};

/** Whether no other region can write the same row. */
const isOwn = (write: Write, region: string): boolean => {
  if (chains.has(write.table)) return isStandbyChain(userOf(write), region);
  return anyRegion.has(write.table) && write.kind === 'put' && write.expect === undefined;
};

export const guardTables = (tables: TableEngine, home: HomeWatch): TableEngine => {
  const permitted = async (writes: readonly Write[]): Promise<void> => {
    if (writes.every((write) => isOwn(write, home.region))) return;
    await home.permit();
  };
  const insert: Tables['insert'] = async (table, row) => {
    await permitted([{ kind: 'insert', table, row } as Write]);
    return tables.insert(table, row);
  };
  const put: Tables['put'] = async (table, row, expect) => {
    await permitted([{ kind: 'put', table, row, ...(expect === undefined ? {} : { expect }) } as Write]);
    return tables.put(table, row, expect);
  };
  const remove: Tables['remove'] = async (table, key, expect) => {
    await permitted([{ kind: 'remove', table, key } as Write]);
    return tables.remove(table, key, expect);
  };
  return {
    get: (table, key) => tables.get(table, key),
    query: (table, query) => tables.query(table, query),
    scan: (table, page) => tables.scan(table, page),
    withExpired: () => tables.withExpired(),
    ping: () => tables.ping(),
    insert,
    put,
    remove,
    transact: async (writes) => {
      await permitted(writes);
      return tables.transact(writes);
    },
    sweep: async () => {
      await home.permit();
      return tables.sweep();
    },
    close: async () => {
      await tables.close();
      await home.close();
    },
  };
};
