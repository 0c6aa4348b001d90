/** The tools that look after alerts. */
import type { Tool } from '../../../mcp/tool.ts';
import type { AlertPack } from '../world.ts';
import { acknowledgeAlert } from './acknowledge-alert.ts';
import { addAlertNote } from './add-alert-note.ts';
import { getAlert } from './get-alert.ts';
import { getAlertStats } from './get-alert-stats.ts';
import { listAlerts } from './list-alerts.ts';
import { resolveAlert } from './resolve-alert.ts';

export const alertTools = (pack: AlertPack): readonly Tool[] =>
  [listAlerts, getAlert, getAlertStats, acknowledgeAlert, resolveAlert, addAlertNote].map((tool) => tool(pack));
