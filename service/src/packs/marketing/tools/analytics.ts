/** The tools of Google Analytics. */
import type { Tool } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { getRealtimeUsers } from './get-realtime-users.ts';
import { listAnalyticsAccounts } from './list-analytics-accounts.ts';
import { listAnalyticsProperties } from './list-analytics-properties.ts';
import { listDataStreams } from './list-data-streams.ts';
import { runAnalyticsReport } from './run-analytics-report.ts';

export const analyticsTools = (world: Marketing): readonly Tool[] => [
  listAnalyticsAccounts(world),
  listAnalyticsProperties(world),
  listDataStreams(world),
  runAnalyticsReport(world),
  getRealtimeUsers(world),
];
