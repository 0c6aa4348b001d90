import { z } from 'zod';
import { hasTags } from '../../../../../contracts/packs/tagging/types/index.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { judgedTypes, policySources } from '../policy/policy.ts';
import { notScanned } from '../scan/not-scanned.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';

export const getTaggingPolicy = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'get_tagging_policy',
    title: 'Read the tagging policy',
    description:
      'The tagging policy that resources are judged by: required and optional tags, values and patterns allowed, types they apply to. Read it before you propose tags.',
    scopes: ['tag:read'],
    input: z.strictObject({}),
    output: z.object({
      policy: z
        .record(z.string(), z.json())
        .describe(
          'required_tags (name, allowed_values, validation_regex, applies_to), optional_tags, tag_naming_rules. Empty applies_to: every type; patterns are anchored at the start only',
        ),
      version: z.string().describe('Approvals are bound to it'),
      version_number: z.int().describe('For to_version of change_tagging_policy'),
      since: z.string().describe('When it began to hold, ISO 8601'),
      source: z.enum(policySources),
      source_id: z.string().nullable().describe('Id of the tag policy of AWS'),
      all_applicable_resource_types: z.array(z.string()).describe('Types on which at least one tag is required'),
      scannable_resource_types: z.array(z.string()).describe('Those of them that the operator enabled'),
      types_not_scanned: z.record(z.string(), z.array(z.string())).describe('The others, by why'),
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async () => {
      const held = await pack.policy.version();
      const { policy, version } = held.policy;
      const types = judgedTypes(policy);
      const scannable: readonly string[] = pack.estate.types();
      return {
        policy,
        version,
        version_number: held.number,
        since: held.since,
        source: held.origin.source,
        source_id: held.origin.id ?? null,
        all_applicable_resource_types: types,
        scannable_resource_types: types.filter((type) => scannable.includes(type) && hasTags(type)),
        types_not_scanned: notScanned(policy, pack.estate.types()),
      };
    },
  });
