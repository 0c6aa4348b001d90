/** Listing AWS: each type by its own service, joined with the tags GetResources knows. */
import type { TaggableType } from '../../../../../contracts/packs.ts';
import { CountersignError } from '../../../errors.ts';
import type { EstateContext, Extent, Resource, Slice, Tags } from '../estate.ts';
import { failureOf } from './failure.ts';
import { asTheyFinish } from './parallel.ts';
import { type AwsParts, newShared, type Place, placeAt, type Shared } from './place.ts';
import { taggedResources } from './tagging-api.ts';
import type { Listed } from './types/driver.ts';
import { drivers } from './types/index.ts';

/** Slices listed at once: enough to be quick, few enough to stay under the describe limits of one account. */
const SLICES_AT_ONCE = 16;

/** One region of one account while it is scanned: its place and its clock start with its first slice. */
interface Region {
  readonly place: Promise<Place>;
  readonly signal: AbortSignal;
  /** The tags GetResources knows, asked once for all types that need them. */
  tagged(): Promise<ReadonlyMap<string, Tags>>;
}

const openRegion = (
  parts: AwsParts,
  accountId: string,
  region: string,
  extent: Extent,
  context: EstateContext,
  shared: Shared,
): Region => {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(parts.timeouts.regionMs)]);
  const place = placeAt(parts, accountId, region, signal, shared);
  const filters = extent.types.flatMap((type) => drivers[type].taggingFilter ?? []);
  let tagged: Promise<ReadonlyMap<string, Tags>> | undefined;
  return {
    place,
    signal,
    tagged: () => {
      tagged ??= place.then((at) => taggedResources(at, filters));
      return tagged;
    },
  };
};

/** One slice for each account, region and type, as they come in. See Estate.list. */
export async function* listEstate(parts: AwsParts, extent: Extent, context: EstateContext): AsyncGenerator<Slice> {
  const shared = newShared();
  const regions = new Map<string, Region>();
  const regionAt = (accountId: string, region: string): Region => {
    const key = `${accountId} ${region}`;
    const known = regions.get(key) ?? openRegion(parts, accountId, region, extent, context, shared);
    regions.set(key, known);
    return known;
  };
  const opened = new Map<string, Promise<unknown>>();
  const openAccount = (accountId: string): Promise<unknown> => {
    const opening = opened.get(accountId) ?? parts.sessions.credentials(accountId);
    opened.set(accountId, opening);
    return opening;
  };
  const tasks = extent.accounts.flatMap((accountId) =>
    extent.regions.flatMap((region) =>
      extent.types.map((type) => async (): Promise<Slice> => {
        const slice = { accountId, region, type };
        try {
          await openAccount(accountId);
        } catch (error) {
          return { ...slice, resources: [], failure: { accountId, ...failureOf(error, 'sts', context.signal) } };
        }
        return listSlice(regionAt(accountId, region), slice);
      }),
    ),
  );
  for await (const slice of asTheyFinish(tasks, SLICES_AT_ONCE)) {
    if (context.signal.aborted)
      throw new CountersignError('cancelled', 'The call was cancelled.', { cause: context.signal.reason });
    yield slice;
  }
}

const listSlice = async (
  region: Region,
  slice: { readonly accountId: string; readonly region: string; readonly type: TaggableType },
): Promise<Slice> => {
  const driver = drivers[slice.type];
  try {
    const place = await region.place;
    const listed = await driver.list(place);
    const needed = driver.taggingFilter !== undefined && listed.some((each) => each.tags === null);
    return { ...slice, resources: needed ? join(listed, await region.tagged()) : join(listed, new Map()) };
  } catch (error) {
    const failure = failureOf(error, driver.service, region.signal);
    const { type, ...whole } = slice;
    // A region that is too slow is too slow for all its types.
    return {
      ...slice,
      resources: [],
      failure: failure.code === 'timeout' ? { ...whole, ...failure } : { ...whole, type, ...failure },
    };
  }
};

/** A listed resource that GetResources does not know was never tagged. */
const join = (listed: readonly Listed[], tagged: ReadonlyMap<string, Tags>): Resource[] =>
  listed.map((each) => ({ ...each, tags: each.tags ?? tagged.get(each.arn) ?? {} }));
