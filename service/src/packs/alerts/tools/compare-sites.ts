import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { SiteSimilarity } from '../analysis/comparison.ts';
import { type ComparedReports, compareReports, type SiteReport, siteReports } from '../analysis/site-reports.ts';
import { analysisSources } from '../analysis/sources.ts';
import type { AlertPack } from '../world.ts';
import {
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
} from './shared/analysis.ts';

/** Outliers and pairs of one answer, beside twenty sites. */
const MOST_ROWS = 10;

const similarityColumns = columnsNamed<SiteSimilarity>('site_a', 'site_b', 'jaccard', 'shared_names');

const shownSite = (
  { z: scores }: ComparedReports,
  { site_code, data, status, health, alarms, metrics }: SiteReport,
) => ({
  site_code,
  data,
  status,
  health,
  alarms,
  alarms_per_day: metrics?.alarms_per_day ?? null,
  mean_severity_score: metrics?.mean_severity_score ?? null,
  mttr_min: metrics?.mttr_min ?? null,
  mtbe_min: metrics?.mtbe_min ?? null,
  availability: metrics?.availability ?? null,
  noise_ratio: metrics?.noise_ratio ?? null,
  z: scores.get(site_code) ?? {},
});

export const compareSites = (pack: AlertPack): Query =>
  defineQuery({
    name: 'compare_sites',
    title: 'Compare sites',
    description:
      'Puts 2 to 20 sites side by side, the worst health first: their metrics, how far each lies from the others, and which have the same alarms.',
    input: z.strictObject({
      site_codes: z
        .array(SiteCode)
        .min(2)
        .max(20)
        .refine((codes) => new Set(codes).size === codes.length, 'must name each site once')
        .describe('Each once'),
      ...analysisInput,
    }),
    output: z.object({
      ...AnalysisHeader,
      sites: AnalysisRows.describe('z: deviations from the mean'),
      outliers: AnalysisRows,
      outliers_total: z.int(),
      similarity: AnalysisRows.describe('Jaccard of alarm names, the most alike first'),
      rest: RestOfRows,
      untrusted_text: UntrustedText,
    }),
    ...readsAnalyses,
    accounts: noAccounts,
    run: async (input, context) => {
      const window = askedWindow(pack, input);
      const reports = await siteReports(analysisSources(pack), input.site_codes, window, context);
      const compared = compareReports(reports);
      const similarity = compared.similarity.slice(0, MOST_ROWS);
      const rows = { columns: similarityColumns, rows: compared.similarity };
      const file = { name: 'similar-sites', asked: input.site_codes, window, ...rows };
      return {
        ...analysisHeader(window),
        sites: compared.sites.map((site) => shownSite(compared, site)),
        outliers: compared.outliers.slice(0, MOST_ROWS).map((outlier) => ({ ...outlier })),
        outliers_total: compared.outliers.length,
        similarity: similarity.map((pair) => ({ ...pair })),
        ...(await restOfRows(pack, file, similarity.length)),
        untrusted_text: [],
      };
    },
  });
