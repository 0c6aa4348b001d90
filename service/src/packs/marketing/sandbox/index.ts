/** The sandbox: a stand-in for Google with two demo customers. */
import { adsArea } from './ads/index.ts';
import { searchConsoleArea } from './search-console.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

export const startSandbox = async (now: () => Date): Promise<StandIn> =>
  startStandIn([searchConsoleArea(), await adsArea()], now);
