/**
 * What was listed, kept by account, region and type for an hour: a question is answered from the slices it needs, only
 * those that are missing or failed are read, and a slice that somebody is reading is waited for. Kept per task.
 */
import { LRUCache } from 'lru-cache';
import { unlessAborted } from '../../../unless-aborted.ts';
import type { Estate, EstateContext, Extent, Failure, Slice } from '../estate/estate.ts';
import { extentContains } from './extent.ts';
import { packedSlice, packResources, placeKey, type ReadSlice, type SlicePlace } from './packed-slice.ts';
import type { ScanContext } from './scan-context.ts';
import { SharedRun } from './shared-work.ts';

export interface KeptSlice extends ReadSlice {
  /** Its resources as packResources wrote them. */
  readonly packed: Buffer;
  /** Unlike that of any other slice ever read. */
  readonly serial: number;
  /** When the scan that read it began, ISO. */
  readonly at: string;
  /** What had been written by then. */
  readonly writes: string;
}

export interface ReadOptions {
  /** Read again what is kept. */
  readonly fresh: boolean;
  /** Take what failed as it is instead of trying again: the next page of an answer. */
  readonly failedToo: boolean;
  /** Take nothing that was read before, ISO. */
  readonly since?: string | undefined;
}

export interface SliceOptions extends ReadOptions {
  /** What the question is about. The rest only shares its costs, and is not waited for much longer. */
  readonly about: Extent;
  /** Is told of each slice once it is there. */
  readonly onSlice?: ((slice: KeptSlice) => void) | undefined;
}

/** A slice that an earlier try of the same scan read, here or in another task. */
export type EarlierSlice = Omit<KeptSlice, 'serial' | 'writes'>;

export interface Slices {
  /**
   * Every slice of an extent, and whether one was read meanwhile, for this caller or another.
   * @throws cancelled when the caller leaves; slices that others wait for are read on
   */
  read(
    extent: Extent,
    writes: string,
    options: SliceOptions,
    context: ScanContext,
  ): Promise<{ readonly slices: readonly KeptSlice[]; readonly anew: boolean }>;
  /** The slices of an extent when all of them are kept and none failed. */
  kept(extent: Extent, writes: string): readonly KeptSlice[] | undefined;
  /** How many slices of an extent are not kept. */
  missing(extent: Extent, writes: string): number;
  /** Keeps what was read elsewhere, where nothing newer is kept. */
  restore(slices: readonly EarlierSlice[], writes: string): void;
  forget(): void;
}

const KEPT_MS = 3_600_000;
/** How much longer than for what was asked an answer waits for what only shares its costs. */
const BESIDE_MS = 5_000;
/** Bytes of all kept slices together, outside the heap: about half a million resources. */
const KEPT_BYTES = 64 * 2 ** 20;
/** What a slice takes beside its resources. */
const SLICE_BYTES = 500;

interface Pending {
  readonly place: SlicePlace;
  readonly run: SharedRun;
  readonly writes: string;
  readonly slice: Promise<KeptSlice>;
}

export const placesOf = ({ accounts, regions, types }: Extent): SlicePlace[] =>
  accounts.flatMap((accountId) => regions.flatMap((region) => types.map((type) => ({ accountId, region, type }))));

/** As few extents as hold exactly these places: accounts and regions that lack the same things are listed together. */
export const extentsOf = (places: readonly SlicePlace[]): Extent[] => {
  const merge = <T, K>(items: readonly T[], key: (item: T) => K): T[][] => [
    ...Map.groupBy(items, (item) => JSON.stringify(key(item))).values(),
  ];
  const regions = merge(places, ({ accountId, region }) => [accountId, region]).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, types: group.map((each) => each.type) }];
  });
  const accounts = merge(regions, ({ accountId, types }) => [accountId, types]).flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, regions: group.map((each) => each.region) }];
  });
  return merge(accounts, (each) => [each.regions, each.types]).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ accounts: group.map((each) => each.accountId), regions: first.regions, types: first.types }];
  });
};

/** Slices that are there within BESIDE_MS; of the others, that they are still being read. */
const soon = (
  beside: readonly { readonly place: SlicePlace; readonly slice: Promise<KeptSlice> }[],
  writes: string,
): Promise<KeptSlice>[] => {
  if (beside.length === 0) return [];
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, BESIDE_MS).unref();
  });
  const message = 'It is still being read. Ask again in a minute.';
  return beside.map(({ place, slice }) => {
    const unfinished = { ...emptySlice(place, { ...place, code: 'timeout', message }), serial: 0, at: '' };
    return Promise.race([slice, late.then(() => ({ ...unfinished, packed: Buffer.alloc(0), writes }))]);
  });
};

const emptySlice = (place: SlicePlace, failure: Failure): ReadSlice => ({
  ...place,
  count: 0,
  failure,
  resources: () => [],
});

/** What is kept of a listing. Its resources are bytes from here on. */
const packed = async ({
  resources,
  failure,
  ...place
}: Slice): Promise<Omit<KeptSlice, 'serial' | 'at' | 'writes'>> => {
  const bytes = await packResources(resources);
  const slice = packedSlice(place, resources.length, bytes);
  return { ...slice, packed: bytes, ...(failure === undefined ? {} : { failure }) };
};

