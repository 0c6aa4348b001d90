/** What a projection starts from: the newest scan of everything, or, where there is none, the targets themselves. */
import { cents, sum } from '../cost/allocation.ts';
import { poolOfType } from '../cost/cost-services.ts';
import type { Resource } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { errorsOf, isJudged } from '../policy/violations.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import type { Scan } from '../scan/scan.ts';
import type { TaggingPack } from '../scan/scan-tool.ts';
import type { Counts } from '../scan/score.ts';
import type { StoredScan } from '../scan/stored-scan.ts';
import type { AppliedChange } from './applied-changes.ts';
import { type PreviewTarget, type Projection, project } from './preview.ts';
import type { Target } from './targets.ts';

export interface Basis {
  readonly source: 'scan' | 'targets_only';
  /** When that scan began. */
  readonly timestamp: string | null;
  /** Resources this service wrote since; the counts and the gap have them as they are now. */
  readonly changedSince: number;
  readonly counts: Counts;
  /** USD a month that cannot be attributed; null where unknown. */
  readonly gap: number | null;
  /** Is this resource among the counts? */
  counted(resource: Pick<Resource, 'arn' | 'accountId' | 'region' | 'type' | 'state'>): boolean;
  /** USD a month, where known. */
  costOf(resource: Resource): number | null;
}

const within = (count: number, total: number): number => Math.min(total, Math.max(0, count));

const ofScan = (scan: Scan): Basis => {
  const known = new Map(Array.from(scan.each(), ({ arn, judged, cost }) => [arn, { judged, cost }]));
  return {
    source: 'scan',
    timestamp: scan.timestamp,
    changedSince: 0,
    counts: scan.counts,
    gap: scan.gap,
    counted: ({ arn }) => known.get(arn)?.judged ?? false,
    costOf: ({ arn }) => known.get(arn)?.cost?.usd ?? null,
  };
};

/** A stored scan, with what was applied since folded in. */
const ofStored = (scan: StoredScan, applied: readonly AppliedChange[], policy: LoadedPolicy): Basis => {
  const averages = new Map(scan.averages.map(([account, pool, usd]) => [`${account} ${pool}`, usd]));
  const { accounts, regions, types } = scan.extent;
  const counted: Basis['counted'] = (resource) =>
    accounts.includes(resource.accountId) &&
    regions.includes(resource.region) &&
    types.includes(resource.type) &&
    isJudged(resource, policy, new Set());
  const averageOf = ({ accountId, type }: Pick<Resource, 'accountId' | 'type'>): number | null =>
    averages.get(`${accountId} ${poolOfType(type) ?? type}`) ?? null;
  const moved = applied.filter((each) => each.was !== each.is && counted({ ...each, state: 'available' }));
  const gained = moved.reduce((sum, { is }) => sum + (is ? 1 : -1), 0);
  const costs = moved.map((each) => (each.is ? 1 : -1) * (averageOf(each) ?? 0));
  return {
    source: 'scan',
    timestamp: scan.timestamp,
    changedSince: applied.length,
    counts: { total: scan.counts.total, compliant: within(scan.counts.compliant + gained, scan.counts.total) },
    gap: scan.costGap === null ? null : Math.max(0, cents(scan.costGap - sum(costs))),
    counted,
    costOf: (resource) => (resource.type === 'ec2:instance' && resource.state === 'stopped' ? 0 : averageOf(resource)),
  };
};

const ofTargets = (targets: readonly Target[], policy: LoadedPolicy): Basis => {
  const judged = targets.filter(({ resource }) => resource !== undefined && isJudged(resource, policy, new Set()));
  const compliant = judged.filter((each) => errorsOf(each.type, each.before, policy).length === 0);
  return {
    source: 'targets_only',
    timestamp: null,
    changedSince: 0,
    counts: { total: judged.length, compliant: compliant.length },
    gap: null,
    counted: (resource) => isJudged(resource, policy, new Set()),
    costOf: () => null,
  };
};

/** The newest scan of the whole estate by the policy that holds; scans by another policy say nothing about this one. */
export const basisFor = async (pack: TaggingPack, targets: readonly Target[], policy: LoadedPolicy): Promise<Basis> => {
  const whole = await wholeExtent(pack.estate);
  const recent = await pack.scanner.recent(whole, policy.version);
  if (recent) return ofScan(recent);
  const stored = await pack.scans.newest(extentHash(whole));
  if (stored?.policyVersion !== policy.version) return ofTargets(targets, policy);
  return ofStored(stored, await pack.applied.since(stored.timestamp, policy.version), policy);
};

/**
 * What becomes of compliance and cost when the targets get their tags.
 * @param refused counts values the policy refuses as if they were set, to show what they would break
 */
export const projectTargets = (
  targets: readonly Target[],
  basis: Basis,
  policy: LoadedPolicy,
  refused: 'as-if-set' | 'left-alone',
): Projection =>
  project(
    basis.counts,
    targets.flatMap((target): PreviewTarget[] => {
      const { resource, fault, type, before, after } = target;
      const set = fault === undefined || (fault === 'value_not_allowed' && refused === 'as-if-set');
      if (resource === undefined || !set) return [];
      return [{ type, before, after, counted: basis.counted(resource), cost: basis.costOf(resource) }];
    }),
    policy,
  );
