/** What the next scan would hold against a resource that it does not hold against it now. Pure. */
import type { Tags } from '../estate/estate.ts';
import type { ResourceType } from '../estate/resource-types.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { errorsOf, namingProblem, type TagFinding, warningsOf } from '../policy/violations.ts';
import { counted, named } from './wording.ts';

/** A resource and its tags before and after a change. */
export interface TagChange {
  readonly type: ResourceType;
  readonly before: Tags;
  readonly after: Tags;
}

export interface NewViolation extends Pick<TagFinding, 'violationType' | 'tagName' | 'severity'> {
  /** Resources that would have it. */
  readonly resources: number;
  /** Why it is one, for a person to read. */
  readonly because: string;
}

const findingsOf = (type: ResourceType, tags: Tags, policy: LoadedPolicy): TagFinding[] => [
  ...errorsOf(type, tags, policy),
  ...warningsOf(tags, policy),
];
const nameOf = ({ violationType, tagName }: TagFinding): string => `${violationType} ${tagName}`;

const reasons: Readonly<Record<TagFinding['violationType'], string>> = {
  missing_required_tag: 'the policy requires it',
  invalid_value: 'the policy does not allow its value',
  invalid_format: 'its value does not have the form the policy asks for',
};

const becauseOf = ({ violationType, tagName, severity, currentValue }: TagFinding, policy: LoadedPolicy): string =>
  (severity === 'warning' && violationType === 'invalid_format'
    ? namingProblem(tagName, currentValue ?? '', policy)
    : undefined) ?? reasons[violationType];

/** Each kind of new violation once, with how many resources get it; errors first. */
export const newViolations = (changes: readonly TagChange[], policy: LoadedPolicy): NewViolation[] => {
  const found = new Map<string, NewViolation>();
  for (const { type, before, after } of changes) {
    const known = new Set(findingsOf(type, before, policy).map(nameOf));
    for (const finding of findingsOf(type, after, policy)) {
      const name = nameOf(finding);
      if (known.has(name)) continue;
      const { violationType, tagName, severity } = finding;
      const { resources = 0, because = becauseOf(finding, policy) } = found.get(name) ?? {};
      found.set(name, { violationType, tagName, severity, resources: resources + 1, because });
    }
  }
  return [...found.values()].sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0));
};

/** Most kinds a plan names one by one. */
const MOST_NAMED = 10;

/** A sentence for each kind; of many, the first ones and how many more. */
export const newViolationWarnings = (violations: readonly NewViolation[]): string[] => {
  const rest = violations.length - MOST_NAMED;
  return [
    ...violations
      .slice(0, MOST_NAMED)
      .map(
        ({ violationType, tagName, severity, resources, because }) =>
          `New ${severity} on ${counted(resources, 'resource')}: ${named(tagName)} would be ${violationType}, because ${because}.`,
      ),
    ...(rest > 0 ? [`${counted(rest, 'more kind')} of new violations; preview_bulk_tagging lists them.`] : []),
  ];
};
