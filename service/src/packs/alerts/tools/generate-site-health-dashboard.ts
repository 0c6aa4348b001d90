import { z } from 'zod';
import { charactersFor, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { networkHealth } from '../analysis/network-health.ts';
import type { SiteNow } from '../analysis/site-now.ts';
import { analysisSources } from '../analysis/sources.ts';
import type { AlertPack } from '../world.ts';
import {
  AnalysisFigures,
  AnalysisHeader,
  AnalysisRows,
  analysisHeader,
  analysisInput,
  askedWindow,
  columnsNamed,
  RestOfRows,
  readsAnalyses,
  restOfRows,
} from './shared/analysis.ts';

const siteColumns = columnsNamed<SiteNow>(
  'site_code',
  'status',
  'confidence',
  'health',
  'open_alerts',
  'open_critical',
  'clusters_24h',
  'alarms',
);

export const generateSiteHealthDashboard = (pack: AlertPack): Query =>
  defineQuery({
    name: 'generate_site_health_dashboard',
    title: 'Show the health of the network',
    description: 'How the whole network is: sites by status, mean health, and the worst sites with what is open there.',
    input: z.strictObject({
      worst_n: z.int().min(1).max(200).default(10).describe('Worst sites to show'),
      ...analysisInput,
    }),
    output: z.object({
      ...AnalysisHeader,
      sites: z.int(),
      by_status: AnalysisFigures,
      mean_health: z.number().nullable(),
      alarms: z.int(),
      alarms_without_site: z.int().describe('In none of the figures of sites'),
      worst: AnalysisRows,
      rest: RestOfRows,
      untrusted_text: UntrustedText,
    }),
    ...readsAnalyses,
    accounts: noAccounts,
    run: async (input, context) => {
      const window = askedWindow(pack, input);
      const { sites, ...network } = await networkHealth(analysisSources(pack), window, context);
      const rows = sites
        .slice(0, input.worst_n)
        .map(({ data: _data, ...site }) => ({ ...site, site_code: clean(site.site_code) }));
      const worst = fitting(rows, charactersFor(input.worst_n));
      const file = { name: 'site-health', asked: 'network', window, columns: siteColumns, rows: sites };
      return {
        ...analysisHeader(window),
        sites: sites.length,
        ...network,
        worst,
        ...(await restOfRows(pack, file, worst.length)),
        untrusted_text: ['worst[].site_code'],
      };
    },
  });
