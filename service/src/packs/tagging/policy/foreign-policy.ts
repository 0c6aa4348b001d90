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

const assigned = (value: z.infer<typeof AwsValue> | undefined): unknown =>
  typeof value === 'object' && !Array.isArray(value) ? value['@@assign'] : value;

const awsRemedy = (tags: z.infer<typeof AwsTagPolicy>['tags']): string => {
  const [first] = Object.entries(tags);
  const key = assigned(first?.[1].tag_key) ?? first?.[0] ?? 'CostCenter';
  const values = assigned(first?.[1].tag_value);
  const example = { name: key, ...(Array.isArray(values) ? { allowed_values: values.slice(0, 3) } : {}) };
  return `an AWS Organizations tag policy, which says how tags are spelled and not which are required. Write a policy of this service: {"version": "1", "last_updated": "2026-01-31", "required_tags": [${JSON.stringify(example)}]}, each of its keys in required_tags or optional_tags. A value that ends in * becomes a validation_regex.`;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** "an AWS Organizations tag policy ...", with what to do; undefined when it is none of the formats known here. */
export const foreignFormat = (json: unknown): string | undefined => {
  const answer = AwsAnswer.safeParse(json);
  const aws = AwsTagPolicy.safeParse(answer.success ? parsed(answer.data) : json);
  if (aws.success) return awsRemedy(aws.data.tags);
  if (ConfigRule.safeParse(json).success)
    return 'the parameters of an AWS Config rule (required-tags). Write each tagNKey as the name of a required tag, and tagNValue as its allowed_values.';
  if (Custodian.safeParse(json).success)
    return 'a Cloud Custodian policy. Write the tags it asks for as required_tags of a policy of this service.';
  if (OwnAnswer.safeParse(json).success)
    return 'an answer of get_tagging_policy. Keep what its member "policy" holds, without the rest.';
  return undefined;
};
