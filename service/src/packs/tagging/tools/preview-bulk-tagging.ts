import { z } from 'zod';
import { NextCursor, pageInput, pageOf } from '../../../mcp/paging.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { basisFor, projectTargets } from '../changes/basis.ts';
import { editsOf, writeCalls } from '../changes/bulk-edit.ts';
import { newViolations } from '../changes/new-violations.ts';
import { planWarnings } from '../changes/plan-warnings.ts';
import { accountsOf, changes, loadTargets, type Target, targetInput } from '../changes/targets.ts';
import type { Tags } from '../estate/estate.ts';
import { tagFaults } from '../policy/tag-rules.ts';
import { severities, violationTypes } from '../policy/violations.ts';
import { shownTags, TagsNotShown } from '../reports/shown-tags.ts';
import { completeTags, type TaggingPack } from '../scan/scan-tool.ts';

const TagMap = z.record(z.string(), z.string());

const PreviewedResource = z.object({
  arn: z.string(),
  current_tags: TagMap,
  new_tags: TagMap,
  tags_added: z.array(z.string()),
  tags_changed: z.array(z.string()),
  tags_not_shown: TagsNotShown,
  would_fail: z
    .enum(tagFaults)
    .optional()
    .describe('Why bulk_tag_resources would not write this one: an AWS rule, or a value the policy refuses'),
  remedy: z.string().optional().describe('Why it could not be read, or what to do'),
});

const keysWhere = (tags: Tags, condition: (key: string, value: string) => boolean): string[] =>
  Object.entries(tags)
    .filter(([key, value]) => condition(key, value))
    .map(([key]) => clean(key));

const shownStates = (before: Tags, after: Tags, keys: readonly string[]) => {
  const [current, next] = [shownTags(before, keys), shownTags(after, keys)];
  const hidden = Math.max(current.leftOut, next.leftOut);
  return { current_tags: current.shown, new_tags: next.shown, ...(hidden > 0 ? { tags_not_shown: hidden } : {}) };
};

const previewOf = (
  { arn, before, after, set, fault, remedy }: Target,
  tags: Tags,
): z.input<typeof PreviewedResource> => ({
  arn: clean(arn.arn, 1100),
  ...shownStates(before, after, Object.keys(tags)),
  tags_added: keysWhere(set, (key) => !Object.hasOwn(before, key)),
  tags_changed: keysWhere(set, (key, value) => Object.hasOwn(before, key) && before[key] !== value),
  ...(fault === undefined ? {} : { would_fail: fault }),
  ...(remedy === undefined ? {} : { remedy: clean(remedy) }),
});

export const previewBulkTagging = (pack: TaggingPack): Query =>
  defineQuery({
    name: 'preview_bulk_tagging',
    title: 'Preview bulk tagging',
    description:
      'Shows what setting tags on resources would bring: compliance now and afterwards, each resource’s tags before and after, and which would fail. Writes nothing and asks nobody. Use it before bulk_tag_resources.',
    scopes: ['tag:read'],
    input: z.strictObject({ ...targetInput, ...pageInput }),
    output: z.object({
      preview: z.object({
        resources_affected: z.number().describe('Resources whose tags would change'),
        resources_unchanged: z.number().describe('Resources that already carry these tags'),
        resources_expected_to_fail: z.number(),
        current_compliance: z.number().nullable(),
        projected_compliance: z
          .number()
          .nullable()
          .describe('With the tags set as given, values the policy refuses included: they count as losses'),
        compliance_improvement: z.number(),
        resources_gained: z.number().describe('Resources that become compliant'),
        resources_lost: z.number().describe('Resources the new values would break'),
        cost_attribution_gap_reduction: z.number().nullable().describe('USD a month; null when costs are unknown'),
        based_on: z.object({
          source: z
            .enum(['scan', 'targets_only'])
            .describe('targets_only: nothing was scanned yet, the ratios are of these resources alone'),
          scan_timestamp: z.string().nullable(),
          changed_since: z
            .number()
            .describe('Resources this service wrote after that scan; they are counted as they are now'),
        }),
        new_violations: z
          .array(
            z.object({
              tag_name: z.string(),
              violation_type: z.enum(violationTypes),
              severity: z.enum(severities),
              resources: z.number(),
              because: z.string(),
            }),
          )
          .describe('What the next scan would report beside what it reports now'),
        warnings: z.array(z.string()).describe('As the plan would say them to whoever approves it'),
        resources: z.array(PreviewedResource),
      }),
      next_cursor: NextCursor,
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    accounts: (input) => accountsOf(input.resource_arns),
    estimate: async ({ resource_arns: arns, tags }) => {
      const apiCalls = writeCalls(editsOf(arns, { set: tags }));
      return { resources: arns.length, apiCalls, charges: [], seconds: Math.ceil(apiCalls / 4) };
    },
    complete: async (argument, typed) => (argument === 'tags' ? completeTags(pack, typed) : []),
    run: async (input, context) => {
      const policy = await pack.policy.current();
      const targets = await loadTargets(pack, input.resource_arns, input, policy, context);
      const basis = await basisFor(pack, targets, policy);
      const projection = projectTargets(targets, basis, policy, 'as-if-set');
      const failing = targets.filter((target) => target.fault !== undefined);
      const open = targets.filter((each) => each.fault === undefined && changes(each));
      const unchanged = targets.length - failing.length - open.length;
      const warned = { open, failing, unchanged, all: targets, basis, selfConfirm: 'not-asked', policy } as const;
      const { items, ...page } = pageOf(
        targets,
        (target) => [target.arn.arn],
        (target) => previewOf(target, input.tags),
        input,
      );
      return {
        preview: {
          resources_affected: open.length,
          resources_unchanged: unchanged,
          resources_expected_to_fail: failing.length,
          current_compliance: projection.current,
          projected_compliance: projection.projected,
          compliance_improvement: projection.improvement,
          resources_gained: projection.gained,
          resources_lost: projection.lost,
          cost_attribution_gap_reduction: projection.gapReduction,
          based_on: {
            source: basis.source,
            scan_timestamp: basis.timestamp,
            changed_since: basis.changedSince,
          },
          new_violations: newViolations(open, policy).map(({ tagName, violationType, ...violation }) => ({
            tag_name: clean(tagName),
            violation_type: violationType,
            ...violation,
          })),
          warnings: planWarnings(warned, input),
          resources: items,
        },
        ...page,
        untrusted_text: [
          'preview.new_violations[].tag_name',
          'preview.warnings',
          ...['arn', 'current_tags', 'new_tags', 'tags_added', 'tags_changed'].map(
            (field) => `preview.resources[].${field}`,
          ),
        ],
      };
    },
  });
