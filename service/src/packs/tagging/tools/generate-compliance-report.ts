import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { severities, violationTypes } from '../policy/violations.ts';
import { type Recommendation, recommendations } from '../reports/recommendations.ts';
import { MultiAccount, multiAccount, ScanHeader, ScoreFields, scanHeader } from '../reports/report.ts';
import { type ReportContent, reportCsv, reportMarkdown } from '../reports/report-files.ts';
import { byCost, byCount, summarizeViolations, type ViolationGroup } from '../reports/violation-groups.ts';
import { answerOrJob, scanOrJob } from '../scan/answer-scan.ts';
import { extentInput } from '../scan/extent.ts';
import type { Scan } from '../scan/scan.ts';
import { scanSteps } from '../scan/scan-steps.ts';
import { extentOf, type TaggingPack } from '../scan/scan-tool.ts';
import { scoreOf } from '../scan/score.ts';

const MOST_GROUPS = 10;

const Group = z.object({
  tag_name: z.string(),
  violation_type: z.enum(violationTypes),
  severity: z.enum(severities),
  resources: z.number(),
  cost_monthly: z.number(),
});

const groupOf = (group: ViolationGroup): z.input<typeof Group> => ({
  tag_name: clean(group.tagName),
  violation_type: group.violationType,
  severity: group.severity,
  resources: group.resources,
  cost_monthly: group.usd,
});

const Advice = z.object({
  action: z.string(),
  resources: z.number(),
  projected_score: z.number().nullable(),
  cost_monthly: z.number(),
});

const adviceOf = (each: Recommendation): z.input<typeof Advice> => ({
  action: each.action,
  resources: each.resources,
  projected_score: each.projectedScore,
  cost_monthly: each.usd,
});

const contentOf = (scan: Scan, advise: boolean): ReportContent => {
  const { groups, nonCompliantUsd } = summarizeViolations(scan.each());
  return {
    timestamp: scan.timestamp,
    policyVersion: scan.policyVersion,
    quality: scan.quality,
    score: scoreOf(scan.counts).compliance_score,
    counts: scan.counts,
    violations: scan.violationCount,
    gap: scan.gap,
    nonCompliantUsd: scan.costQuality === 'complete' ? nonCompliantUsd : null,
    byCount: byCount(groups).slice(0, MOST_GROUPS),
    byCost: byCost(groups).slice(0, MOST_GROUPS),
    recommendations: advise ? recommendations(groups, scan.counts) : undefined,
  };
};

const told = async (content: ReportContent, format: 'json' | 'csv' | 'markdown') => {
  if (format === 'csv') return { content: await reportCsv(content) };
  if (format === 'markdown') return { content: reportMarkdown(content) };
  return {
    top_violations_by_count: content.byCount.map(groupOf),
    top_violations_by_cost: content.byCost.map(groupOf),
    ...(content.recommendations === undefined ? {} : { recommendations: content.recommendations.map(adviceOf) }),
  };
};

export const generateComplianceReport = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'generate_compliance_report',
    title: 'Write a compliance report',
    description:
      'A report for people as JSON, CSV or Markdown: score, what is wrong most often, what costs most (groups overlap), what to do first.',
    scopes: ['tag:read'],
    input: z.strictObject({
      ...extentInput,
      format: z.enum(['json', 'csv', 'markdown']).default('json').describe('How to tell it'),
      include_recommendations: z.boolean().default(true).describe('What to do first'),
      cursor: z.string().max(3000).optional().describe('next_cursor of a scan that still runs'),
    }),
    output: answerOrJob({
      ...ScanHeader,
      format: z.enum(['json', 'csv', 'markdown']),
      policy_version: z.string(),
      ...ScoreFields,
      total_violations: z.number(),
      cost_attribution_gap: z.number().nullable(),
      non_compliant_cost_monthly: z.number().nullable(),
      top_violations_by_count: z.array(Group).optional(),
      top_violations_by_cost: z.array(Group).optional(),
      recommendations: z.array(Advice).optional(),
      content: z.string().optional(),
      ...MultiAccount,
      next_cursor: z.string().optional(),
      untrusted_text: UntrustedText,
    }),
    ...scanSteps(pack, true),
    run: async (input, context) => {
      const resolved = await extentOf(pack, input, context);
      const found = await scanOrJob(pack, { input, resolved, costs: true, fresh: false, snapshot: false }, context);
      if (found.kind === 'running') return found.answer;
      const { scan, cached } = found;
      if (!found.recorded) await pack.scans.record(scan, { snapshot: false });
      const content = contentOf(scan, input.include_recommendations);
      return {
        ...scanHeader(scan, cached),
        format: input.format,
        policy_version: scan.policyVersion,
        ...scoreOf(scan.counts),
        total_resources: scan.counts.total,
        compliant_resources: scan.counts.compliant,
        total_violations: scan.violationCount,
        cost_attribution_gap: scan.gap,
        non_compliant_cost_monthly: content.nonCompliantUsd,
        ...(await told(content, input.format)),
        ...(resolved.multiAccount ? multiAccount(scan, resolved.accounts, 'all') : {}),
        ...found.job,
        untrusted_text: [
          'top_violations_by_count[].tag_name',
          'top_violations_by_cost[].tag_name',
          'recommendations[].action',
          'content',
        ],
      };
    },
  });
