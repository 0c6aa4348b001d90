/** The tools of the Chrome UX Report. */
import type { Tool } from '../../../mcp/tool.ts';
import type { Marketing } from '../world.ts';
import { compareCwvFormFactors } from './compare-cwv-form-factors.ts';
import { getCoreWebVitalsOrigin } from './get-core-web-vitals-origin.ts';
import { getCoreWebVitalsUrl } from './get-core-web-vitals-url.ts';
import { getCwvHistoryOrigin } from './get-cwv-history-origin.ts';
import { getCwvHistoryUrl } from './get-cwv-history-url.ts';

export const cruxTools = (world: Marketing): readonly Tool[] => [
  getCoreWebVitalsOrigin(world),
  getCoreWebVitalsUrl(world),
  getCwvHistoryOrigin(world),
  getCwvHistoryUrl(world),
  compareCwvFormFactors(world),
];
