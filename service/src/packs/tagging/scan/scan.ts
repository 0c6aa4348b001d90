/** One scan: list, cost, judge. What was listed is kept for an hour, until tags are written. */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Ephemeral } from '../../../ports/ephemeral.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import { sum } from '../cost/allocation.ts';
import { COST_DAYS, type Costs, lastDays, type Period, type Spend } from '../cost/costs.ts';
import type { Estate, Extent, Failure } from '../estate/estate.ts';
import type { LoadedPolicy, PolicySource } from '../policy/policy.ts';
import { type Evaluation, evaluate, type Quality, qualityOf } from './evaluate.ts';
import {
  extentContains,
  extentHash,
  isWholeAccounts,
  type ResolvedExtent,
  sharingCosts,
  sliceCount,
  wholeExtent,
} from './extent.ts';
import { failuresOf } from './failures.ts';
import { type NotScanned, notScanned } from './not-scanned.ts';
import type { ScanContext } from './scan-context.ts';
import { createSlices, type EarlierSlice, type KeptSlice } from './slices.ts';
import { createSpending } from './spending.ts';

export interface Scan extends Evaluation {
  readonly scanId: string;
  /** When the oldest of what it rests on was read, ISO. */
  readonly timestamp: string;
  readonly extent: Extent;
  readonly extentHash: string;
  readonly policyVersion: string;
  /** Types of the policy that it did not look at, and why. */
  readonly notScanned: NotScanned;
  readonly quality: Quality;
  readonly failures: readonly Failure[];
  /** Why costs are not known: of accounts, and of resources beside the extent that share its spend. */
  readonly costFailures: readonly Failure[];
  /** Days the costs are of. */
  readonly period: Period;
  /** The provider says that amounts of those days may still change. */
  readonly costsEstimated: boolean;
}

export interface ScanOptions {
  /** Ask what things cost; metered on AWS. */
  readonly costs: boolean;
  /** Read everything again although there is a recent scan. */
  readonly fresh: boolean;
  /** Go on with an answer that was given: what failed then is not tried again. */
  readonly nextPage?: boolean;
  /** Days the costs are of. Default: the last 30. */
  readonly period?: Period;
  /** Take nothing that was read before, ISO: when this scan was begun, by an earlier try. */
  readonly since?: string;
  /** Wait for everything that shares the costs as long as for what was asked. */
  readonly whole?: boolean;
  /** Is told of each slice once it is there. */
  readonly onSlice?: (slice: KeptSlice) => void;
}

/** What a scan rests on, as it was kept. */
export interface ReadParts {
  readonly request: Pick<ResolvedExtent, 'extent' | 'named'>;
  readonly slices: readonly KeptSlice[];
  readonly spend: Spend | undefined;
  readonly period: Period;
  readonly costs: boolean;
}

export interface Scanner {
  /**
   * Looks at an extent. Only what was not read in the last hour is read, by one caller for all who wait for it.
   * `cached`: nothing was read for this answer that another answer had not used already.
   */
  scan(
    request: Pick<ResolvedExtent, 'extent' | 'named'>,
    options: ScanOptions,
    context: ScanContext,
  ): Promise<{ readonly scan: Scan; readonly cached: boolean; readonly spend: Spend | undefined }>;
  /** An extent as it was last read whole, within the hour and since the last write. */
  recent(extent: Extent, policyVersion: string): Promise<Scan | undefined>;
  /** The scan that kept parts make. Judged by the policy that holds now. */
  ofParts(parts: Omit<ReadParts, 'slices'> & { readonly slices: readonly EarlierSlice[] }, key: string): Promise<Scan>;
  /** How many of the slices that a scan needs would have to be listed, and of how many. */
  missing(extent: Extent, costs: boolean): Promise<{ readonly missing: number; readonly of: number }>;
  /** Keeps what an earlier try read, unless tags were written since. */
  restore(slices: readonly EarlierSlice[], written: string): Promise<void>;
  /** What was written to tags last, as other tasks know it. */
  written(): Promise<string>;
  /** Tags were written: what was scanned before is out of date, here and in other tasks. */
  forget(): Promise<void>;
}

const KEPT_SECONDS = 3600;
/** Answers kept whole, so that the pages of one need not be judged again. */
const KEPT_SCANS = 8;
const WRITTEN = 'tagging:last-write';

export interface ScanParts {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly policy: PolicySource;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly ephemeral?: Ephemeral | undefined;
}

interface Read extends ReadParts {
  readonly whole: Extent;
  /** Names its slices where they are not of this process. */
  readonly key?: string;
}

