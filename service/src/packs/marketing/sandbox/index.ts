/** The sandbox: a stand-in for Google with two demo customers. */
import { searchConsoleArea } from './search-console.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

export const startSandbox = (now: () => Date): Promise<StandIn> => startStandIn([searchConsoleArea()], now);
