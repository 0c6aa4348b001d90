/**
 * A tag policy of AWS Organizations as it is written, with operators for inheritance, or as DescribeEffectivePolicy answers it,
 * merged and plain. https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
 */
import { z } from 'zod';

const ASSIGN = '@@assign';
const isOperator = (name: string): boolean => name.startsWith('@@');

const Values = z.union([z.string(), z.array(z.string())]);
const Written = z.union([Values, z.record(z.string(), z.json())]);

const members = ['tag_key', 'tag_value', 'enforced_for', 'report_required_tag_for'] as const;
export type AwsMember = (typeof members)[number];

const WrittenTag = z.record(z.string(), z.json());

/** One tag of such a policy with its values, whichever way they were written. */
export interface AwsTag {
  /** The name under which the policy keeps it, usually in lower case. */
  readonly entry: string;
  /** As assigned; undefined where the policy does not say it. */
  readonly values: Readonly<Partial<Record<AwsMember, readonly string[]>>>;
  /** Operators other than @@assign, and members that no tag policy has, by where they stand. */
  readonly operators: readonly string[];
  readonly unknown: readonly string[];
}

/** What is no tag policy, each with where it stands and what is wrong. */
export interface AwsProblem {
  readonly path: string;
  readonly message: string;
}

export interface ReadAwsPolicy {
  readonly tags: readonly AwsTag[];
  /** Operators beside the tags. */
  readonly operators: readonly string[];
  readonly problems: readonly AwsProblem[];
}

const isMember = (name: string): name is AwsMember => members.some((member) => member === name);

const listOf = (value: z.infer<typeof Values>): readonly string[] => (typeof value === 'string' ? [value] : value);

type Read = { values?: readonly string[]; operators: readonly string[]; problem?: string };

/** A member's values: plain, or what @@assign says. */
const valuesOf = (written: unknown): Read => {
  const parsed = Written.safeParse(written);
  if (!parsed.success) return { operators: [], problem: 'must be text, a list of texts, or {"@@assign": ...}' };
  if (typeof parsed.data === 'string' || Array.isArray(parsed.data))
    return { values: listOf(parsed.data), operators: [] };
  const names = Object.keys(parsed.data);
  const operators = names.filter((name) => isOperator(name) && name !== ASSIGN);
  const strange = names.filter((name) => !isOperator(name));
  if (strange.length > 0) return { operators, problem: `has ${strange.join(', ')}, which is no operator` };
  if (!Object.hasOwn(parsed.data, ASSIGN)) return { operators };
  const assigned = Values.safeParse(parsed.data[ASSIGN]);
  return assigned.success
    ? { values: listOf(assigned.data), operators }
    : { operators, problem: `${ASSIGN} must be text or a list of texts` };
};

const readTag = (
  entry: string,
  written: unknown,
): { readonly tag: AwsTag; readonly problems: readonly AwsProblem[] } => {
  const parsed = WrittenTag.safeParse(written);
  if (!parsed.success) {
    const problem = { path: `tags.${entry}`, message: 'must be an object with tag_key, tag_value or enforced_for' };
    return { tag: { entry, values: {}, operators: [], unknown: [] }, problems: [problem] };
  }
  const read = Object.entries(parsed.data).map(([name, value]) => ({
    name,
    ...(isMember(name) ? valuesOf(value) : { operators: [] }),
  }));
  const values = Object.fromEntries(
    read.flatMap(({ name, values: some }) => (some === undefined ? [] : [[name, some]])),
  );
  const key = values.tag_key ?? [];
  const problems = read.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [{ path: `tags.${entry}.${name}`, message: problem }],
  );
  if (key.length > 1) problems.push({ path: `tags.${entry}.tag_key`, message: 'must be one key' });
  return {
    tag: {
      entry,
      values,
      operators: read.flatMap(({ name, operators }) =>
        isOperator(name) ? [name] : operators.map((operator) => `${name}.${operator}`),
      ),
      unknown: read.flatMap(({ name }) => (isMember(name) || isOperator(name) ? [] : [name])),
    },
    problems,
  };
};

const Document = z.looseObject({ tags: z.record(z.string(), z.json()) });

/** Reads the content of a tag policy. What is wrong with it comes as problems, all of them. */
export const readAwsPolicy = (content: unknown): ReadAwsPolicy => {
  const parsed = Document.safeParse(content);
  if (!parsed.success)
    return { tags: [], operators: [], problems: [{ path: 'tags', message: 'must be an object with an entry a tag' }] };
  const entries = Object.entries(parsed.data.tags);
  const read = entries.filter(([name]) => !isOperator(name)).map(([name, written]) => readTag(name, written));
  return {
    tags: read.map(({ tag }) => tag),
    operators: entries.map(([name]) => name).filter(isOperator),
    problems: read.flatMap(({ problems }) => problems),
  };
};
