import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { accountsOf, readAll } from '../changes/targets.ts';
import { MAX_ARN_LENGTH, parseArns } from '../estate/arn.ts';
import type { Resource, Surroundings } from '../estate/estate.ts';
import { shownTags, TagsNotShown } from '../reports/shown-tags.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import { type Suggestion, suggestionsFor } from '../suggest/suggest.ts';

/** Reading it, finding its account and region, and where it runs. */
const CALLS = 4;

const SuggestionEntry = z.object({
  tag_key: z.string(),
  suggested_value: z.string(),
  confidence: z.number().describe('0 to 1'),
  reasoning: z.string().describe('Where it was read'),
});

const entryOf = ({ tagKey, value, confidence, reasoning }: Suggestion): z.input<typeof SuggestionEntry> => ({
  tag_key: tagKey,
  suggested_value: clean(value),
  confidence,
  reasoning: clean(`${reasoning.slice(0, 1).toUpperCase()}${reasoning.slice(1)}`, 600),
});

const readOne = async (pack: TaggingPack, arn: string, context: CallContext): Promise<Resource> => {
  const found = (await readAll(pack.estate, [arn], context)).get(arn);
  if (found !== undefined) return found;
  throw new CountersignError('not_found', 'resource_arn: there is no such resource in the accounts enabled here.');
};

/** Suggestions do without it; the answer says so. */
const surroundingsOf = async (
  pack: TaggingPack,
  resource: Resource,
  context: CallContext,
): Promise<{ readonly surroundings: Surroundings; readonly notRead: readonly string[] }> => {
  try {
    return { surroundings: await pack.estate.surroundings(resource, context), notRead: [] };
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.log.warn({ err: error }, 'where a resource runs could not be read');
    return { surroundings: {}, notRead: ['its VPC and role'] };
  }
};

export const suggestTags = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'suggest_tags',
    title: 'Suggest tags for a resource',
    description:
      'Suggests values for the required tags that one resource lacks or has wrong, from its names, network, role and resources like it. Only values that the policy takes, each with where it was read. Ask a person before you set them.',
    scopes: ['tag:read'],
    input: z.strictObject({
      resource_arn: z.string().min(1).max(MAX_ARN_LENGTH).describe('ARN of one resource, such as arn:aws:s3:::bucket'),
    }),
    output: z.object({
      resource_arn: z.string(),
      suggestions: z.array(SuggestionEntry).describe('The surest first; several values of one tag are alternatives'),
      without_suggestion: z.array(z.string()).describe('Missing or wrong, and nothing found'),
      current_tags: z.record(z.string(), z.string()),
      tags_not_shown: TagsNotShown,
      snapshot_timestamp: z
        .string()
        .nullable()
        .describe('Of resources like it; check_tag_compliance with store_snapshot makes one'),
      not_read: z.array(z.string()).describe('What could not be read'),
      policy_version: z.string(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    accounts: (input) => accountsOf([input.resource_arn]),
    estimate: async () => ({ resources: 1, apiCalls: CALLS, charges: [], seconds: 1 }),
    run: async (input, context) => {
      const [arn] = parseArns('resource_arn', [input.resource_arn]);
      const resource = await readOne(pack, arn?.arn ?? input.resource_arn, context);
      const [policy, { surroundings, notRead }, stored] = await Promise.all([
        pack.policy.current(),
        surroundingsOf(pack, resource, context),
        wholeExtent(pack.estate).then((whole) => pack.scans.newestSnapshot(extentHash(whole))),
      ]);
      const snapshot = stored && (await pack.scans.snapshot(stored));
      const found = suggestionsFor(resource, policy, { surroundings, snapshot });
      const suggested = new Set(found.suggestions.map(({ tagKey }) => tagKey));
      const { shown, leftOut } = shownTags(resource.tags, found.wrong);
      return {
        resource_arn: clean(resource.arn, MAX_ARN_LENGTH),
        suggestions: found.suggestions.map(entryOf),
        without_suggestion: found.wrong.filter((key) => !suggested.has(key)),
        current_tags: shown,
        ...(leftOut > 0 ? { tags_not_shown: leftOut } : {}),
        snapshot_timestamp: stored?.timestamp ?? null,
        not_read: [...notRead],
        policy_version: policy.version,
        untrusted_text: ['resource_arn', 'suggestions[].suggested_value', 'suggestions[].reasoning', 'current_tags'],
      };
    },
  });
