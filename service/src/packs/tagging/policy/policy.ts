/** The tagging policy: what a resource's tags must be. Loaded once, judged by violations.ts. */
import { z } from 'zod';
import { digest } from '../../../canonical.ts';
import { type ResourceType, resourceTypeNames } from '../estate/resource-types.ts';
import { contradictions } from './contradictions.ts';
import { compilePattern, MAX_PATTERN_LENGTH, type Pattern, patternProblems } from './pattern.ts';

const Key = z.string().min(1).max(128);
const Values = z.array(z.string().max(256)).min(1).nullable().default(null);

/** A regular expression in RE2's syntax for values, anchored at its start only, as the reference server's are. */
const PatternSource = z
  .string()
  .max(MAX_PATTERN_LENGTH)
  .superRefine((source, issues) => {
    for (const problem of patternProblems(source))
      issues.addIssue({ code: 'custom', message: `${JSON.stringify(source)} cannot be used: ${problem}.` });
  })
  .nullable()
  .default(null);

const RequiredTag = z.strictObject({
  name: Key.describe('The tag key, exact in its case'),
  description: z.string().default(''),
  allowed_values: Values.describe('The only values allowed, exact in their case; null for any'),
  validation_regex: PatternSource.describe('What a value must match from its start, in RE2 syntax; null for any'),
  applies_to: z
    .array(z.enum(resourceTypeNames, { error: 'is not a resource type such as ec2:instance' }))
    .default([])
    .describe('Resource types that must carry the tag; empty means every type'),
});
export type RequiredTag = z.infer<typeof RequiredTag>;

const OptionalTag = z.strictObject({
  name: Key,
  description: z.string().default(''),
  allowed_values: Values,
});

const NamingRules = z.strictObject({
  case_sensitivity: z
    .boolean()
    .default(false)
    .describe('False: a key that differs from a policy key by case only is warned about'),
  allow_special_characters: z
    .boolean()
    .default(false)
    .describe('False: keys may hold letters, digits, space and _ . : / -'),
  max_key_length: z.int().min(1).max(128).default(128),
  max_value_length: z.int().min(0).max(256).default(256),
});

export const Policy = z
  .strictObject({
    version: z.string().min(1).max(50),
    last_updated: z.string().min(1).max(50),
    required_tags: z.array(RequiredTag).max(50),
    optional_tags: z.array(OptionalTag).max(50).default([]),
    tag_naming_rules: NamingRules.prefault({}),
  })
  .superRefine((policy, issues) => {
    for (const { path, message } of contradictions(policy)) issues.addIssue({ code: 'custom', path, message });
  });
export type Policy = z.infer<typeof Policy>;

export const policySources = ['file', 'organizations', 'default', 'sandbox', 'request'] as const;
export type PolicySourceName = (typeof policySources)[number];

export interface LoadedPolicy {
  readonly policy: Policy;
  /** Declared version and a hash of the content: it moves whenever the policy does. */
  readonly version: string;
  readonly source: PolicySourceName;
  /** The compiled validation_regex of each required tag that has one. */
  readonly patterns: ReadonlyMap<string, Pattern>;
  /** Every key of the policy by its lower-case form. */
  readonly spellings: ReadonlyMap<string, string>;
}

/** Where the pack asks for the policy that holds now. */
export interface PolicySource {
  current(): Promise<LoadedPolicy>;
}

/** Thrown when a policy cannot be loaded; its message names the file and every problem in it. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

/** Checks a policy and makes it ready to judge by. @throws PolicyError */
export const loadPolicy = (candidate: unknown, source: PolicySourceName, from = 'The tagging policy'): LoadedPolicy => {
  const parsed = Policy.safeParse(candidate);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'policy'}: ${issue.message}`);
    throw new PolicyError([`${from} cannot be used:`, ...problems].join('\n'));
  }
  const policy = parsed.data;
  const patterns = policy.required_tags.flatMap((tag) =>
    tag.validation_regex === null ? [] : [[tag.name, compilePattern(tag.validation_regex)] as const],
  );
  const spellings = [...policy.required_tags, ...policy.optional_tags].map(
    ({ name }) => [name.toLowerCase(), name] as const,
  );
  return {
    policy,
    spellings: new Map(spellings),
    version: `${policy.version}+${digest(policy).slice(0, 12)}`,
    source,
    patterns: new Map(patterns),
  };
};

/** Does this required tag concern resources of this type? */
export const appliesTo = (tag: RequiredTag, type: ResourceType): boolean =>
  tag.applies_to.length === 0 || tag.applies_to.includes(type);

/** The types on which at least one tag is required. */
export const judgedTypes = (policy: Policy): ResourceType[] =>
  resourceTypeNames.filter((type) => policy.required_tags.some((tag) => appliesTo(tag, type)));

/** What holds where nobody wrote a policy: the three tags of the seed, any value. */
export const defaultPolicy = (): LoadedPolicy =>
  loadPolicy(
    {
      version: '1.0',
      last_updated: '2026-11-20',
      required_tags: [
        { name: 'CostCenter', description: 'Who pays for it' },
        { name: 'Owner', description: 'Who answers for it' },
        { name: 'Environment', description: 'Which environment it belongs to' },
      ],
    },
    'default',
  );

/** A policy that does not change while the service runs. */
export const fixedPolicy = (policy: LoadedPolicy): PolicySource => ({ current: async () => policy });
