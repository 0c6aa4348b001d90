import { z } from 'zod';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { editsOf, writeCalls } from '../changes/bulk-edit.ts';
import { planBulk } from '../changes/bulk-plan.ts';
import { accountsOf, requestedArns, splitTargets, targetInput } from '../changes/targets.ts';
import { completeTags, type TaggingPack } from '../scan/scan-tool.ts';
import { askedInput, estimateOf, RequestedChange, tagChange } from './tag-change.ts';

export const bulkTagResources = (pack: TaggingPack): Change =>
  defineChange({
    ...tagChange(pack),
    name: 'bulk_tag_resources',
    title: 'Tag resources in bulk',
    description:
      'Asks for tags to be set; more than 500 resources become several requests. Nothing is written until another person approves the plan at approval_url: give the person that URL. Preview first; values the policy refuses are not set. It can be reverted with rollback_operation.',
    input: z.strictObject({
      ...targetInput,
      resource_arns: requestedArns,
      approval_required: z
        .boolean()
        .default(true)
        .describe('False asks to confirm it yourself; only where the operator allows that'),
      ...askedInput,
    }),
    output: RequestedChange,
    accounts: (input) => accountsOf(input.resource_arns),
    estimate: async ({ resource_arns: arns, tags }) =>
      estimateOf(arns.length, writeCalls(editsOf(arns, { set: tags }))),
    complete: async (argument, typed) => (argument === 'tags' ? completeTags(pack, typed) : []),
    countersign: (input) =>
      !input.approval_required && pack.settings.allowSelfConfirm ? 'same-person' : 'second-person',
    split: splitTargets,
    plan: async (input, context) => planBulk(pack, input, input, await pack.policy.current(), context),
  });
