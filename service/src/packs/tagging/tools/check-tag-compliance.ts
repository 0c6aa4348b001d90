import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { type FoundViolation, Severity, ViolationsBy, ViolationTally, violationsOf } from '../reports/breakdown.ts';
import {
  Breakdown,
  MultiAccount,
  multiAccount,
  regionalBreakdown,
  ScanHeader,
  ScoreFields,
  scanHeader,
} from '../reports/report.ts';
import { rankOfViolation, Violation, violationOf } from '../reports/violation.ts';
import { answerOrJob, scanOrJob } from '../scan/answer-scan.ts';
import { extentInput } from '../scan/extent.ts';
import { estimateSampled, SampleOf, sampleInput, sampleQuestion } from '../scan/sample.ts';
import type { Scan } from '../scan/scan.ts';
import { scanSteps } from '../scan/scan-steps.ts';
import { extentOf, scanAmbiguities, type TaggingPack } from '../scan/scan-tool.ts';
import { scoreOf } from '../scan/score.ts';

/** The violations of a scan, counted as they pass by. */
function* counted(scan: Scan, severity: Severity, tally: ViolationTally): Generator<FoundViolation> {
  for (const resource of scan.each())
    for (const finding of violationsOf(resource, severity)) {
      const found = { resource, finding };
      tally.add(found);
      yield found;
    }
}

export const checkTagCompliance = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'check_tag_compliance',
    title: 'Check tag compliance',
    description:
      'Scans resources and judges their tags by the tagging policy: score, violations (dearest first), spend that cannot be attributed, by region and account. Use it for "how compliant are we?".',
    scopes: ['tag:read'],
    input: z.strictObject({
      ...extentInput,
      severity: Severity.default('all').describe('Which violations are listed; the score stays the same'),
      store_snapshot: z.boolean().default(false).describe('Also keep each resource’s tags, for drift'),
      force_refresh: z.boolean().default(false).describe('Read everything again'),
      ...sampleInput,
      ...pageInput,
    }),
    output: answerOrJob({
      ...ScanHeader,
      sample: SampleOf,
      policy_version: z.string(),
      ...ScoreFields,
      total_violations: z.number().describe('Violations that severity asks for, all pages. all: errors and warnings'),
      total_errors: z.number().describe('Those that lower the score, whatever severity says'),
      total_warnings: z.number(),
      violations_by: ViolationsBy.optional().describe('Counts of total_violations; on the first page'),
      violations: z.array(Violation).describe('This page, dearest errors first'),
      next_cursor: NextCursor,
      cost_attribution_gap: z
        .number()
        .nullable()
        .describe('USD in 30 days that no properly tagged resource accounts for; null when some is unknown'),
      unmapped_spend: z.number().nullable().describe('Of the gap, what no resource carries; 0 for types and regions'),
      cost_period: z.object({ start: z.string(), end: z.string().describe('exclusive') }),
      regional_breakdown: Breakdown,
      ...MultiAccount,
      snapshot_stored: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    ...scanSteps(pack, true),
    estimate: (input, context) => estimateSampled(pack, input, true, context),
    ambiguities: async (input, context) => [
      ...(await scanAmbiguities(pack, input)),
      ...(await sampleQuestion(pack, input, context)),
    ],
    run: async (input, context) => {
      const resolved = await extentOf(pack, input, context);
      const { force_refresh: fresh, store_snapshot: store } = input;
      const asked = { input, resolved, costs: true, fresh, snapshot: store, mayBeSample: true };
      const found = await scanOrJob(pack, asked, context);
      if (found.kind === 'running') return found.answer;
      const { scan, cached, cursor } = found;
      // A page read on is of the scan its first page was of: it is not kept twice.
      const first = cursor === undefined;
      const snapshot = store && first && found.job.sample === undefined;
      if (first && (!found.recorded || (snapshot && found.job.scan_job === undefined)))
        await pack.scans.record(scan, { snapshot });
      const tally = new ViolationTally();
      const violations = counted(scan, input.severity, tally);
      const { items, next_cursor } = pageOf(violations, rankOfViolation, violationOf, { limit: input.limit, cursor });
      return {
        ...scanHeader(scan, cached),
        policy_version: scan.policyVersion,
        ...scoreOf(scan.counts),
        total_resources: scan.counts.total,
        compliant_resources: scan.counts.compliant,
        total_violations: tally.total,
        total_errors: scan.errorCount,
        total_warnings: scan.violationCount - scan.errorCount,
        ...(first ? { violations_by: tally.done() } : {}),
        violations: items,
        ...found.goOn(next_cursor),
        ...found.job,
        cost_attribution_gap: scan.gap,
        unmapped_spend: scan.unmappedSpend,
        cost_period: scan.period,
        regional_breakdown: regionalBreakdown(scan),
        ...(resolved.multiAccount ? multiAccount(scan, resolved.accounts, input.severity) : {}),
        snapshot_stored: snapshot,
        untrusted_text: [
          'violations_by.tag',
          'violations[].resource_id',
          'violations[].tag_name',
          'violations[].current_value',
        ],
      };
    },
  });
