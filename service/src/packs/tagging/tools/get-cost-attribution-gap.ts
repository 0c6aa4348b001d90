import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { daysOf, incompleteFrom } from '../cost/costs.ts';
import { gapGroups } from '../cost/gap-breakdown.ts';
import { periodOf, periodQuestion, TimePeriod } from '../cost/time-period.ts';
import { GapBreakdown, GapTotals, gapTotals, shownBreakdown } from '../reports/gap-report.ts';
import { MultiAccount, multiAccount, ScanHeader, scanHeader } from '../reports/report.ts';
import { answerOrJob, scanOrJob } from '../scan/answer-scan.ts';
import { extentInput } from '../scan/extent.ts';
import { scanSteps } from '../scan/scan-steps.ts';
import { completeScan, estimateScan, extentOf, scanAmbiguities, type TaggingPack } from '../scan/scan-tool.ts';

export const getCostAttributionGap = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'get_cost_attribution_gap',
    title: 'Tell the cost attribution gap',
    description:
      'How much spend no properly tagged resource accounts for, over any days of the last year, by type, region, account or service. Use it for "what do missing tags cost us?".',
    scopes: ['tag:read'],
    input: z.strictObject({
      ...extentInput,
      time_period: TimePeriod.optional().describe('Dates; End is exclusive. At most 365 days. Left out: the last 30'),
      group_by: z.enum(gapGroups).optional().describe('Parts to tell as breakdown'),
      cursor: z.string().max(3000).optional().describe('next_cursor of a scan that still runs'),
    }),
    output: answerOrJob({
      ...ScanHeader,
      time_period: TimePeriod,
      ...GapTotals,
      breakdown: GapBreakdown.optional().describe('Greatest gaps first; by type and region without unmapped_spend'),
      costs_incomplete_from: z.string().nullable().describe('Costs are known up to 48 hours later'),
      costs_estimated: z.boolean(),
      ...MultiAccount,
      next_cursor: z.string().optional(),
      untrusted_text: UntrustedText,
    }),
    ...scanSteps(pack, true),
    estimate: async (input) => {
      const period = periodOf(input.time_period, pack.now());
      return { ...(await estimateScan(pack, input, true, period)), days: daysOf(period) };
    },
    ambiguities: async (input) => {
      const { resources } = await estimateScan(pack, input, true);
      return [
        ...(await scanAmbiguities(pack, input)),
        ...(input.time_period === undefined ? [periodQuestion(pack.now(), resources)] : []),
      ];
    },
    complete: (argument, typed) =>
      argument === 'group_by'
        ? Promise.resolve(gapGroups.filter((group) => group.startsWith(typed)))
        : completeScan(pack, argument, typed),
    run: async (input, context) => {
      const period = periodOf(input.time_period, pack.now());
      const resolved = await extentOf(pack, input, context);
      if (input.time_period === undefined)
        context.assume({
          parameter: 'time_period',
          assumed: { Start: period.start, End: period.end },
          because: 'it was left out, and scans tell costs of the last 30 days',
        });
      const asked = { input, resolved, costs: true, fresh: false, snapshot: false, period };
      const found = await scanOrJob(pack, asked, context);
      if (found.kind === 'running') return found.answer;
      const { scan, cached } = found;
      return {
        ...scanHeader(scan, cached),
        time_period: { Start: scan.period.start, End: scan.period.end },
        ...gapTotals(scan),
        ...(input.group_by === undefined ? {} : { breakdown: shownBreakdown(scan, input.group_by) }),
        costs_incomplete_from: incompleteFrom(scan.period, pack.now()) ?? null,
        costs_estimated: scan.costsEstimated,
        ...(resolved.multiAccount ? multiAccount(scan, resolved.accounts, 'all') : {}),
        ...found.job,
        untrusted_text: ['breakdown', 'unattributable_services[].service'],
      };
    },
  });
