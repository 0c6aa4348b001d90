import { z } from 'zod';
import { fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import {
  type Correlations,
  correlate,
  correlationMethods,
  knownSites,
  usualThresholds,
} from '../analysis/correlations.ts';
import { shownRatio } from '../analysis/figures.ts';
import type { FoundPairs, ItemPair } from '../analysis/pair-search.ts';
import { readAlarms } from '../analysis/read-alarms.ts';
import type { AlertPack } from '../world.ts';
import {
  AnalysisFigures,
  AnalysisHeader,
  analysisHeader,
  analysisInput,
  askedWindow,
  columnsNamed,
  RestOfRows,
  readsAnalyses,
  restOfRows,
  shownName,
} from './shared/analysis.ts';

const share = z.number().min(0).max(1);
/** Of each list, beside three others. */
const MOST_ROWS = 10;
const MOST_CHARACTERS = 2500;
const MOST_SITES = 20;

const fitted = <Row>(rows: readonly Row[]): Row[] => fitting(rows.slice(0, MOST_ROWS), MOST_CHARACTERS);

const shownPair = (pair: ItemPair) => ({
  a: shownName(pair.key_a),
  b: shownName(pair.key_b),
  n_a: pair.a,
  n_b: pair.b,
  n_ab: pair.both,
  support: shownRatio(pair.support),
  p_b_given_a: shownRatio(pair.b_given_a),
  p_a_given_b: shownRatio(pair.a_given_b),
  lift: shownRatio(pair.lift),
  jaccard: shownRatio(pair.jaccard),
  phi: pair.phi === null ? null : shownRatio(pair.phi),
});

const withOrder = (pair: ItemPair) => ({
  ...shownPair(pair),
  lead: shownRatio(pair.lead),
  median_lag_s: shownRatio(pair.median_lag_s),
});

const shownPairs = <Shown>({ pairs, total, truncated }: FoundPairs, show: (pair: ItemPair) => Shown) => ({
  pairs_total: total,
  truncated,
  pairs: fitted(pairs.slice(0, MOST_ROWS).map(show)),
});

const shownGroup = (sites: readonly string[]) => ({
  size: sites.length,
  sites: sites.slice(0, MOST_SITES).map((site) => clean(site)),
});

const shownCorrelations = ({ temporal, spatial, causal, frequency }: Correlations) => ({
  ...(temporal && { temporal: { transactions: temporal.clusters, ...shownPairs(temporal, withOrder) } }),
  ...(spatial && {
    spatial: {
      transactions: spatial.buckets,
      ...shownPairs(spatial, shownPair),
      groups_total: spatial.groups.length,
      groups: fitted(spatial.groups.slice(0, MOST_ROWS).map(shownGroup)),
    },
  }),
  ...(causal && { causal: { transactions: causal.clusters, edges: [...causal.edges] } }),
  ...(frequency && {
    frequency: {
      sites: frequency.sites,
      mean: frequency.mean,
      deviation: frequency.deviation,
      outliers_total: frequency.outliers.length,
      outliers: frequency.outliers.slice(0, MOST_ROWS).map((site) => ({ ...site, site_code: clean(site.site_code) })),
    },
  }),
});

type PairRow = ReturnType<typeof withOrder> & { readonly method: string };

const pairColumns = columnsNamed<PairRow>(
  ...(['method', 'a', 'b', 'n_a', 'n_b', 'n_ab', 'support', 'p_b_given_a', 'p_a_given_b', 'lift'] as const),
  ...(['jaccard', 'phi', 'lead', 'median_lag_s'] as const),
);

const rowsOf = (method: string, found: FoundPairs | undefined): PairRow[] =>
  (found?.pairs ?? []).map((pair) => ({ method, ...withOrder(pair) }));

export const analyzeAlarmCorrelations = (pack: AlertPack): Query =>
  defineQuery({
    name: 'analyze_alarm_correlations',
    title: 'Find what alarms belong together',
    description:
      'Which alarms come in the same clusters (temporal), which sites fail together (spatial), which elements fail before others (causal), and sites with far more alarms (frequency).',
    input: z.strictObject({
      methods: z.array(z.enum(correlationMethods)).min(1).max(4).optional().describe('Left out: all'),
      min_support: share
        .default(usualThresholds.minSupport)
        .describe('Share of the transactions with both; 3 at least'),
      min_lift: z.number().min(0).default(usualThresholds.minLift).describe('1: no more than by chance'),
      min_confidence: share.default(usualThresholds.minConfidence).describe('Of the larger of P(B|A) and P(A|B)'),
      ...analysisInput,
    }),
    output: z.object({
      ...AnalysisHeader,
      alarms: z.int(),
      alarms_without_site: z.int(),
      temporal: AnalysisFigures.optional().describe('pairs. lead: share in which a came first'),
      spatial: AnalysisFigures.optional().describe('pairs, groups'),
      causal: AnalysisFigures.optional().describe('edges'),
      frequency: AnalysisFigures.optional().describe('outliers'),
      rest: RestOfRows,
      untrusted_text: UntrustedText,
    }),
    ...readsAnalyses,
    accounts: noAccounts,
    run: async (input, context) => {
      const window = askedWindow(pack, input);
      const { columns, withoutSite } = await readAlarms(pack.events, window, context);
      const { min_support: minSupport, min_lift: minLift, min_confidence: minConfidence } = input;
      const methods = input.methods ?? correlationMethods;
      const asked = { methods, minSupport, minLift, minConfidence };
      const known = await knownSites(pack);
      const found = await correlate(columns, { ...asked, knownSites: known }, window, context.signal);
      const shown = shownCorrelations(found);
      const rows = [...rowsOf('temporal', found.temporal), ...rowsOf('spatial', found.spatial)];
      const file = { name: 'correlations', asked, window, columns: pairColumns, rows };
      const shownRows = (shown.temporal?.pairs.length ?? 0) + (shown.spatial?.pairs.length ?? 0);
      return {
        ...analysisHeader(window),
        alarms: columns.size,
        alarms_without_site: withoutSite,
        ...shown,
        ...(await restOfRows(pack, file, shownRows)),
        untrusted_text: [
          'temporal.pairs[].a',
          'temporal.pairs[].b',
          'spatial.pairs[].a',
          'spatial.pairs[].b',
          'spatial.groups[].sites',
          'frequency.outliers[].site_code',
        ],
      };
    },
  });
