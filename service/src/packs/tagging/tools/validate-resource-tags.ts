import { z } from 'zod';
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { accountsOf } from '../changes/targets.ts';
import { isOldServiceArn, MAX_ARN_LENGTH, parseArn } from '../estate/arn.ts';
import { type Failure, isFailure, type Resource } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { remedies } from '../policy/tag-rules.ts';
import { shownTags, TagsNotShown } from '../reports/shown-tags.ts';
import { Finding, findingOf } from '../reports/violation.ts';
import { judge } from '../scan/judged.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';

const MAX_ARNS = 100;
const ARNS_PER_CALL = 20;

const statuses = ['ok', 'not_found', 'unsupported', 'error'] as const;

/** Types that a reason names are as many as are enabled. */
const MOST_REASON = 300;

const Validated = z.object({
  resource_arn: z.string(),
  status: z
    .enum(statuses)
    .describe('not_found: it does not exist. unsupported: not read by this service. error: it could not be read'),
  is_compliant: z.boolean().nullable().describe('null: not known, or the policy asks nothing of this type'),
  violations: z.array(Finding),
  current_tags: z.record(z.string(), z.string()).nullable(),
  tags_not_shown: TagsNotShown,
  reason: z.string().optional().describe('Why it is not known'),
});
type Validated = z.input<typeof Validated>;

interface Where {
  readonly regions: readonly string[];
  readonly types: readonly TaggableType[];
  readonly policy: LoadedPolicy;
}

const unknown = (arn: string, status: (typeof statuses)[number], reason?: string): Validated => ({
  resource_arn: clean(arn, MAX_ARN_LENGTH),
  status,
  is_compliant: null,
  violations: [],
  current_tags: null,
  ...(reason === undefined ? {} : { reason: clean(reason, MOST_REASON) }),
});

/** Why an ARN is not read; undefined for one that is. */
const unsupported = (text: string, { regions, types }: Where): string | undefined => {
  const arn = parseArn(text);
  if (arn === undefined) return 'It is no ARN of a resource type that a tagging policy can name.';
  if (!types.some((type) => type === arn.type)) return `${arn.type} is not enabled here. Enabled: ${types.join(', ')}.`;
  if (arn.region !== '' && !regions.includes(arn.region))
    return `The region ${arn.region} is not enabled here. Enabled: ${regions.join(', ')}.`;
  return isOldServiceArn(arn) ? remedies.old_arn_format : undefined;
};

const judged = (arn: string, resource: Resource, { policy }: Where): Validated => {
  // Named one by one, types that cost nothing count too.
  const { judged: counts, errors, warnings } = judge(resource, null, policy, new Set([resource.type]));
  const findings = [...errors, ...warnings];
  const { shown, leftOut } = shownTags(
    resource.tags,
    findings.map((finding) => finding.tagName),
  );
  return {
    resource_arn: clean(arn, MAX_ARN_LENGTH),
    status: 'ok',
    is_compliant: counts ? errors.length === 0 : null,
    violations: findings.map(findingOf),
    current_tags: shown,
    ...(leftOut > 0 ? { tags_not_shown: leftOut } : {}),
    ...(counts ? {} : { reason: `The policy asks no tags of ${resource.type}.` }),
  };
};

const answerOf = (arn: string, found: ReadonlyMap<string, Resource | Failure>, where: Where): Validated => {
  const reason = unsupported(arn, where);
  if (reason !== undefined) return unknown(arn, 'unsupported', reason);
  const read = found.get(arn);
  if (read === undefined) return unknown(arn, 'not_found');
  return isFailure(read) ? unknown(arn, 'error', read.message) : judged(arn, read, where);
};

export const validateResourceTags = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'validate_resource_tags',
    title: 'Validate the tags of resources',
    description:
      'Reads up to 100 resources by ARN and judges their tags by the policy, each on its own. To find some, use check_tag_compliance.',
    scopes: ['tag:read'],
    input: z.strictObject({
      resource_arns: z
        .array(z.string().min(1).max(MAX_ARN_LENGTH))
        .min(1)
        .max(MAX_ARNS)
        .describe('ARNs of resources, 1 to 100'),
      ...pageInput,
    }),
    output: z.object({
      total_resources: z.number().describe('Those that were read and that the policy concerns'),
      compliant_resources: z.number(),
      non_compliant_resources: z.number(),
      not_judged: z.number().describe('The others'),
      policy_version: z.string(),
      results: z.array(Validated).describe('What is not compliant first'),
      next_cursor: NextCursor,
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    accounts: (input) => accountsOf(input.resource_arns),
    estimate: async ({ resource_arns: arns }) => {
      const apiCalls = Math.ceil(arns.length / ARNS_PER_CALL) + 1;
      return { resources: arns.length, apiCalls, charges: [], seconds: Math.ceil(apiCalls / 4) };
    },
    run: async (input, context) => {
      const policy = await pack.policy.current();
      const where = { regions: await pack.estate.regions(), types: pack.estate.types(), policy };
      const arns = [...new Set(input.resource_arns)];
      const readable = arns.filter((arn) => unsupported(arn, where) === undefined);
      const found = readable.length === 0 ? new Map() : await pack.estate.read(readable, context);
      const results = arns.map((arn) => answerOf(arn, found, where));
      const known = results.filter((each) => each.is_compliant !== null);
      const compliant = known.filter((each) => each.is_compliant === true).length;
      const order = (each: Validated): number => (each.is_compliant === false ? 0 : each.is_compliant === null ? 1 : 2);
      const { items, ...page } = pageOf(
        results,
        (each) => [order(each), each.resource_arn],
        (each) => each,
        input,
      );
      return {
        total_resources: known.length,
        compliant_resources: compliant,
        non_compliant_resources: known.length - compliant,
        not_judged: results.length - known.length,
        policy_version: policy.version,
        results: items,
        ...page,
        untrusted_text: [
          'results[].resource_arn',
          'results[].violations[].tag_name',
          'results[].violations[].current_value',
          'results[].current_tags',
        ],
      };
    },
  });
