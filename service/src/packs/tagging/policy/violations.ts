/** Judging one resource's tags by the policy. Pure. */

import { hasTags } from '../../../../../contracts/packs/tagging/types/index.ts';
import { isFree, type ResourceType } from '../estate/resource-types.ts';
import type { Pattern } from './pattern.ts';
import { appliesTo, type LoadedPolicy, type RequiredTag } from './policy.ts';

export const violationTypes = ['missing_required_tag', 'invalid_value', 'invalid_format'] as const;
export const severities = ['error', 'warning'] as const;

/** What is wrong with one tag of one resource. */
export interface TagFinding {
  readonly violationType: (typeof violationTypes)[number];
  readonly tagName: string;
  /** error: a required tag, lowers the score. warning: an optional tag or a naming rule, never does. */
  readonly severity: (typeof severities)[number];
  readonly currentValue: string | null;
  readonly allowedValues: readonly string[] | null;
}

type Tags = Readonly<Record<string, string>>;

const ofRequired = (
  tag: RequiredTag,
  value: string | undefined,
  pattern: Pattern | undefined,
): TagFinding | undefined => {
  const allowedValues = tag.allowed_values;
  const finding = (violationType: TagFinding['violationType']): TagFinding => ({
    violationType,
    tagName: tag.name,
    severity: 'error',
    currentValue: value ?? null,
    allowedValues,
  });
  if (value === undefined) return finding('missing_required_tag');
  if (allowedValues !== null && !allowedValues.includes(value)) return finding('invalid_value');
  if (pattern !== undefined && !pattern.test(value)) return finding('invalid_format');
  return undefined;
};

const tagValue = (tags: Tags, key: string): string | undefined => (Object.hasOwn(tags, key) ? tags[key] : undefined);

/** One finding per required tag that is missing, off its list or off its pattern: the first of these that fits. */
export const errorsOf = (type: ResourceType, tags: Tags, { policy, patterns }: LoadedPolicy): TagFinding[] =>
  policy.required_tags
    .filter((tag) => appliesTo(tag, type))
    .map((tag) => ofRequired(tag, tagValue(tags, tag.name), patterns.get(tag.name)))
    .filter((finding) => finding !== undefined);

const ordinaryKey = /^[\p{L}\p{N} _.:/-]*$/u;

/** What the naming rules hold against a tag, for a person to read. */
export const namingProblem = (key: string, value: string, { policy, spellings }: LoadedPolicy): string | undefined => {
  const rules = policy.tag_naming_rules;
  const meant = spellings.get(key.toLowerCase());
  if (!rules.case_sensitivity && meant !== undefined && meant !== key) return `the policy spells it ${meant}`;
  if (!rules.allow_special_characters && !ordinaryKey.test(key)) return 'its key holds special characters';
  if ([...key].length > rules.max_key_length) return `its key is longer than ${rules.max_key_length} characters`;
  return [...value].length > rules.max_value_length
    ? `its value is longer than ${rules.max_value_length} characters`
    : undefined;
};

/** Optional tags off their list, and keys or values against the naming rules. AWS's own aws: tags are not judged. */
export const warningsOf = (tags: Tags, loaded: LoadedPolicy): TagFinding[] => {
  const optional = new Map(loaded.policy.optional_tags.map((tag) => [tag.name, tag.allowed_values]));
  return Object.entries(tags).flatMap(([key, value]): TagFinding[] => {
    if (/^aws:/i.test(key)) return [];
    const allowedValues = optional.get(key) ?? null;
    const warning = { tagName: key, severity: 'warning', currentValue: value, allowedValues } as const;
    if (allowedValues !== null && !allowedValues.includes(value))
      return [{ ...warning, violationType: 'invalid_value' }];
    return namingProblem(key, value, loaded) === undefined ? [] : [{ ...warning, violationType: 'invalid_format' }];
  });
};

/** What of a resource decides whether the policy concerns it. */
export interface Judgeable {
  readonly type: ResourceType;
  readonly state: string;
}

/**
 * Does this resource count? Its type must have a required tag, and tags at all: nobody can tag a table of Glue. A terminated
 * instance no longer exists, and types that cost nothing count only when the scan named them.
 */
export const isJudged = (resource: Judgeable, { policy }: LoadedPolicy, named: ReadonlySet<ResourceType>): boolean =>
  resource.state !== 'terminated' &&
  hasTags(resource.type) &&
  (!isFree(resource.type) || named.has(resource.type)) &&
  policy.required_tags.some((tag) => appliesTo(tag, resource.type));
