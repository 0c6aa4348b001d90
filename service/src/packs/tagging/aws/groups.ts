/** Which account and region ARNs belong to. */
import { type Arn, parseArn } from '../estate/arn.ts';
import type { EstateContext, Failure } from '../estate/estate.ts';
import { failureOf } from './failure.ts';
import { inParallel } from './parallel.ts';
import { type AwsParts, placeAt, type Shared } from './place.ts';

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
  /** Region that answers for a whole account. */
  readonly homeRegion: string;
}

interface Home {
  readonly accountId: string;
  readonly region: string;
}

const ACCOUNTS_AT_ONCE = 4;

/** ARNs by account and region. A bucket's ARN names neither, so each account is asked for its buckets. */
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
  const groups = new Map<string, Group>();
  const unknown = new Map<string, Failure>();
  for (const arn of parsed) {
    const home: Home | undefined = arn.type === 's3:bucket' ? homes.get(arn.id) : arn;
    if (home === undefined) {
      const why = unlocated.get(arn.id) ?? failure;
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
