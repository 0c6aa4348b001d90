/** What a scan looks at: arguments to accounts, regions and types, with what was assumed said aloud. */
import { z } from 'zod';
import { hasTags } from '../../../../../contracts/packs/tagging/types/index.ts';
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import type { Belief } from '../../../call.ts';
import { digest } from '../../../canonical.ts';
import { CountersignError } from '../../../errors.ts';
import { poolOfType } from '../cost/cost-services.ts';
import type { Account, Estate, Extent, Resource } from '../estate/estate.ts';
import type { TaggingSettings } from '../settings.ts';

const MAX_TYPES = 10;
const MAX_REGIONS = 20;
const MAX_ACCOUNTS = 50;

/** Taken as the operator configured it and no other way, so nobody needs to be told of it. */
const unsaid = { unsaid: true };

/** Input fields of every scan tool. */
export const extentInput = {
  resource_types: z
    .array(z.string().max(50))
    .min(1)
    .max(MAX_TYPES)
    .optional()
    .describe('Such as ec2:instance. Default: all enabled'),
  regions: z.array(z.string().max(30)).min(1).max(MAX_REGIONS).optional().describe('Default: all enabled'),
  accounts: z
    .array(z.string().regex(/^\d{12}$/, 'must be a 12-digit account id'))
    .min(1)
    .max(MAX_ACCOUNTS)
    .optional()
    .describe('Account ids. Default: all enabled'),
  cross_account_role_name: z
    .string()
    .max(64)
    .optional()
    .describe('Role in other accounts: none but the operator’s')
    .meta(unsaid),
  external_id: z.string().max(1224).optional().describe('Its external id: none but the operator’s').meta(unsaid),
};
const ExtentInput = z.object(extentInput);
export type ExtentInput = z.output<typeof ExtentInput>;

export interface ResolvedExtent {
  readonly extent: Extent;
  readonly accounts: readonly Account[];
  /** Types the caller named one by one. */
  readonly named: ReadonlySet<TaggableType>;
  /** Every type was asked for. */
  readonly allTypes: boolean;
  /** More than one account, or accounts were named: results are told per account. */
  readonly multiAccount: boolean;
  readonly assumed: readonly Belief[];
}

const refuse = (message: string): never => {
  throw new CountersignError('invalid_input', message);
};

const sameRole = (input: ExtentInput, settings: TaggingSettings): void => {
  if (input.cross_account_role_name !== undefined && input.cross_account_role_name !== settings.crossAccountRoleName)
    refuse('cross_account_role_name: must be the role the operator configured. Leave it out.');
  if (input.external_id !== undefined && input.external_id !== settings.crossAccountExternalId)
    refuse('external_id: is not the one the operator configured. Leave it out.');
};

/** Those of `known` that were asked for. @throws invalid_input naming the others */
const among = <T extends string>(field: string, asked: readonly string[] | undefined, known: readonly T[]): T[] => {
  if (asked === undefined) return [...known];
  const strange = asked.filter((each) => !known.some((one) => one === each));
  if (strange.length > 0) refuse(`${field}: ${strange.join(', ')} is not enabled here. Enabled: ${known.join(', ')}.`);
  return known.filter((each) => asked.includes(each));
};

/** @throws invalid_input for a type that the operator did not enable */
const typesOf = (
  input: ExtentInput,
  enabled: readonly TaggableType[],
): { types: readonly TaggableType[]; named: readonly TaggableType[] } => {
  const asked = new Set(input.resource_types ?? ['all']);
  if (!asked.has('all')) {
    const types = among('resource_types', input.resource_types, enabled);
    if (!types.some(hasTags))
      refuse(`resource_types: AWS has no tags for ${types.join(', ')}. Name a type that has some.`);
    return { types, named: types };
  }
  return asked.size === 1 ? { types: enabled, named: [] } : refuse('resource_types: name types, or only ["all"].');
};

const assumptions = (input: ExtentInput, extent: Extent): Belief[] => {
  const because = 'it was left out, and this is everything the operator enabled';
  const untagged = extent.types.filter((type) => !hasTags(type));
  return [
    ...(untagged.length > 0
      ? [
          {
            parameter: 'resource_types',
            assumed: `${untagged.join(', ')} not judged`,
            because: 'AWS has no tags for it',
          },
        ]
      : []),
    ...(input.resource_types === undefined
      ? [{ parameter: 'resource_types', assumed: 'all', because, alternatives: extent.types }]
      : []),
    ...(input.regions === undefined ? [{ parameter: 'regions', assumed: extent.regions, because }] : []),
    ...(input.accounts === undefined && extent.accounts.length > 1
      ? [{ parameter: 'accounts', assumed: extent.accounts, because }]
      : []),
  ];
};

/** @throws invalid_input for anything the operator did not enable */
export const resolveExtent = async (
  input: ExtentInput,
  estate: Estate,
  settings: TaggingSettings,
): Promise<ResolvedExtent> => {
  sameRole(input, settings);
  const { types, named } = typesOf(input, estate.types());
  const [known, regions] = await Promise.all([estate.accounts(), estate.regions()]);
  const accountIds = known.map((account) => account.accountId);
  const extent = {
    accounts: among('accounts', input.accounts, accountIds),
    regions: among('regions', input.regions, regions),
    types,
  };
  return {
    extent,
    accounts: known.filter((account) => extent.accounts.includes(account.accountId)),
    named: new Set(named),
    allTypes: named.length === 0,
    multiAccount: input.accounts !== undefined || extent.accounts.length > 1,
    assumed: assumptions(input, extent),
  };
};

/** Everything the operator enabled. */
export const wholeExtent = async (estate: Estate): Promise<Extent> => ({
  accounts: (await estate.accounts()).map((account) => account.accountId),
  regions: await estate.regions(),
  types: estate.types(),
});

/** Is a resource, or a place where some may be, inside an extent? */
export const extentContains = (
  { accounts, regions, types }: Extent,
  { accountId, region, type }: Pick<Resource, 'accountId' | 'region' | 'type'>,
): boolean => accounts.includes(accountId) && regions.includes(region) && types.includes(type);

const isAll = <T>(some: readonly T[], all: readonly T[]): boolean => all.every((each) => some.includes(each));

/** Does an extent hold everything of its accounts that the operator enabled? */
export const isWholeAccounts = (extent: Extent, whole: Extent): boolean =>
  isAll(extent.regions, whole.regions) && isAll(extent.types, whole.types);

/**
 * What must be read to say what an extent costs: whatever shares its spend. Spend is told per account and service, so
 * that is every region, and every type that the same service bills.
 */
export const sharingCosts = (extent: Extent, whole: Extent): Extent => {
  const pools = new Set(extent.types.map(poolOfType));
  return {
    accounts: extent.accounts,
    regions: whole.regions,
    types: whole.types.filter((type) => extent.types.includes(type) || pools.has(poolOfType(type))),
  };
};

const sorted = (values: readonly string[]): string[] => [...values].sort();

/** The same for the same accounts, regions and types in any order: scans with one hash can be compared. */
export const extentHash = ({ accounts, regions, types }: Extent): string =>
  digest({ accounts: sorted(accounts), regions: sorted(regions), types: sorted(types) }).slice(0, 32);

export const sliceCount = ({ accounts, regions, types }: Extent): number =>
  accounts.length * regions.length * types.length;
