/** The sandbox: a stand-in for Google with two demo customers. */
import type { Tables } from '../../../ports/tables.ts';
import { adsArea } from './ads/index.ts';
import { analyticsArea } from './analytics.ts';
import { cruxArea } from './crux.ts';
import { tableKeeper } from './keeper.ts';
import { searchConsoleArea } from './search-console.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

/** @param tables where it keeps what was written, across restarts */
export const startSandbox = async (now: () => Date, tables: Tables): Promise<StandIn> =>
  startStandIn(
    [
      searchConsoleArea({ keeper: tableKeeper(tables, 'search-console') }),
      cruxArea(),
      analyticsArea(),
      await adsArea({ keeper: tableKeeper(tables, 'ads') }),
    ],
    now,
  );
