/** The sandbox with a gate in front of its accounts: each is read when the test lets it. */
import type { OpenPack } from '../../src/packs/pack.ts';
import { openTagging } from '../../src/packs/tagging/open.ts';
import type { ScanLimits } from '../../src/packs/tagging/scan/scan-limits.ts';
import type { Tables } from '../../src/ports/tables.ts';

export interface SlowEstate {
  readonly openPack: OpenPack;
  /** Accounts that were asked for since the gate was shut, in order. */
  readonly asked: readonly string[];
  /** From now on, an account that is asked for waits. */
  shut(): void;
  /** Lets the one that waits go on, and all after it. */
  open(): void;
  /** Resolves when an account is asked for while the gate is shut. */
  reached(): Promise<void>;
}

/** @param limits when a scan is too long for its call; default as in the service */
export const slowEstate = (limits?: ScanLimits): SlowEstate => {
  const asked: string[] = [];
  let gate = Promise.resolve();
  let open = () => {};
  let arrive = () => {};
  let arrived = Promise.resolve();
  const query: (tables: Tables) => Tables['query'] = (tables) => async (table, range) => {
    if (table === 'sandbox-resources') {
      asked.push(range.partition);
      arrive();
      await gate;
    }
    return tables.query(table, range);
  };
  return {
    asked,
    openPack: (services) => {
      const { tables } = services;
      return openTagging({ ...services, tables: { ...tables, query: query(tables) } }, { ...(limits && { limits }) });
    },
    shut: () => {
      asked.length = 0;
      gate = new Promise((resolve) => {
        open = resolve;
      });
      arrived = new Promise((resolve) => {
        arrive = resolve;
      });
    },
    open: () => open(),
    reached: () => arrived,
  };
};
