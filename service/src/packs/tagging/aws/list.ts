/** Listing AWS: each type by its own service, joined with the tags GetResources knows. */
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import { CountersignError } from '../../../errors.ts';
import { unlessAborted } from '../../../unless-aborted.ts';
import type { EstateContext, Extent, Failure, Resource, Slice, Tags } from '../estate/estate.ts';
import { failureOf } from './failure.ts';
import { asTheyFinish, asTheyYield } from './parallel.ts';
import { type AwsParts, globalRegion, newShared, placeAt, type Shared, toldRegion } from './place.ts';
import { taggedResources } from './tagging-api.ts';
import { AccountListingError, type Listed } from './types/driver.ts';
import { driverOf } from './types/index.ts';

/** Slices listed at once: enough to be quick, few enough to stay under the describe limits of one account. */
const SLICES_AT_ONCE = 16;
/** The same of each account where there are several. */
const SLICES_OF_MANY = 6;
const ACCOUNTS_AT_ONCE = 10;
/** Longest time for one of several accounts. */
const ACCOUNT_MS = 120_000;
/** Longest time for all regions of a single account, in times of one region. */
const ALL_REGIONS = 3;

type Where = Pick<Slice, 'accountId' | 'region'>;
type Tagged = ReadonlyMap<string, Tags>;

/** The listing's parts, and every region of the estate, listed or not. */
interface ListingParts extends AwsParts {
  readonly settings: { readonly regions: readonly string[] };
}

interface Listing {
  readonly parts: ListingParts;
  readonly context: EstateContext;
  readonly shared: Shared;
  /** The tags GetResources knows in a region, asked once for all types that need them. */
  tagged(where: Where): Promise<Tagged>;
}

/** Each type has its own clock: one that is slow leaves the others their time. */
const clock = (parts: AwsParts, context: EstateContext): AbortSignal =>
  AbortSignal.any([context.signal, AbortSignal.timeout(parts.timeouts.regionMs)]);

const openListing = async (parts: ListingParts, extent: Extent, context: EstateContext): Promise<Listing> => {
  const shared = newShared();
  const drivers = await Promise.all(extent.types.map(driverOf));
  const filters = drivers.flatMap(({ taggingFilter }) => taggingFilter ?? []);
  const asked = new Map<string, Promise<Tagged>>();
  const ask = async ({ accountId, region }: Where): Promise<Tagged> =>
    taggedResources(await placeAt(parts, accountId, region, clock(parts, context), shared), filters);
  return {
    parts,
    context,
    shared,
    tagged: (where) => {
      const key = `${where.accountId} ${where.region}`;
      const asking = asked.get(key) ?? ask(where);
      asked.set(key, asking);
      return asking;
    },
  };
};

/** Everything of one account ends here: an account that hangs does not hold up the answer about the others. */
const accountClock = ({ timeouts }: AwsParts, { accounts }: Extent, context: EstateContext): AbortSignal => {
  const { regionMs, accountMs = ACCOUNT_MS } = timeouts;
  const longest = accounts.length > 1 ? accountMs : Math.max(accountMs, ALL_REGIONS * regionMs);
  return AbortSignal.any([context.signal, AbortSignal.timeout(longest)]);
};

/** The slices of one account. Whatever fails of it is a slice with its failure. */
async function* listAccount(listing: Listing, accountId: string, extent: Extent): AsyncGenerator<Slice> {
  const { parts, context } = listing;
  const { accounts, regions, types } = extent;
  const signal = accountClock(parts, extent, context);
  const own = { ...listing, context: { ...context, signal } };
  const opening = parts.sessions.own().then(() => parts.sessions.credentials(accountId));
  const opened = unlessAborted(opening, signal, () =>
    signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }),
  );
  opened.catch(() => undefined);
  const tasks = regions.flatMap((region) =>
    types.map((type) => async (): Promise<Slice> => {
      const slice = { accountId, region, type };
      try {
        await opened;
      } catch (error) {
        return { ...slice, resources: [], failure: { accountId, ...failureOf(error, 'sts', signal) } };
      }
      return listSlice(own, slice);
    }),
  );
  yield* asTheyFinish(tasks, accounts.length > 1 ? SLICES_OF_MANY : SLICES_AT_ONCE);
}

/** One slice for each account, region and type, as they come in. See Estate.list. */
export async function* listEstate(parts: ListingParts, extent: Extent, context: EstateContext): AsyncGenerator<Slice> {
  const listing = await openListing(parts, extent, context);
  const accounts = extent.accounts.map((accountId) => () => listAccount(listing, accountId, extent));
  for await (const slice of asTheyYield(accounts, ACCOUNTS_AT_ONCE)) {
    if (context.signal.aborted)
      throw new CountersignError('cancelled', 'The call was cancelled.', { cause: context.signal.reason });
    yield slice;
  }
}

const listSlice = async (
  { parts, context, shared, tagged }: Listing,
  slice: Where & { readonly type: TaggableType },
): Promise<Slice> => {
  const { accountId, region, type } = slice;
  const driver = await driverOf(type);
  const signal = clock(parts, context);
  const failed = (error: unknown, what = ''): Failure => {
    const ofAccount = error instanceof AccountListingError;
    const { code, message } = failureOf(ofAccount ? error.cause : error, driver.service, signal);
    const where = ofAccount ? { accountId, type } : slice;
    return { ...where, code, message: what === '' ? message : `${what}: ${message}` };
  };
  try {
    const { partition } = await parts.sessions.own();
    if (driver.global && region !== toldRegion(partition, parts.settings.regions)) return { ...slice, resources: [] };
    const asked = driver.global ? globalRegion(partition) : region;
    const { resources: listed, unread } = await driver.list(await placeAt(parts, accountId, asked, signal, shared));
    const needed = driver.taggingFilter !== undefined && listed.some((each) => each.tags === null);
    const found = join(listed, needed ? await tagged({ accountId, region: asked }) : new Map());
    const resources = driver.global ? found.map((each) => ({ ...each, region })) : found;
    return { ...slice, resources, ...(unread === undefined ? {} : { failure: failed(unread.error, unread.what) }) };
  } catch (error) {
    return { ...slice, resources: [], failure: failed(error) };
  }
};

/** A listed resource that GetResources does not know was never tagged. */
const join = (listed: readonly Listed[], tagged: Tagged): Resource[] =>
  listed.map((each) => ({ ...each, tags: each.tags ?? tagged.get(each.arn) ?? {} }));
