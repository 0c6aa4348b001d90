/**
 * An AWS Organizations tag policy as a policy of this service. The two say different things: AWS's says how tags are spelled and
 * which values are refused where they are set, ours which tags must be there. What changes its meaning on the way is told, tag by
 * tag. Pure. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html
 */
import { z } from 'zod';
import { type LoadedPolicy, loadPolicy, type Policy, PolicyError } from '../policy.ts';
import { serviceNamedBy, typesNamedBy } from './enforced-types.ts';
import { type AwsProblem, type AwsTag, readAwsPolicy } from './operators.ts';

/** What the policy here says otherwise than the one it comes from. */
export const differenceCodes = [
  'enforced_is_not_required',
  'required_in_source',
  'wildcard_dropped',
  'operators_ignored',
  'unmapped_type',
  'key_case_defaulted',
  'unknown_member',
] as const;

export const SemanticDifference = z.object({
  code: z.enum(differenceCodes),
  /** The key it is about; null where it is about the whole policy. */
  tag: z.string().nullable(),
  detail: z.string(),
});
export type SemanticDifference = z.infer<typeof SemanticDifference>;

export interface ConvertedPolicy {
  readonly policy: Policy;
  readonly differences: readonly SemanticDifference[];
  /** Services whose resources must have some tag here, as the tag policy calls them. */
  readonly enforcedServices: readonly string[];
}

interface About {
  readonly version: string;
  readonly lastUpdated: string;
}

const lists = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(', ');

/** The key as it is to be spelled, and whether the policy says so. */
const keyOf = ({ entry, values }: AwsTag): { readonly name: string; readonly defaulted: boolean } => {
  const [said] = values.tag_key ?? [];
  return said === undefined ? { name: entry.toLowerCase(), defaulted: true } : { name: said, defaulted: false };
};

interface Allowed {
  readonly values: string[] | null;
  readonly dropped: readonly string[];
}

/** Values without those that stand for many. None left: any value. */
const allowedOf = ({ values: { tag_value: said = [] } }: AwsTag): Allowed => {
  const values = said.filter((value) => !value.includes('*'));
  return {
    values: values.length === 0 ? null : [...new Set(values)],
    dropped: said.filter((value) => value.includes('*')),
  };
};

const enforcedOf = ({ values: { enforced_for: said = [] } }: AwsTag) => {
  const named = said.map((entry) => ({ entry, types: typesNamedBy(entry) }));
  return {
    types: [...new Set(named.flatMap(({ types }) => types))].sort(),
    mapped: named.filter(({ types }) => types.length > 0).map(({ entry }) => entry),
    unmapped: named.filter(({ types }) => types.length === 0).map(({ entry }) => entry),
  };
};

const differencesOf = (tag: AwsTag): SemanticDifference[] => {
  const { name, defaulted } = keyOf(tag);
  const { values, dropped } = allowedOf(tag);
  const { types, unmapped } = enforcedOf(tag);
  const required = tag.values.report_required_tag_for ?? [];
  const told = (code: SemanticDifference['code'], isSo: boolean, detail: string): SemanticDifference[] =>
    isSo ? [{ code, tag: name, detail }] : [];
  return [
    ...told(
      'enforced_is_not_required',
      types.length > 0,
      `AWS refuses wrong values and spellings on ${types.join(', ')} and never asks for the tag. Here a resource of these types without it is a violation.`,
    ),
    ...told(
      'required_in_source',
      required.length > 0,
      `report_required_tag_for ${lists(required)} is not converted: here the tag is required where it is enforced.`,
    ),
    ...told(
      'wildcard_dropped',
      dropped.length > 0,
      values === null
        ? `${lists(dropped)} stood for many values; nothing else is listed, so any value is allowed here.`
        : `${lists(dropped)} stood for many values, which are violations here. Use validation_regex for them.`,
    ),
    ...told('operators_ignored', tag.operators.length > 0, `${tag.operators.join(', ')} only count for inheritance.`),
    ...told(
      'unmapped_type',
      unmapped.length > 0,
      `${lists(unmapped)} is no resource type that this service knows.${types.length === 0 ? ' The tag is optional here, because nothing it is enforced for is left.' : ''}`,
    ),
    ...told('key_case_defaulted', defaulted, `It has no tag_key, so its key is ${name}, in lower case.`),
    ...told('unknown_member', tag.unknown.length > 0, `${tag.unknown.join(', ')} is not known and not converted.`),
  ];
};

/** Keys that are one for AWS, which does not tell their case apart, and keys that are not what their entry says. */
const keyProblems = (tags: readonly AwsTag[]): AwsProblem[] => {
  const first = new Map<string, string>();
  return tags.flatMap((tag) => {
    const { entry } = tag;
    const { name } = keyOf(tag);
    const path = `tags.${entry}`;
    if (name.toLowerCase() !== entry.toLowerCase())
      return [{ path: `${path}.tag_key`, message: `${JSON.stringify(name)} must be ${entry} in some case` }];
    const known = first.get(name.toLowerCase());
    if (known !== undefined)
      return [{ path, message: `is the tag of tags.${known} in another case. Keep one of them` }];
    first.set(name.toLowerCase(), entry);
    return [];
  });
};

const convertedTags = (tags: readonly AwsTag[]) => {
  const each = tags.map((tag) => ({
    types: enforcedOf(tag).types,
    tag: { name: keyOf(tag).name, description: '', allowed_values: allowedOf(tag).values },
  }));
  return {
    required_tags: each.flatMap(({ types, tag }) => (types.length > 0 ? [{ ...tag, applies_to: types }] : [])),
    optional_tags: each.flatMap(({ types, tag }) => (types.length > 0 ? [] : [tag])),
  };
};

/**
 * Converts the content of a tag policy, with operators or merged.
 * @throws PolicyError that names every problem, where it is none or could not be a policy here
 */
export const convertTagPolicy = (
  content: unknown,
  { version, lastUpdated }: About,
  from = 'The tag policy',
): ConvertedPolicy => {
  const { tags, operators, problems } = readAwsPolicy(content);
  const all = [...problems, ...keyProblems(tags)];
  if (all.length === 0 && tags.length === 0) all.push({ path: 'tags', message: 'names no tag' });
  if (all.length > 0)
    throw new PolicyError(
      [`${from} cannot be converted:`, ...all.map(({ path, message }) => `  ${path}: ${message}.`)].join('\n'),
    );
  const candidate = { version, last_updated: lastUpdated, ...convertedTags(tags) };
  const { policy }: LoadedPolicy = loadPolicy(candidate, 'organizations', `${from}, converted,`);
  const ofWhole =
    operators.length === 0
      ? []
      : [
          {
            code: 'operators_ignored' as const,
            tag: null,
            detail: `tags: ${operators.join(', ')} only count for inheritance.`,
          },
        ];
  return {
    policy,
    differences: [...ofWhole, ...tags.flatMap(differencesOf)],
    enforcedServices: [...new Set(tags.flatMap((tag) => enforcedOf(tag).mapped.map(serviceNamedBy)))].sort(),
  };
};
