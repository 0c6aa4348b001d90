/** The resources a change names: read, merged with the new tags, and judged for what would fail. */
import { z } from 'zod';
import { hasTags, type TaggableType } from '../../../../../contracts/packs/tagging/types/index.ts';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { AccountRef } from '../../../ports/accounts.ts';
import { clean } from '../../../untrusted.ts';
import { type Arn, isOldServiceArn, MAX_ARN_LENGTH, parseArn, parseArns } from '../estate/arn.ts';
import { type Estate, type Failure, isFailure, type Resource, type Tags } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import {
  faultOfChange,
  faultOfRemoval,
  lengthOf,
  MAX_KEY,
  MAX_VALUE,
  mergeTags,
  reasonOf,
  remedies,
  type TagFault,
} from '../policy/tag-rules.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';

/** Most resources of one operation, and of a preview. */
export const MAX_TARGETS = 500;
/** Most resources of one request: it is split into operations. */
const MAX_REQUESTED = 5 * MAX_TARGETS;
const MAX_TAGS = 50;

const within = (most: number) =>
  z.string().refine((text) => lengthOf(text) <= most, { error: `must have at most ${most} characters` });

const arns = z.array(z.string().min(1).max(MAX_ARN_LENGTH)).min(1);
const targetArns = arns.max(MAX_TARGETS).describe('1 to 500');

/** ARNs of a request that may be split. */
export const requestedArns = arns.max(MAX_REQUESTED).describe('1 to 2,500');

/** The inputs of as many operations as it takes. */
export const splitTargets = <Input extends { readonly resource_arns: string[] }>(input: Input): Input[] => {
  const named = [...new Set(input.resource_arns)];
  const parts = Math.ceil(named.length / MAX_TARGETS);
  return Array.from({ length: parts }, (_, at) => ({
    ...input,
    resource_arns: named.slice(at * MAX_TARGETS, (at + 1) * MAX_TARGETS),
  }));
};

/** Input fields of preview and bulk tagging. */
export const targetInput = {
  resource_arns: targetArns,
  tags: z
    // UTF-16 has up to two units for a character.
    .record(
      within(MAX_KEY)
        .min(1)
        .max(2 * MAX_KEY),
      within(MAX_VALUE).max(2 * MAX_VALUE),
    )
    .describe('1 to 50 tags to set, key to value. Other tags of the resources stay as they are'),
  only_if_missing: z.boolean().default(false).describe('Overwrite no value'),
};

/** Keys to remove. */
export const removedKeys = z
  .array(
    within(MAX_KEY)
      .min(1)
      .max(2 * MAX_KEY),
  )
  .min(1)
  .max(MAX_TAGS)
  .describe('1 to 50 keys, spelled exactly');

/** What is asked for of each target: tags to set, or keys to remove. */
export type Wanted =
  | { readonly tags: Tags; readonly only_if_missing: boolean }
  | { readonly remove: readonly string[] };

/** The keys that are touched. */
export const keysOf = (wanted: Wanted): string[] =>
  'remove' in wanted ? [...wanted.remove] : Object.keys(wanted.tags);

export interface Target {
  readonly arn: Arn;
  readonly type: TaggableType;
  /** Undefined: it does not exist. */
  readonly resource: Resource | undefined;
  /** Its tags before and after; both empty where it does not exist. */
  readonly before: Tags;
  readonly after: Tags;
  /** What is written to this one, of what is asked for of all: nothing where it does not exist. */
  readonly set: Tags;
  readonly remove: readonly string[];
  readonly fault: TagFault | undefined;
  /** Why it could not be read, or what to do about the fault. Text from outside. */
  readonly remedy?: string | undefined;
}

/** Accounts as the service asks about them. */
export const awsAccounts = (accountIds: readonly string[]): AccountRef[] =>
  accountIds.map((accountId) => ({ api: 'AWS', accountId }));

/** The accounts ARNs name. Buckets' ARNs name none: their plan does. */
export const accountsOf = (arns: readonly string[]): AccountRef[] =>
  awsAccounts([...new Set(arns.map((arn) => parseArn(arn)?.accountId ?? '').filter((account) => account !== ''))]);

type TypedArn = Arn & { readonly type: TaggableType };

/** Why tags of a type cannot be changed; undefined for one whose tags can. */
const whyNotTagged = (type: string, enabled: readonly TaggableType[]): string | undefined => {
  const known = enabled.find((each) => each === type);
  if (known === undefined) return `${type} cannot be tagged here. Enabled: ${enabled.join(', ')}.`;
  return hasTags(known) ? undefined : `AWS has no tags for ${type}.`;
};

const isOf =
  (types: readonly TaggableType[]) =>
  (arn: Arn): arn is TypedArn =>
    types.some((type) => type === arn.type);

const refuse = (message: string): never => {
  throw new CountersignError('invalid_input', message);
};

const checkTags = (wanted: Wanted): void => {
  if ('remove' in wanted) return;
  const count = Object.keys(wanted.tags).length;
  if (count < 1 || count > MAX_TAGS) refuse(`tags: must hold 1 to ${MAX_TAGS} tags, not ${count}.`);
};

