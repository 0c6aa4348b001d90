/** One scan: list, cost, judge. Recent scans are kept for an hour, until tags are written. */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CallContext } from '../../call.ts';
import type { Ephemeral } from '../../ephemeral.ts';
import { CountersignError } from '../../errors.ts';
import type { Metrics } from '../../metrics.ts';
import { COST_DAYS, type Costs, lastDays, type Period, type Spend } from './costs.ts';
import type { Estate, Extent, Failure, Resource } from './estate.ts';
import { type Evaluation, evaluate, type Quality, qualityOf } from './evaluate.ts';
import { extentHash, type ResolvedExtent, sliceCount } from './extent.ts';
import type { LoadedPolicy, PolicySource } from './policy.ts';

export interface Scan extends Evaluation {
  readonly scanId: string;
  /** When it began, ISO. */
  readonly timestamp: string;
  readonly extent: Extent;
  readonly extentHash: string;
  readonly policyVersion: string;
  readonly quality: Quality;
  readonly failures: readonly Failure[];
  readonly costFailures: readonly Failure[];
  /** Days the costs are of. */
  readonly period: Period;
}

export interface ScanOptions {
  /** Ask what things cost; metered on AWS. */
  readonly costs: boolean;
  /** Read everything again although there is a recent scan. */
  readonly fresh: boolean;
}

export interface Scanner {
  scan(request: ResolvedExtent, options: ScanOptions, context: CallContext): Promise<{ scan: Scan; cached: boolean }>;
  /** The newest kept scan that saw all of an extent, if tags were not written since. */
  recent(extent: Extent, policyVersion: string): Promise<Scan | undefined>;
  /** Tags were written: what was scanned before is out of date, here and in other tasks. */
  forget(): Promise<void>;
}

const CACHE_SECONDS = 3600;
const CACHED_SCANS = 8;
const WRITTEN = 'tagging:last-write';

export interface ScanParts {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly policy: PolicySource;
  readonly metrics: Metrics;
  readonly now: () => Date;
  readonly ephemeral?: Ephemeral | undefined;
}

export const createScanner = (services: ScanParts): Scanner => {
  const kept = new LRUCache<string, Scan>({ max: CACHED_SCANS, ttl: CACHE_SECONDS * 1000 });
  let ownWrites = 0;
  // A key names everything a result depends on: with accounts, regions, policy or writes left out it would lie.
  const keyOf = async (hash: string, policyVersion: string, costs: boolean): Promise<string> =>
    [hash, policyVersion, costs, ownWrites, (await services.ephemeral?.get(WRITTEN)) ?? ''].join(' ');
  const find = async (hash: string, version: string, costs: boolean): Promise<Scan | undefined> =>
    kept.get(await keyOf(hash, version, true)) ?? (costs ? undefined : kept.get(await keyOf(hash, version, false)));
  return {
    scan: async (request, options, context) => {
      const policy = await services.policy.current();
      const hash = extentHash(request.extent);
      const known = options.fresh ? undefined : await find(hash, policy.version, options.costs);
      if (known) return { scan: known, cached: true };
      const key = await keyOf(hash, policy.version, options.costs);
      const scan = await perform(services, request, options, policy, context);
      if (scan.quality === 'complete') kept.set(key, scan);
      return { scan, cached: false };
    },
    recent: async (extent, policyVersion) => find(extentHash(extent), policyVersion, false),
    forget: async () => {
      ownWrites += 1;
      kept.clear();
      await services.ephemeral?.set(WRITTEN, randomUUID(), 2 * CACHE_SECONDS);
    },
  };
};

const perform = async (
  services: ScanParts,
  request: ResolvedExtent,
  options: ScanOptions,
  policy: LoadedPolicy,
  context: CallContext,
): Promise<Scan> => {
  const { extent, allTypes, named } = request;
  const timestamp = services.now().toISOString();
  const period = lastDays(services.now(), COST_DAYS);
  const spending = options.costs ? spendOf(services, extent, period, context) : Promise.resolve(undefined);
  const [listed, spend] = await Promise.all([collect(services, extent, context), spending]);
  const found = { resources: listed.resources, spend, costsAsked: options.costs, extent, allTypes, named };
  services.metrics.observe('ScanResources', {}, listed.resources.length);
  return {
    ...evaluate(found, policy),
    scanId: `scan_${randomUUID().replaceAll('-', '')}`,
    timestamp,
    extent,
    extentHash: extentHash(extent),
    policyVersion: policy.version,
    quality: qualityOf(listed.failures, listed.read),
    failures: listed.failures,
    costFailures: spend?.failures ?? [],
    period,
  };
};

/** Spend, or undefined when the provider tells none: a scan without costs is still a scan. */
const spendOf = async (
  services: ScanParts,
  { accounts, regions }: Extent,
  period: Period,
  context: CallContext,
): Promise<Spend | undefined> => {
  try {
    return await services.costs.spend({ accounts, regions, period }, context);
  } catch (error) {
    if (context.signal.aborted) throw new CountersignError('cancelled', 'The scan was cancelled.', { cause: error });
    context.log.warn({ err: error }, 'costs could not be read');
    return undefined;
  }
};

interface Listed {
  readonly resources: Resource[];
  readonly failures: Failure[];
  /** Slices that could be read. */
  readonly read: number;
}

const collect = async ({ estate }: ScanParts, extent: Extent, context: CallContext): Promise<Listed> => {
  const resources: Resource[] = [];
  const failures = new Map<string, Failure>();
  const total = sliceCount(extent);
  let done = 0;
  let read = 0;
  await context.progress(0, total, 'Starting to list resources');
  for await (const slice of estate.list(extent, context)) {
    done += 1;
    // One by one: spreading ten thousand arguments into push overflows the stack.
    for (const resource of slice.resources) resources.push(resource);
    // A region that failed fails in each of its types: told once.
    const { failure } = slice;
    if (failure === undefined) read += 1;
    else failures.set([failure.accountId, failure.region, failure.type, failure.code].join(' '), failure);
    await context.progress(
      done,
      total,
      `${slice.accountId} ${slice.region} ${slice.type}: ${resources.length} resources so far`,
    );
  }
  return { resources, failures: [...failures.values()], read };
};
