/** The five analyses. */
import type { Query } from '../../../mcp/tool.ts';
import type { AlertPack } from '../world.ts';
import { analyzeAlarmCorrelations } from './analyze-alarm-correlations.ts';
import { analyzeRootCausePatterns } from './analyze-root-cause-patterns.ts';
import { analyzeSitePatterns } from './analyze-site-patterns.ts';
import { compareSites } from './compare-sites.ts';
import { generateSiteHealthDashboard } from './generate-site-health-dashboard.ts';

export const analyses = (pack: AlertPack): readonly Query[] => [
  analyzeSitePatterns(pack),
  compareSites(pack),
  generateSiteHealthDashboard(pack),
  analyzeAlarmCorrelations(pack),
  analyzeRootCausePatterns(pack),
];