/** Tells a caller how far its question is, until it is answered. */
const teller = (total: number, { progress, signal }: ScanContext, onSlice: SliceOptions['onSlice']) => {
  let done = 0;
  let resources = 0;
  let answered = false;
  const begun = progress(0, total, 'Starting to list resources');
  const tell = async (slice: KeptSlice): Promise<KeptSlice> => {
    await begun;
    done += 1;
    resources += slice.count;
    onSlice?.(slice);
    if (!signal.aborted && !answered) await progress(done, total, `${placeKey(slice)}: ${resources} resources so far`);
    return slice;
  };
  const stop = () => {
    answered = true;
  };
  return Object.assign(tell, { stop });
};

export const createSlices = (estate: Pick<Estate, 'list'>, now: () => Date): Slices => {
  const known = new LRUCache<string, KeptSlice>({
    maxSize: KEPT_BYTES,
    sizeCalculation: (slice) => slice.packed.length + SLICE_BYTES,
    ttl: KEPT_MS,
  });
  const pending = new Map<string, Pending>();
  let serial = 0;

  const start = (places: readonly SlicePlace[], writes: string, context: EstateContext): void => {
    const run = new SharedRun();
    const at = now().toISOString();
    const open = new Map<string, PromiseWithResolvers<KeptSlice>>();
    for (const place of places) {
      const waiting = Promise.withResolvers<KeptSlice>();
      waiting.promise.catch(() => undefined);
      open.set(placeKey(place), waiting);
      pending.set(placeKey(place), { place, run, writes, slice: waiting.promise });
    }
    const settle = (key: string): PromiseWithResolvers<KeptSlice> | undefined => {
      const waiting = open.get(key);
      open.delete(key);
      if (pending.get(key)?.run === run) pending.delete(key);
      return waiting;
    };
    const list = async (): Promise<void> => {
      for (const extent of extentsOf(places))
        for await (const slice of estate.list(extent, { ...context, signal: run.signal })) {
          const kept = { ...(await packed(slice)), serial: ++serial, at, writes };
          known.set(placeKey(slice), kept);
          settle(placeKey(slice))?.resolve(kept);
        }
    };
    list()
      .catch((error: unknown) => error)
      .then((error) => {
        for (const key of [...open.keys()]) settle(key)?.reject(error ?? new Error(`${key} was not listed`));
      });
  };

  return {
    read: async (extent, writes, { fresh, failedToo, since = '', about, onSlice }, context) => {
      const places = placesOf(extent);
      const usable = (key: string): KeptSlice | undefined => {
        const slice = fresh ? undefined : known.get(key);
        if (slice?.writes !== writes || slice.at < since) return undefined;
        return slice.failure === undefined || failedToo ? slice : undefined;
      };
      const reading = (key: string): Pending | undefined => {
        const found = pending.get(key);
        return found?.writes === writes && !found.run.signal.aborted ? found : undefined;
      };
      // No await from here until every run is waited for: callers never start a slice twice, nor leave a run alone.
      const before = serial;
      const missing = places.filter((place) => !usable(placeKey(place)) && !reading(placeKey(place)));
      if (missing.length > 0) start(missing, writes, context);
      const kept = places.flatMap((place) => usable(placeKey(place)) ?? []);
      const awaited = places.flatMap((place) => (usable(placeKey(place)) ? [] : (reading(placeKey(place)) ?? [])));
      const tell = teller(places.length, context, onSlice);
      const told = awaited.map((each) => ({ place: each.place, run: each.run, slice: each.slice.then(tell) }));
      // Waited for until they end, also by an answer that does without some of them: they are kept for the next one.
      for (const [run, own] of Map.groupBy(told, (each) => each.run))
        run.wait(Promise.all(own.map((each) => each.slice)), context.signal).catch(() => undefined);
      const asked = told.filter(({ place }) => extentContains(about, place));
      const beside = told.filter(({ place }) => !extentContains(about, place));
      const first = await unlessAborted(Promise.all(asked.map((each) => each.slice)), context.signal);
      const rest = await unlessAborted(Promise.all(soon(beside, writes)), context.signal);
      const slices = [...(await Promise.all(kept.map(tell))), ...first, ...rest];
      tell.stop();
      return { slices, anew: slices.some((slice) => slice.serial > before) };
    },
    kept: (extent, writes) => {
      const found = placesOf(extent).map((place) => known.get(placeKey(place)));
      const whole = found.filter((slice) => slice?.failure === undefined && slice?.writes === writes);
      return whole.length === found.length ? whole.filter((slice) => slice !== undefined) : undefined;
    },
    missing: (extent, writes) =>
      placesOf(extent).filter((place) => {
        const slice = known.get(placeKey(place));
        return slice?.writes !== writes || slice.failure !== undefined;
      }).length,
    restore: (slices, writes) => {
      for (const slice of slices)
        if ((known.get(placeKey(slice))?.at ?? '') < slice.at)
          known.set(placeKey(slice), { ...slice, serial: ++serial, writes });
    },
    forget: () => known.clear(),
  };
};