/** Parses ARNs and holds them against what this service may tag. @throws invalid_input, account_not_authorized */
const checkArns = async (estate: Estate, given: readonly string[]): Promise<TypedArn[]> => {
  const arns = parseArns('resource_arns', [...new Set(given)]);
  const [untagged] = arns.flatMap(({ type }) => whyNotTagged(type, estate.types()) ?? []);
  if (untagged !== undefined) refuse(`resource_arns: ${untagged}`);
  const accounts = (await estate.accounts()).map((account) => account.accountId);
  const foreign = arns.find((arn) => arn.accountId !== '' && !accounts.includes(arn.accountId));
  if (foreign)
    throw new CountersignError(
      'account_not_authorized',
      `resource_arns: account ${foreign.accountId} is not enabled here. Enabled: ${accounts.join(', ')}.`,
    );
  const regions = await estate.regions();
  const abroad = arns.find((arn) => arn.region !== '' && !regions.includes(arn.region));
  if (abroad) refuse(`resource_arns: region ${abroad.region} is not enabled here. Enabled: ${regions.join(', ')}.`);
  return arns.filter(isOf(estate.types()));
};

interface ReadResources {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly failures: ReadonlyMap<string, Failure>;
}

const readEach = async (estate: Estate, arns: readonly string[], context: CallContext): Promise<ReadResources> => {
  const resources = new Map<string, Resource>();
  const failures = new Map<string, Failure>();
  for (const [arn, value] of await estate.read(arns, context))
    if (isFailure(value)) failures.set(arn, value);
    else resources.set(arn, value);
  return { resources, failures };
};

/** Most ARNs an error names. */
const MOST_NAMED = 20;

const refuseUnread = (failures: ReadonlyMap<string, Failure>, asked: number): never => {
  const [first] = failures.values();
  const named = [...failures.keys()].slice(0, MOST_NAMED);
  throw new CountersignError(
    first?.code === 'throttled' ? 'throttled' : 'upstream_error',
    `${failures.size} of ${asked} resources could not be read: ${clean(first?.message ?? '')} Try again.`,
    { details: { code: first?.code, resources: named } },
  );
};

/** Reads ARNs, and refuses to go on without any of them, naming those. */
export const readAll = async (
  estate: Estate,
  arns: readonly string[],
  context: CallContext,
): Promise<ReadonlyMap<string, Resource>> => {
  const { resources, failures } = await readEach(estate, arns, context);
  return failures.size === 0 ? resources : refuseUnread(failures, arns.length);
};

/**
 * The targets of a change, in the order they were named, each once. One that cannot be read is told as such, and stops
 * no other.
 * @throws invalid_input, account_not_authorized; throttled when one was throttled, upstream_error when none could be read
 */
export const loadTargets = async (
  pack: TaggingPack,
  named: readonly string[],
  wanted: Wanted,
  policy: LoadedPolicy,
  context: CallContext,
): Promise<Target[]> => {
  checkTags(wanted);
  const arns = await checkArns(pack.estate, named);
  const names = arns.filter((each) => !isOldServiceArn(each)).map((each) => each.arn);
  const { resources, failures } = await readEach(pack.estate, names, context);
  // Throttling passes, so the whole change is planned a minute later; anything else leaves the others to be planned now.
  const passes = [...failures.values()].some((failure) => failure.code === 'throttled');
  if (passes || (names.length > 0 && failures.size === names.length)) refuseUnread(failures, names.length);
  return arns.map((arn): Target => {
    const resource = resources.get(arn.arn);
    const unplanned = { arn, type: arn.type, resource: undefined, before: {}, after: {}, set: {}, remove: [] };
    const failure = failures.get(arn.arn);
    if (isOldServiceArn(arn)) return { ...unplanned, fault: 'old_arn_format', remedy: remedies.old_arn_format };
    if (failure !== undefined) return { ...unplanned, fault: 'unreadable', remedy: failure.message };
    if (resource === undefined) return { ...unplanned, fault: 'not_found' };
    return { arn, type: arn.type, resource, before: resource.tags, ...editOf(arn.type, resource.tags, wanted, policy) };
  });
};

/** What is written to a resource with these tags, what they become, and why it would fail. */
const editOf = (
  type: TaggableType,
  before: Tags,
  wanted: Wanted,
  policy: LoadedPolicy,
): Pick<Target, 'after' | 'set' | 'remove' | 'fault' | 'remedy'> => {
  if ('remove' in wanted) {
    const remove = wanted.remove.filter((key) => Object.hasOwn(before, key));
    const kept = Object.entries(before).filter(([key]) => !remove.includes(key));
    const fault = faultOfRemoval(type, remove);
    return { after: Object.fromEntries(kept), set: {}, remove, fault, remedy: fault && reasonOf(type, asTags(remove)) };
  }
  const missing = Object.entries(wanted.tags).filter(([key]) => !Object.hasOwn(before, key));
  const set = wanted.only_if_missing ? Object.fromEntries(missing) : wanted.tags;
  return {
    after: mergeTags(before, set),
    set,
    remove: [],
    fault: faultOfChange(type, before, set, policy),
    remedy: reasonOf(type, set),
  };
};

const asTags = (keys: readonly string[]): Tags => Object.fromEntries(keys.map((key) => [key, '']));

/** Would anything about it change? */
export const changes = ({ before, set, remove }: Target): boolean =>
  remove.length > 0 || Object.entries(set).some(([key, value]) => !Object.hasOwn(before, key) || before[key] !== value);
