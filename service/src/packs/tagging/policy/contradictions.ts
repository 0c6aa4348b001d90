/** What a policy says in one place and takes back in another: no tag could ever satisfy it, or nobody meant it. */
import { compilePattern, patternProblems } from './pattern.ts';

interface Tag {
  readonly name: string;
  readonly allowed_values: readonly string[] | null;
  readonly validation_regex?: string | null;
}

export interface Contradiction {
  readonly path: (string | number)[];
  readonly message: string;
}

type Lists = Readonly<Record<'required_tags' | 'optional_tags', readonly Tag[]>>;
type Placed = readonly [path: (string | number)[], tag: Tag];

const placed = (policy: Lists): Placed[] =>
  (['required_tags', 'optional_tags'] as const).flatMap((list) =>
    policy[list].map((tag, at): Placed => [[list, at], tag]),
  );

/** Keys that people take for one: IAM and many tools do not tell their case apart, and eyes do not tell NFC from NFD. */
const spelling = (name: string): string => name.normalize('NFC').toLowerCase();

const twins = (tags: readonly Placed[]): Contradiction[] => {
  const first = new Map<string, string>();
  return tags.flatMap(([path, { name }]) => {
    const known = first.get(spelling(name));
    if (known === undefined) first.set(spelling(name), name);
    if (known === undefined) return [];
    const message =
      known === name
        ? `the tag ${name} is listed twice`
        : `the tags ${known} and ${name} are one tag in two spellings. Keep the right one; a key in another case is warned about anyway`;
    return [{ path: [...path, 'name'], message }];
  });
};

const impossibleValues = ([path, tag]: Placed): Contradiction[] => {
  const { allowed_values: values, validation_regex: source = null } = tag;
  const pattern = source === null || patternProblems(source).length > 0 ? undefined : compilePattern(source);
  return (values ?? []).flatMap((value, at) => {
    const place = [...path, 'allowed_values', at];
    if (value.includes('*'))
      return [
        {
          path: place,
          message: `${JSON.stringify(value)} is compared letter by letter: * is no wildcard. Use validation_regex, and allowed_values null`,
        },
      ];
    if (pattern?.test(value) === false)
      return [{ path: place, message: `${JSON.stringify(value)} does not match the validation_regex of the same tag` }];
    return [];
  });
};

/** Each with its place in the policy and what to do. */
export const contradictions = (policy: Lists): Contradiction[] => {
  const tags = placed(policy);
  return [...twins(tags), ...tags.flatMap(impossibleValues)];
};
