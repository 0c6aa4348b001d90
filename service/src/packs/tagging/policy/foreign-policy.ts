/** Tag policies in other formats than ours, by what they look like. */
import { z } from 'zod';

// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
// Written with operators, or merged (DescribeEffectivePolicy) with plain values.
const AwsValue = z.union([z.string(), z.array(z.string()), z.record(z.string(), z.json())]);
const AwsTag = z.looseObject({ tag_key: AwsValue.optional(), tag_value: AwsValue.optional() });
const withoutOperators = (tags: unknown): unknown =>
  typeof tags === 'object' && tags !== null && !Array.isArray(tags)
    ? Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('@@')))
    : tags;
const AwsTagPolicy = z.object({ tags: z.preprocess(withoutOperators, z.record(z.string(), AwsTag)) });

/** How the AWS command line answers DescribePolicy and DescribeEffectivePolicy. */
const AwsAnswer = z.union([
  z.object({ Policy: z.object({ Content: z.string() }) }).transform(({ Policy }) => Policy.Content),
  z
    .object({ EffectivePolicy: z.object({ PolicyContent: z.string() }) })
    .transform(({ EffectivePolicy }) => EffectivePolicy.PolicyContent),
]);

/** Parameters of the AWS Config rule required-tags. */
const ConfigRule = z.looseObject({ tag1Key: z.string() });
const Custodian = z.object({ policies: z.array(z.looseObject({ name: z.string(), resource: z.string() })) });
/** An answer of get_tagging_policy, or the resource countersign://tagging/policy. */
const OwnAnswer = z.object({ policy: z.looseObject({ required_tags: z.array(z.json()) }) });

const AWS =
  'an AWS Organizations tag policy, which says how tags are spelled and not which are required. Convert it with npm run policy:convert, read what it says of the differences, and name the file that it writes.';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The content of an AWS tag policy, also where it comes as the answer of the command line; undefined when it is none. */
export const awsTagPolicyIn = (json: unknown): unknown => {
  const answer = AwsAnswer.safeParse(json);
  const content = answer.success ? parsed(answer.data) : json;
  return AwsTagPolicy.safeParse(content).success ? content : undefined;
};

/** "an AWS Organizations tag policy ...", with what to do; undefined when it is none of the formats known here. */
export const foreignFormat = (json: unknown): string | undefined =>
  awsTagPolicyIn(json) === undefined ? formatOfOthers(json) : AWS;

/** What it is and what to do, of formats that are neither ours nor converted. */
export const formatOfOthers = (json: unknown): string | undefined => {
  if (ConfigRule.safeParse(json).success)
    return 'the parameters of an AWS Config rule (required-tags). Write each tagNKey as the name of a required tag, and tagNValue as its allowed_values.';
  if (Custodian.safeParse(json).success)
    return 'a Cloud Custodian policy. Write the tags it asks for as required_tags of a policy of this service.';
  if (OwnAnswer.safeParse(json).success)
    return 'an answer of get_tagging_policy. Keep what its member "policy" holds, without the rest.';
  return undefined;
};
