import type { Tool } from '../../../mcp/tool.ts';
import type { AlertPack } from '../world.ts';
import { previewRouting } from './preview-routing.ts';
import { setAlertRoute } from './set-alert-route.ts';

export const routeTools = (pack: AlertPack): readonly Tool[] => [previewRouting(pack), setAlertRoute(pack)];