export const createScanner = (services: ScanParts): Scanner => {
  const slices = createSlices(services.estate, services.now);
  const spending = createSpending(services.costs);
  const judged = new LRUCache<string, Promise<Scan>>({ max: KEPT_SCANS, ttl: KEPT_SECONDS * 1000 });
  let ownWrites = 0;
  const written = async (): Promise<string> => (await services.ephemeral?.get(WRITTEN)) ?? '';
  const writes = async (): Promise<string> => `${ownWrites} ${await written()}`;
  const period = (): Period => lastDays(services.now(), COST_DAYS);
  const judge = async (read: Read, policy: LoadedPolicy): Promise<{ scan: Scan; cached: boolean }> => {
    const key = keyOf(read, policy);
    const known = judged.get(key);
    if (known) return { scan: await known, cached: true };
    const judging = scanOf(read, policy);
    judged.set(key, judging);
    judging.catch(() => judged.delete(key));
    return { scan: await judging, cached: false };
  };
  return {
    scan: async (request, options, context) => {
      const { extent } = request;
      const [policy, whole] = await Promise.all([services.policy.current(), wholeExtent(services.estate)]);
      const wide = options.costs ? sharingCosts(extent, whole) : extent;
      const spend = { accounts: extent.accounts, regions: whole.regions, period: options.period ?? period() };
      const how = { fresh: options.fresh, failedToo: options.nextPage ?? false, since: options.since };
      const about = options.whole ? wide : extent;
      const [listed, spent] = await Promise.all([
        slices.read(wide, await writes(), { ...how, about, onSlice: options.onSlice }, context),
        options.costs ? spending.read(spend, how, context) : undefined,
      ]);
      const told = { slices: listed.slices, spend: spent?.spend, period: spend.period, costs: options.costs };
      const { scan, cached } = await judge({ request, whole, ...told }, policy);
      const anew = listed.anew || spent?.anew === true;
      if (!cached && listed.anew)
        services.metrics.observe('ScanResources', {}, sum(listed.slices.map((slice) => slice.count)));
      return { scan, cached: cached || !anew, spend: spent?.spend };
    },
    recent: async (extent, policyVersion) => {
      const [policy, whole] = await Promise.all([services.policy.current(), wholeExtent(services.estate)]);
      const found = policy.version === policyVersion ? slices.kept(extent, await writes()) : undefined;
      if (found === undefined) return undefined;
      const spend = spending.kept({ accounts: extent.accounts, regions: whole.regions, period: period() });
      const request = { extent, named: new Set<never>() };
      const read = { request, whole, slices: found, spend, period: period(), costs: spend !== undefined };
      return (await judge(read, policy)).scan;
    },
    ofParts: async (parts, key) => {
      const [policy, whole] = await Promise.all([services.policy.current(), wholeExtent(services.estate)]);
      const own = parts.slices.map((slice) => ({ ...slice, serial: 0, writes: '' }));
      return (await judge({ ...parts, slices: own, whole, key }, policy)).scan;
    },
    missing: async (extent, costs) => {
      const wide = costs ? sharingCosts(extent, await wholeExtent(services.estate)) : extent;
      return { missing: slices.missing(wide, await writes()), of: sliceCount(wide) };
    },
    restore: async (found, before) => {
      if (before === (await written())) slices.restore(found, await writes());
    },
    written,
    forget: async () => {
      ownWrites += 1;
      slices.forget();
      judged.clear();
      await services.ephemeral?.set(WRITTEN, randomUUID(), 2 * KEPT_SECONDS);
    },
  };
};

/** Names everything a result depends on: with a part left out it would lie. */
const keyOf = ({ request, slices, spend, period, costs, key }: Read, policy: LoadedPolicy): string =>
  JSON.stringify([
    extentHash(request.extent),
    [...request.named],
    policy.version,
    costs,
    period,
    spend?.failures ?? null,
    key ?? slices.map((slice) => slice.serial).sort((a, b) => a - b),
  ]);

const scanOf = async (read: Read, policy: LoadedPolicy): Promise<Scan> => {
  const { request, whole, slices, spend, period, costs } = read;
  const { extent, named } = request;
  const asked = slices.filter((slice) => extentContains(extent, slice));
  const beside = slices.filter((slice) => !extentContains(extent, slice));
  const failures = failuresOf(asked);
  const timestamps = asked.map((slice) => slice.at).sort();
  const found = {
    slices,
    failures: failuresOf(slices),
    spend,
    costsAsked: costs,
    enabled: whole.types,
    extent,
    wholeAccounts: isWholeAccounts(extent, whole),
    named,
  };
  return {
    ...(await evaluate(found, policy)),
    scanId: `scan_${randomUUID().replaceAll('-', '')}`,
    timestamp: timestamps[0] ?? period.end,
    extent,
    extentHash: extentHash(extent),
    policyVersion: policy.version,
    notScanned: notScanned(policy.policy, whole.types),
    quality: qualityOf(failures, asked.filter((slice) => slice.failure === undefined).length),
    failures,
    costFailures: costs ? [...(spend?.failures ?? []), ...failuresOf(beside)] : [],
    period,
    costsEstimated: spend?.estimated ?? false,
  };
};
