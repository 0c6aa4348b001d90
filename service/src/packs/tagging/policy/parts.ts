/** A policy taken apart, so that a change of it names what it touches, and put together again exactly. Pure. */
import { z } from 'zod';
import { canonicalJson } from '../../../canonical.ts';
import type { State } from '../../../operations/plan.ts';
import { type LoadedPolicy, loadPolicy, type Policy, type PolicySourceName, policySources } from './policy.ts';

const VERSION = 'Version';
const SOURCE = 'Source';
const UPDATED = 'Last updated';
const RULES = 'Naming rules';

const lists = {
  required_tags: { names: 'Required tags', one: 'Required tag' },
  optional_tags: { names: 'Optional tags', one: 'Optional tag' },
} as const;
type List = keyof typeof lists;
const listNames = Object.keys(lists) as List[];

/** Where a policy comes from: the kind of source, and its name there. */
export interface PolicyOrigin {
  readonly source: PolicySourceName;
  /** Id of the AWS policy; absent where the source has no name for it. */
  readonly id?: string | undefined;
}

const originText = ({ source, id }: PolicyOrigin): string => (id === undefined ? source : `${source} ${id}`);

/** @throws Error for what `originText` never wrote */
export const originOfState = (state: State): PolicyOrigin => {
  const [source, id] = z.string().parse(state[SOURCE]).split(' ');
  return { source: z.enum(policySources).parse(source), ...(id !== undefined && { id }) };
};

export const versionOfState = (state: State): string => z.string().parse(state[VERSION]);

/** What says nothing is left out, so that people read what there is. */
const compact = (tag: Policy[List][number]): State => {
  const { name: _name, ...rest } = tag;
  const said = Object.entries(rest).filter(([, value]) => value !== null && value !== '' && value.length > 0);
  return Object.fromEntries(said);
};

const partsOf = (policy: Policy): State => ({
  [UPDATED]: policy.last_updated,
  [RULES]: policy.tag_naming_rules,
  ...Object.fromEntries(
    listNames.flatMap((list): [string, State[string]][] => [
      [lists[list].names, policy[list].map(({ name }) => name)],
      ...policy[list].map((tag): [string, State[string]] => [`${lists[list].one} ${tag.name}`, compact(tag)]),
    ]),
  ),
});

const wholeOf = ({ policy, version }: LoadedPolicy, origin: PolicyOrigin): State => ({
  [VERSION]: version,
  [SOURCE]: originText(origin),
  ...partsOf(policy),
});

/** The state of a policy in these parts; null for a part that it does not have. */
export const stateIn = (loaded: LoadedPolicy, origin: PolicyOrigin, keys: Iterable<string>): State => {
  const whole = wholeOf(loaded, origin);
  return Object.fromEntries(Array.from(keys, (key) => [key, whole[key] ?? null]));
};

const same = (one: State[string] | undefined, other: State[string] | undefined): boolean =>
  canonicalJson(one ?? null) === canonicalJson(other ?? null);

/** The parts in which two policies differ, and always those that say which they are. */
export const partsThatDiffer = (from: LoadedPolicy, to: LoadedPolicy): string[] => {
  const [before, after] = [partsOf(from.policy), partsOf(to.policy)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [VERSION, SOURCE, ...[...keys].filter((key) => !same(before[key], after[key]))];
};

/** Parts that say nothing about how tags are judged. */
const aside = new Set<string>([VERSION, SOURCE, UPDATED, ...listNames.map((list) => lists[list].names)]);

/** How many tags one has that the other has not, and how many they have otherwise. */
export const differenceOf = (from: LoadedPolicy, to: LoadedPolicy) => {
  const [before, after] = [partsOf(from.policy), partsOf(to.policy)];
  const judging = partsThatDiffer(from, to).filter((key) => !aside.has(key));
  const added = judging.filter((key) => before[key] === undefined);
  const removed = judging.filter((key) => after[key] === undefined);
  return { added, removed, changed: judging.filter((key) => ![...added, ...removed].includes(key)) };
};

/** Whether both judge every resource alike, whatever they call themselves and in whatever order they list tags. */
export const judgesAlike = (one: LoadedPolicy, other: LoadedPolicy): boolean =>
  Object.values(differenceOf(one, other)).every((keys) => keys.length === 0);

const Names = z.array(z.string());
const Part = z.record(z.string(), z.json());

/**
 * The policy that a change leads to: the one that holds, with the changed parts put in.
 * @throws Error where that is not the version which the change names
 */
export const changedPolicy = (held: LoadedPolicy, after: State): LoadedPolicy => {
  const parts = { ...partsOf(held.policy), ...after };
  const version = versionOfState(after);
  const tagsOf = (list: List) =>
    Names.parse(parts[lists[list].names]).map((name) => ({ name, ...Part.parse(parts[`${lists[list].one} ${name}`]) }));
  const candidate = {
    version: version.slice(0, version.lastIndexOf('+')),
    last_updated: parts[UPDATED],
    required_tags: tagsOf('required_tags'),
    optional_tags: tagsOf('optional_tags'),
    tag_naming_rules: parts[RULES],
  };
  const changed = loadPolicy(candidate, originOfState(after).source);
  if (changed.version === version) return changed;
  throw new Error(`the change of the tagging policy leads to ${changed.version} and not to ${version}`);
};
