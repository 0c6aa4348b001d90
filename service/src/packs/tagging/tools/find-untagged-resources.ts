import { z } from 'zod';
import { NextCursor, pageInput, pageOf, type Rank } from '../../../mcp/paging.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { cents } from '../cost/allocation.ts';
import { CostSourceField, MultiAccount, multiAccount, ScanHeader, scanHeader } from '../reports/report.ts';
import { shownTags, TagsNotShown } from '../reports/shown-tags.ts';
import { answerOrJob, scanOrJob } from '../scan/answer-scan.ts';
import { extentInput } from '../scan/extent.ts';
import type { JudgedResource } from '../scan/judged.ts';
import { estimateSampled, SampleOf, sampleInput, sampleQuestion } from '../scan/sample.ts';
import type { Scan } from '../scan/scan.ts';
import { scanRegrets } from '../scan/scan-regrets.ts';
import { scanSteps } from '../scan/scan-steps.ts';
import { extentOf, scanAmbiguities, type TaggingPack } from '../scan/scan-tool.ts';

const MAX_COST = 1_000_000;
const DAY = 86_400_000;

const UntaggedResource = z.object({
  arn: z.string(),
  resource_type: z.string(),
  account_id: z.string(),
  region: z.string(),
  state: z.string(),
  current_tags: z.record(z.string(), z.string()),
  tags_not_shown: TagsNotShown,
  missing_required_tags: z.array(z.string()),
  age_days: z.number().nullable().describe('null: the service does not tell when it was made'),
  monthly_cost_estimate: z.number().nullable().describe('USD in 30 days; null: unknown or not asked for'),
  cost_source: CostSourceField,
});

const missingOf = (resource: JudgedResource): string[] =>
  resource.errors.filter((each) => each.violationType === 'missing_required_tag').map((each) => each.tagName);

const rankOf = (resource: JudgedResource): Rank => [-Math.round((resource.cost?.usd ?? 0) * 100), resource.arn];

const age = (createdAt: string | null, scannedAt: string): number | null =>
  createdAt === null ? null : Math.max(0, Math.floor((Date.parse(scannedAt) - Date.parse(createdAt)) / DAY));

const byArn = (resource: JudgedResource): Rank => [resource.arn];

const currentTags = ({ tags }: JudgedResource) => {
  const { shown, leftOut } = shownTags(tags);
  return { current_tags: shown, ...(leftOut > 0 ? { tags_not_shown: leftOut } : {}) };
};

const entryOf = (each: JudgedResource, scannedAt: string, costs: boolean): z.input<typeof UntaggedResource> => ({
  arn: clean(each.arn, 1100),
  resource_type: each.type,
  account_id: each.accountId,
  region: each.region,
  state: clean(each.state),
  ...currentTags(each),
  missing_required_tags: missingOf(each),
  age_days: age(each.createdAt, scannedAt),
  monthly_cost_estimate: costs && each.cost !== null ? cents(each.cost.usd) : null,
  cost_source: costs ? (each.cost?.source ?? null) : null,
});

interface UntaggedTally {
  found: number;
  bare: number;
  /** Left out because their cost is not known. */
  unknown: number;
  /** Those found whose cost is known, and its sum. */
  known: number;
  usd: number;
}

/** Untagged resources above a threshold, counted as they pass by. */
function* untagged(scan: Scan, threshold: number | undefined, tally: UntaggedTally): Generator<JudgedResource> {
  for (const each of scan.each()) {
    if (missingOf(each).length === 0) continue;
    if (threshold !== undefined && each.cost === null) tally.unknown += 1;
    if (threshold !== undefined && (each.cost === null || each.cost.usd < threshold)) continue;
    tally.found += 1;
    if (Object.keys(each.tags).length === 0) tally.bare += 1;
    if (each.cost !== null) tally.known += 1;
    tally.usd += each.cost?.usd ?? 0;
    yield each;
  }
}

export const findUntaggedResources = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'find_untagged_resources',
    title: 'Find untagged resources',
    description:
      'Lists resources that lack at least one required tag, with what they carry and lack, their age and, if asked, what they cost (dearest first).',
    scopes: ['tag:read'],
    input: z.strictObject({
      ...extentInput,
      include_costs: z.boolean().default(false).describe('Also say what each costs; metered on AWS'),
      min_cost_threshold: z
        .number()
        .min(0)
        .max(MAX_COST)
        .optional()
        .describe('Least USD in 30 days, where known. Implies include_costs'),
      ...sampleInput,
      ...pageInput,
    }),
    output: answerOrJob({
      ...ScanHeader,
      sample: SampleOf,
      total_untagged: z.number().describe('All that were found, not only this page'),
      without_any_tag: z.number().describe('Those of them that carry no tag at all'),
      unknown_cost: z.number().describe('Left out by min_cost_threshold because their cost is not known'),
      resources: z.array(UntaggedResource),
      next_cursor: NextCursor,
      total_monthly_cost: z.number().nullable().describe('USD of those with a known cost; null when costs are unknown'),
      ...MultiAccount,
      untrusted_text: UntrustedText,
    }),
    ...scanSteps(pack, false),
    regrets: (input) => scanRegrets(pack, input, input.include_costs || input.min_cost_threshold !== undefined),
    estimate: (input, context) =>
      estimateSampled(pack, input, input.include_costs || input.min_cost_threshold !== undefined, context),
    ambiguities: async (input, context) => [
      ...(await scanAmbiguities(pack, input)),
      ...(await sampleQuestion(pack, input, context)),
    ],
    run: async (input, context) => {
      const resolved = await extentOf(pack, input, context);
      const threshold = input.min_cost_threshold;
      const costs = input.include_costs || threshold !== undefined;
      const asked = { input, resolved, costs, fresh: false, snapshot: false, mayBeSample: true };
      const answer = await scanOrJob(pack, asked, context);
      if (answer.kind === 'running') return answer.answer;
      const { scan, cached, cursor } = answer;
      const tally: UntaggedTally = { found: 0, bare: 0, unknown: 0, known: 0, usd: 0 };
      const { items, next_cursor } = pageOf(
        untagged(scan, threshold, tally),
        costs ? rankOf : byArn,
        (each) => entryOf(each, scan.timestamp, costs),
        { limit: input.limit, cursor },
      );
      const isCostKnown = costs && (tally.known > 0 || tally.found === 0);
      return {
        ...scanHeader(scan, cached),
        total_untagged: tally.found,
        without_any_tag: tally.bare,
        unknown_cost: tally.unknown,
        resources: items,
        ...answer.goOn(next_cursor),
        ...answer.job,
        total_monthly_cost: isCostKnown ? cents(tally.usd) : null,
        ...(resolved.multiAccount ? multiAccount(scan, resolved.accounts, 'all') : {}),
        untrusted_text: ['resources[].arn', 'resources[].state', 'resources[].current_tags'],
      };
    },
  });
