/** Which account and region ARNs belong to. */
import { type Arn, parseArn } from '../estate/arn.ts';
import type { EstateContext, Failure } from '../estate/estate.ts';
import { failureOf } from './failure.ts';
import { inParallel } from './parallel.ts';
import { type AwsParts, type Place, placeAt, type Shared } from './place.ts';
import type { TypeDriver } from './types/driver.ts';
import { driverNamed } from './types/index.ts';

export interface Group {
  readonly accountId: string;
  readonly region: string;
  readonly arns: Arn[];
}

export interface Grouped {
  readonly groups: readonly Group[];
  /** ARNs whose home is not known because an account could not be asked. */
  readonly unknown: ReadonlyMap<string, Failure>;
}

export interface Where {
  readonly accounts: readonly string[];
  /** Region that answers for S3 in a whole account. */
  readonly homeRegion: string;
  /** Region that answers for what belongs to a whole account. */
  readonly globalRegion: string;
  /** Region under which that is told. */
  readonly toldRegion: string;
}

interface Home {
  readonly accountId: string;
  readonly region: string;
}

const ACCOUNTS_AT_ONCE = 4;

/** ARNs by account and region. An ARN may name neither, or no account: then each account is asked what it has. */
export const groupArns = async (
  parts: AwsParts,
  where: Where,
  arns: readonly string[],
  context: EstateContext,
  shared: Shared,
): Promise<Grouped> => {
  const parsed = arns.map((arn) => parseArn(arn)).filter((arn) => arn !== undefined);
  const buckets = parsed.some((arn) => arn.type === 's3:bucket');
  const { homes, failure, unlocated } = buckets ? await bucketHomes(parts, where, context, shared) : nowhere;
  const owners = await ownersOf(parts, where, parsed, context, shared);
  const groups = new Map<string, Group>();
  const unknown = new Map<string, Failure>();
  for (const arn of parsed) {
    const home = arn.type === 's3:bucket' ? homes.get(arn.id) : homeOf(where, arn, owners);
    if (home === undefined) {
      const why = arn.type === 's3:bucket' ? (unlocated.get(arn.id) ?? failure) : owners.failures.get(arn.type);
      if (why) unknown.set(arn.arn, why);
      continue;
    }
    const key = `${home.accountId} ${home.region}`;
    const group = groups.get(key) ?? { accountId: home.accountId, region: home.region, arns: [] };
    group.arns.push(arn);
    groups.set(key, group);
  }
  return { groups: [...groups.values()], unknown };
};

/** Where an ARN without a region is asked about. */
const regionOf = ({ globalRegion }: Where, { region }: Arn): string => region || globalRegion;

const homeOf = (where: Where, arn: Arn, { accounts }: Owners): Home | undefined => {
  const accountId = arn.accountId || accounts.get(arn.arn);
  return accountId === undefined ? undefined : { accountId, region: regionOf(where, arn) };
};

interface Owners {
  /** The account of an ARN that names none. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Why an account could not be asked, by type. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/** Which accounts have what ARNs without an account name: hosted zones and REST APIs. */
const ownersOf = async (
  parts: AwsParts,
  where: Where,
  arns: readonly Arn[],
  context: EstateContext,
  shared: Shared,
): Promise<Owners> => {
  const accounts = new Map<string, string>();
  const failures = new Map<string, Failure>();
  const homeless = arns.filter(({ type, accountId }) => accountId === '' && type !== 's3:bucket');
  const [only, ...others] = where.accounts;
  // Of one account alone, whatever it has is its own.
  if (only !== undefined && others.length === 0) for (const { arn } of homeless) accounts.set(arn, only);
  else
    for (const [place, same] of Map.groupBy(homeless, (arn) => `${arn.type} ${regionOf(where, arn)}`)) {
      const [type = '', region = ''] = place.split(' ');
      const driver = await driverNamed(type);
      if (driver === undefined) continue;
      await inParallel(where.accounts, ACCOUNTS_AT_ONCE, async (accountId) => {
        try {
          const owned = await ownedIn(await placeAt(parts, accountId, region, context.signal, shared), driver);
          for (const { arn } of same) if (owned.has(arn)) accounts.set(arn, accountId);
        } catch (error) {
          const about = { accountId, region, type: driver.type };
          failures.set(type, { ...about, ...failureOf(error, driver.service, context.signal) });
        }
      });
    }
  return { accounts, failures };
};

/** ARNs of everything of a type in a place, listed once however many calls ask. @throws when a part of it could not be read */
const ownedIn = (place: Place, driver: TypeDriver): Promise<ReadonlySet<string>> => {
  const { owned } = place.shared;
  const key = `${driver.type} ${place.accountId} ${place.region}`;
  const listing =
    owned.get(key) ??
    driver.list(place).then(({ resources, unread }) => {
      if (unread !== undefined) throw unread.error;
      return new Set(resources.map(({ arn }) => arn));
    });
  owned.set(key, listing);
  return listing;
};

interface Homes {
  readonly homes: ReadonlyMap<string, Home>;
  /** Why an account could not be asked. */
  readonly failure: Failure | undefined;
  /** Buckets that are there, in a region that could not be read. */
  readonly unlocated: ReadonlyMap<string, Failure>;
}
const nowhere: Homes = { homes: new Map(), failure: undefined, unlocated: new Map() };

const bucketHomes = async (
  parts: AwsParts,
  { accounts, homeRegion }: Where,
  context: EstateContext,
  shared: Shared,
): Promise<Homes> => {
  // With S3's SDK, which is loaded only where buckets are named.
  const { bucketsOnce } = await import('./types/s3-bucket.ts');
  const homes = new Map<string, Home>();
  const failures: Failure[] = [];
  const unlocated = new Map<string, Failure>();
  await inParallel(accounts, ACCOUNTS_AT_ONCE, async (accountId) => {
    const failed = (error: unknown): Failure => ({
      accountId,
      type: 's3:bucket',
      ...failureOf(error, 's3', context.signal),
    });
    try {
      const place = await placeAt(parts, accountId, homeRegion, context.signal, shared);
      const buckets = await bucketsOnce(place);
      for (const { name, region } of buckets.located) homes.set(name, { accountId, region });
      for (const [name, error] of buckets.unlocated) unlocated.set(name, failed(error));
    } catch (error) {
      failures.push(failed(error));
    }
  });
  return { homes, failure: failures[0], unlocated };
};
