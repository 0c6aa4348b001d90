/** Keeps what was written to the stand-in across restarts of the service, in a table that only the sandbox has. */
import { z } from 'zod';
import type { Tables } from '../../../ports/tables.ts';

const TABLE = 'sandbox-google';
/** Most writes of one transaction. */
const BATCH = 100;

type Json = z.output<ReturnType<typeof z.json>>;
export type KeptRecord = Readonly<Record<string, Json>>;
const KeptRecord = z.record(z.string(), z.json());

/** Records of one API by name. Each is written whole; of two tasks that write one, the last one's stays. */
export interface Keeper {
  load(): Promise<readonly KeptRecord[]>;
  save(records: readonly { readonly name: string; readonly record: KeptRecord }[]): Promise<void>;
}

/** @param area of the stand-in, such as ads */
export const tableKeeper = (tables: Tables, area: string): Keeper => ({
  load: async () => {
    const found: KeptRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await tables.query(TABLE, { partition: area, limit: 1000, ...(cursor !== undefined && { cursor }) });
      found.push(...page.items.map(({ record }) => KeptRecord.parse(record)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  },
  save: async (records) => {
    for (let at = 0; at < records.length; at += BATCH)
      await tables.transact(
        records
          .slice(at, at + BATCH)
          .map(({ name, record }) => ({ kind: 'put', table: TABLE, row: { area, name, record } })),
      );
  },
});
