/** The IAM actions of the tagging pack: those of each type for the types that are enabled, and a few of its own. */
import type { ActionContract, Reach } from '../pack.ts';
import { isGlobal, type TaggableType, taggableTypeNames, taggableTypes } from './types/index.ts';
import type { ResourceTypeContract } from './types/type.ts';

type NamesOf<T> = T extends Readonly<Record<infer Name extends string, unknown>> ? Name : never;
type ActionsOf<T> = T extends ResourceTypeContract
  ?
      | NamesOf<T['list']>
      | NamesOf<NonNullable<T['surroundings']>>
      | NamesOf<NonNullable<T['set']>>
      | NamesOf<NonNullable<T['remove']>>
  : never;
type TypeAction = ActionsOf<(typeof taggableTypes)[TaggableType]>;

/** What reading tag policies of AWS Organizations calls. */
export const tagPolicyActions = [
  'organizations:DescribeEffectivePolicy',
  'organizations:DescribePolicy',
  'organizations:ListParents',
  'organizations:ListPolicies',
  'organizations:ListPoliciesForTarget',
  'tag:ListRequiredTags',
] as const;

/** Tag policies belong to the management account. Its id need not be known here, so the reach is everywhere. */
const readsTagPolicies: ActionContract = {
  reach: 'everywhere',
  homeOnly: true,
  where: ['auto_import_aws_policy', 'read_aws_tag_policies'],
};

/** AWS answers the management account and delegated ones, and refuses others. A refusal is no error: ids are shown. */
const readsAccountNames: ActionContract = { reach: 'everywhere', homeOnly: true, where: ['read_account_names'] };

const own = {
  'tag:GetResources': { reach: 'everywhere' },
  'tag:TagResources': { reach: 'everywhere', writes: true },
  'tag:UntagResources': { reach: 'everywhere', writes: true },
  'sts:GetCallerIdentity': { reach: 'everywhere', homeOnly: true },
  'sts:AssumeRole': { reach: 'assumed' },
  'ce:GetCostAndUsage': { reach: 'everywhere' },
  'ce:GetCostAndUsageWithResources': { reach: 'everywhere' },
  'cloudtrail:LookupEvents': { reach: 'everywhere' },
  'organizations:ListAccounts': readsAccountNames,
} as const satisfies Readonly<Record<string, ActionContract>>;

/** An action that some tool of the pack declares. */
export type TaggingAction = keyof typeof own | (typeof tagPolicyActions)[number] | TypeAction;

/** The actions of a type: those that list it, those that read where its resources run, and those that tag it. */
type Part = 'list' | 'surroundings' | 'set' | 'remove';

const contractOf = (type: TaggableType): ResourceTypeContract => taggableTypes[type];

/** The actions of some parts of all types, each with what it may touch for each type. */
const byType = (...parts: readonly Part[]): Record<TypeAction, Record<string, Reach>> => {
  const found: Record<string, Record<string, Reach>> = {};
  for (const type of taggableTypeNames)
    for (const part of parts)
      for (const [action, reach] of Object.entries(contractOf(type)[part] ?? {})) {
        found[action] ??= {};
        found[action][type] = reach;
      }
  return found;
};

const chosen = (actions: Readonly<Record<string, Record<string, Reach>>>, writes: boolean) =>
  Object.fromEntries(
    Object.entries(actions).map(([action, of]): [string, ActionContract] => [
      action,
      {
        reach: { chosen: of },
        ...(writes && { writes }),
        ...(writes &&
          taggableTypeNames.every((type) => !Object.hasOwn(of, type) || isGlobal(type)) && { global: true }),
      },
    ]),
  );

/** Each action with what it may touch. */
export const taggingActions = {
  ...own,
  ...Object.fromEntries(tagPolicyActions.map((action): [string, ActionContract] => [action, readsTagPolicies])),
  ...chosen(byType('set', 'remove'), true),
  ...chosen(byType('list', 'surroundings'), false),
} as Readonly<Record<TaggingAction, ActionContract>>;

const namesOf = (...parts: readonly Part[]) => Object.keys(byType(...parts)) as TypeAction[];
const sorted = (...groups: readonly (readonly TaggingAction[])[]): readonly TaggingAction[] =>
  [...new Set(groups.flat())].sort();

const looksUp = ['tag:GetResources', 'sts:GetCallerIdentity', 'sts:AssumeRole'] as const;

/** The actions of a tool that reads the tags of named resources. */
export const readingActions = sorted(looksUp, namesOf('list'));

/** The actions of a tool that also asks where a resource runs. */
export const suggestingActions = sorted(looksUp, namesOf('list', 'surroundings'));

/** The actions of a tool that lists resources and asks what they cost. */
export const lookingActions = sorted(looksUp, namesOf('list'), [
  'organizations:ListAccounts',
  'ce:GetCostAndUsage',
  'ce:GetCostAndUsageWithResources',
]);

/** The actions of a tool that reads resources and writes their tags. */
export const writingActions = sorted(looksUp, namesOf('list', 'set', 'remove'), [
  'tag:TagResources',
  'tag:UntagResources',
]);

/** The actions of a tool that reads resources and asks who wrote their tags. */
export const driftActions = sorted(looksUp, namesOf('list'), ['cloudtrail:LookupEvents', 'organizations:ListAccounts']);
