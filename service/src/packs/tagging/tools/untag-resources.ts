import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { editsOf, writeCalls } from '../changes/bulk-edit.ts';
import { planBulk } from '../changes/bulk-plan.ts';
import { accountsOf, removedKeys, targetArns } from '../changes/targets.ts';
import { completeTags, type TaggingPack } from '../scan/scan-tool.ts';
import { askedInput, estimateOf, RequestedChange, tagChange } from './tag-change.ts';

/** Told of by bulk_tag_resources: a model reads the schemas of all tools before it does anything. */
const AsBulkTagging = z
  .looseObject(RequestedChange.pick({ request_id: true, status: true, approval_url: true }).shape)
  .describe('As bulk_tag_resources answers');

export const untagResources = (pack: TaggingPack): Change =>
  defineChange({
    ...tagChange(pack),
    name: 'untag_resources',
    title: 'Remove tags in bulk',
    description:
      'Asks for tags to be removed, by key, from up to 500 resources. Planned and approved by another person like bulk_tag_resources; dry_run shows what each resource would lose. To empty or change a value, set it instead.',
    input: z.strictObject({ resource_arns: targetArns, tag_keys: removedKeys, ...askedInput }),
    output: AsBulkTagging,
    accounts: (input) => accountsOf(input.resource_arns),
    estimate: async ({ resource_arns: arns, tag_keys: remove }) =>
      estimateOf(arns.length, writeCalls(editsOf(arns, { remove }))),
    complete: async (argument, typed) => (argument === 'tag_keys' ? completeTags(pack, typed) : []),
    plan: async (input, context) =>
      planBulk(pack, input, { remove: [...new Set(input.tag_keys)] }, await pack.policy.current(), context),
  });
