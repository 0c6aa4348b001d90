import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { ShownCluster } from '../analysis/clusters.ts';
import type { SiteMetrics } from '../analysis/site-metrics.ts';
import { siteReports } from '../analysis/site-reports.ts';
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
  SiteCode,
  shownName,
} from './shared/analysis.ts';

const MOST_FLAPPING = 10;

const shownMetrics = (metrics: SiteMetrics | null) =>
  metrics === null
    ? null
    : {
        ...metrics,
        flapping_names: metrics.flapping.length,
        flapping: metrics.flapping
          .slice(0, MOST_FLAPPING)
          .map(({ name, raises_in_hour }) => ({ name: shownName(name), raises_in_hour })),
      };

const clusterColumns = columnsNamed<ShownCluster>(
  'started_at',
  'ended_at',
  'alarms',
  'max_severity',
  'significant',
  'chained',
);

export const analyzeSitePatterns = (pack: AlertPack): Query =>
  defineQuery({
    name: 'analyze_site_patterns',
    title: 'Analyze a site',
    description:
      'How one site is (status, confidence, health) and what happened there: clusters of alarms, repair times, availability, noise, flapping.',
    input: z.strictObject({ site_code: SiteCode.describe('Such as CZA0021'), ...analysisInput }),
    output: z.object({
      ...AnalysisHeader,
      site_code: z.string(),
      data: z.string().describe('none: nothing was ever heard of this site'),
      status: z.string().nullable(),
      confidence: z.number().nullable(),
      health: z.number().nullable().describe('0 to 100'),
      open_alerts: z.int(),
      open_critical: z.int(),
      clusters_24h: z.int(),
      alarms: z.int(),
      metrics: AnalysisFigures.nullable(),
      clusters_total: z.int(),
      clusters_significant: z.int(),
      clusters: AnalysisRows.describe('The newest first'),
      rest: RestOfRows,
      untrusted_text: UntrustedText,
    }),
    ...readsAnalyses,
    accounts: noAccounts,
    run: async (input, context) => {
      const window = askedWindow(pack, input);
      const [report] = await siteReports(analysisSources(pack), [input.site_code], window, context);
      if (report === undefined) throw new Error('a site that was asked for has no report');
      const { names: _names, metrics, clusters, ...site } = report;
      const rows = clusters.slice(0, DEFAULT_ROWS).map(({ site_code: _site, ...cluster }) => cluster);
      const shown = fitting(rows, charactersFor(DEFAULT_ROWS));
      const file = { name: 'clusters', asked: input.site_code, window, columns: clusterColumns, rows: clusters };
      return {
        ...analysisHeader(window),
        ...site,
        metrics: shownMetrics(metrics),
        clusters_total: clusters.length,
        clusters_significant: clusters.filter(({ significant }) => significant).length,
        clusters: shown,
        ...(await restOfRows(pack, file, shown.length)),
        untrusted_text: ['metrics.flapping[].name'],
      };
    },
  });
