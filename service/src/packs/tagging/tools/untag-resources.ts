import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { editsOf, writeCalls } from '../changes/bulk-edit.ts';
import { planBulk } from '../changes/bulk-plan.ts';
import { accountsOf, removedKeys, requestedArns, splitTargets } from '../changes/targets.ts';
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
      'Asks for tags to be removed, by key: planned and approved as by bulk_tag_resources. To change a value, set it instead.',
    input: z.strictObject({ resource_arns: requestedArns, tag_keys: removedKeys, ...askedInput }),
    output: AsBulkTagging,
    accounts: (input) => accountsOf(input.resource_arns),
    estimate: async ({ resource_arns: arns, tag_keys: remove }) =>
      estimateOf(arns.length, writeCalls(editsOf(arns, { remove }))),
    complete: async (argument, typed) => (argument === 'tag_keys' ? completeTags(pack, typed) : []),
    // What is removed nobody sees any more, so nobody removes it alone.
    countersign: () => 'second-person',
    split: splitTargets,
    plan: async (input, context) =>
      planBulk(pack, input, { remove: [...new Set(input.tag_keys)] }, await pack.policy.current(), context),
  });
