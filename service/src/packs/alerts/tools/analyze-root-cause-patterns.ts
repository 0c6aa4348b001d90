import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { readAlarms } from '../analysis/read-alarms.ts';
import { type DetailedPattern, rootCauses, usualRootCauses } from '../analysis/root-cause-report.ts';
import { elementTypes } from '../model/element.ts';
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
  shownName,
} from './shared/analysis.ts';

const MOST_SYMPTOMS = 3;

const shownPattern = ({ key: _key, name, symptoms, sites, ...pattern }: DetailedPattern) => ({
  name: shownName(name),
  ...pattern,
  symptoms: symptoms.slice(0, MOST_SYMPTOMS).map((each) => ({ ...each, name: shownName(each.name) })),
  sites: sites.slice(0, MOST_SYMPTOMS).map((each) => ({ ...each, name: clean(each.name) })),
});

const patternColumns = columnsNamed<DetailedPattern>(
  'name',
  'element_type',
  'score',
  'clusters',
  'coverage',
  'impact',
  'order_ok',
  'mean_severity_score',
  'last_at',
);

export const analyzeRootCausePatterns = (pack: AlertPack): Query =>
  defineQuery({
    name: 'analyze_root_cause_patterns',
    title: 'Rank root causes',
    description:
      'Ranks what clusters of alarms begin with, by causal order power, transmission, core, cell. Each pattern with how many clusters it explains and how often its time agrees.',
    input: z.strictObject({
      focus_element_types: z
        .array(z.enum(elementTypes))
        .max(elementTypes.length)
        .default([])
        .describe('Only roots of these; symptoms stay. Empty: all'),
      min_severity_score: z
        .number()
        .min(0)
        .max(1)
        .default(usualRootCauses.minSeverityScore)
        .describe('Severity / 5 of the alarms that count'),
      ...analysisInput,
    }),
    output: z.object({
      ...AnalysisHeader,
      alarms: z.int().describe('Severe enough'),
      alarms_without_site: z.int(),
      clusters: z.int().describe('Significant ones'),
      patterns_total: z.int(),
      patterns: AnalysisRows.describe('score 0 to 100; order_ok: share with no symptom long before'),
      rest: RestOfRows,
      untrusted_text: UntrustedText,
    }),
    ...readsAnalyses,
    accounts: noAccounts,
    run: async (input, context) => {
      const window = askedWindow(pack, input);
      const { columns, withoutSite } = await readAlarms(pack.events, window, context);
      const asked = { focus: input.focus_element_types, minSeverityScore: input.min_severity_score };
      const { alarms, clusters, patterns } = await rootCauses(columns, asked, context.signal);
      const shown = fitting(patterns.slice(0, DEFAULT_ROWS).map(shownPattern), charactersFor(DEFAULT_ROWS));
      const file = { name: 'root-causes', asked, window, columns: patternColumns, rows: patterns };
      return {
        ...analysisHeader(window),
        alarms,
        alarms_without_site: withoutSite,
        clusters,
        patterns_total: patterns.length,
        patterns: shown,
        ...(await restOfRows(pack, file, shown.length)),
        untrusted_text: ['patterns[].name', 'patterns[].symptoms[].name', 'patterns[].sites[].name'],
      };
    },
  });
