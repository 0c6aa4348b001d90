/**
 * From what was read and spent to judged, costed resources. One account after the other and slice by slice: what is kept
 * of a resource are its bytes in the slice and what it costs.
 */
import { setImmediate } from 'node:timers/promises';
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import { type Allocation, allocate, type CostResource, cents, sum } from '../cost/allocation.ts';
import { type Attributed, accountGap, type Gap, partGap } from '../cost/cost-gap.ts';
import { type Pool, poolOfType } from '../cost/cost-services.ts';
import type { Spend } from '../cost/costs.ts';
import type { Extent, Failure } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { CostColumn } from './cost-column.ts';
import { extentContains } from './extent.ts';
import { Fold, type Folded } from './fold.ts';
import { exists, isCompliant, type JudgedResource, judge } from './judged.ts';
import type { ReadSlice } from './packed-slice.ts';
import type { Counts } from './score.ts';

export { isCompliant, type JudgedResource } from './judged.ts';

export type Quality = 'complete' | 'partial' | 'failed';
export type CostQuality = Quality | 'not_requested';

export interface Evaluation {
  /**
   * Those that were asked about, without terminated ones. Of a large scan they are made anew each time and dropped as
   * they pass: look at them once, and keep what you need.
   */
  readonly each: () => Iterable<JudgedResource>;
  /** What was counted of them. */
  readonly folded: Folded;
  readonly counts: Counts;
  /** Violations of judged resources: errors and warnings together, wherever they are counted. */
  readonly violationCount: number;
  /** Those of them that are errors. */
  readonly errorCount: number;
  readonly gaps: ReadonlyMap<string, Gap>;
  /** What each account spent, and on what that could not be divided; none where costs are unknown or were not asked for. */
  readonly allocations: ReadonlyMap<string, Pick<Allocation, 'services' | 'unread'>>;
  /** Everything the operator enabled of its accounts was asked about: then spend that no resource carries counts too. */
  readonly wholeAccounts: boolean;
  /** Sum over accounts in USD; null when some spend is unknown or was not asked for. */
  readonly gap: number | null;
  /** Of the gap, spend of services with no resource to carry it; null as the gap is. 0 unless whole accounts were asked about. */
  readonly unmappedSpend: number | null;
  /** USD of services whose resources could not all be read. It is in no gap. Null when costs are unknown or not asked for. */
  readonly unreadSpend: number | null;
  readonly costQuality: CostQuality;
}

export interface Findings {
  /** Everything that was read: what was asked about, and what shares its costs. */
  readonly slices: readonly ReadSlice[];
  /** What could not be read of it. */
  readonly failures: readonly Failure[];
  /** Undefined: not asked for, or failed as a whole. */
  readonly spend: Spend | undefined;
  readonly costsAsked: boolean;
  /** The types that the operator enabled. */
  readonly enabled: readonly TaggableType[];
  /** What was asked about. */
  readonly extent: Extent;
  /** Everything the operator enabled, of the accounts asked about: then spend that no resource carries counts too. */
  readonly wholeAccounts: boolean;
  readonly named: ReadonlySet<TaggableType>;
}

/** Scans of so many resources stay judged, because the next question is often about the same. */
const KEPT_JUDGED = 2000;

/** Cost pools of an account some of whose resources could not be read. */
const unreadPools = ({ failures, enabled }: Findings, accountId: string): ReadonlySet<Pool> => {
  const own = failures.filter((failure) => failure.accountId === accountId);
  const types = own.flatMap(({ type }) => (type === undefined ? enabled : [type]));
  return new Set(types.map(poolOfType).filter((pool) => pool !== undefined));
};

const costResources = (slice: ReadSlice): CostResource[] =>
  slice
    .resources()
    .filter(exists)
    .map(({ arn, id, type, accountId, state, tags }) => ({ arn, id, type, accountId, state, name: tags.Name }));

/** One division per account of all that was read, so that a cost is the same whatever was asked. */
const allocationOf = (accountId: string, slices: readonly ReadSlice[], found: Findings): Allocation | undefined => {
  const { spend } = found;
  if (spend === undefined || spend.failures.some((failure) => failure.accountId === accountId)) return undefined;
  return allocate(accountId, slices.flatMap(costResources), spend, unreadPools(found, accountId));
};

const costQualityOf = ({ costsAsked, extent }: Findings, gaps: ReadonlyMap<string, Gap>): CostQuality => {
  if (!costsAsked) return 'not_requested';
  if (gaps.size === 0 && extent.accounts.length > 0) return 'failed';
  const whole = extent.accounts.every((accountId) => gaps.get(accountId)?.unread_spend === 0);
  return whole ? 'complete' : 'partial';
};

/** A slice that was asked about, and what its resources cost. */
interface CostedSlice {
  readonly slice: ReadSlice;
  readonly costs: CostColumn | undefined;
}

/** Judges the resources of an account into the fold, and returns what is kept of them and the account's gap. */
const judgeAccount = async (
  accountId: string,
  slices: readonly ReadSlice[],
  found: Findings,
  policy: LoadedPolicy,
  fold: Fold,
): Promise<{ readonly costed: readonly CostedSlice[]; readonly money?: { gap: Gap; allocation: Allocation } }> => {
  const allocation = allocationOf(accountId, slices, found);
  const attributed: Attributed[] = [];
  const costed: CostedSlice[] = [];
  for (const slice of slices.filter((each) => extentContains(found.extent, each))) {
    const costs = allocation && new CostColumn(slice.count);
    for (const [at, resource] of slice.resources().entries()) {
      if (!exists(resource)) continue;
      const cost = allocation?.costs.get(resource.arn) ?? null;
      if (cost !== null) costs?.set(at, cost);
      const judged = judge(resource, cost, policy, found.named);
      fold.add(judged);
      if (allocation !== undefined) attributed.push({ arn: judged.arn, compliant: isCompliant(judged) });
    }
    costed.push({ slice, costs });
    // Others are served between slices.
    if (slice.count > 0) await setImmediate();
  }
  if (allocation === undefined) return { costed };
  const gap = found.wholeAccounts
    ? accountGap(allocation, attributed)
    : partGap(allocation, attributed, found.extent.types);
  return { costed, money: { gap, allocation } };
};

function* judgedIn(
  costed: readonly CostedSlice[],
  policy: LoadedPolicy,
  named: Findings['named'],
): Generator<JudgedResource> {
  for (const { slice, costs } of costed)
    for (const [at, resource] of slice.resources().entries())
      if (exists(resource)) yield judge(resource, costs?.at(at) ?? null, policy, named);
}

export const evaluate = async (found: Findings, policy: LoadedPolicy): Promise<Evaluation> => {
  const byAccount = Map.groupBy(found.slices, (slice) => slice.accountId);
  const fold = new Fold();
  const gaps = new Map<string, Gap>();
  const divided = new Map<string, Pick<Allocation, 'services' | 'unread'>>();
  const costed: CostedSlice[] = [];
  for (const accountId of found.extent.accounts) {
    const account = await judgeAccount(accountId, byAccount.get(accountId) ?? [], found, policy, fold);
    costed.push(...account.costed);
    if (account.money === undefined) continue;
    gaps.set(accountId, account.money.gap);
    const { services, unread } = account.money.allocation;
    divided.set(accountId, { services, unread });
  }
  const folded = fold.done();
  const anew = () => judgedIn(costed, policy, found.named);
  let kept: readonly JudgedResource[] | undefined;
  const ofFew = () => {
    kept ??= [...anew()];
    return kept;
  };
  return {
    each: folded.seen > KEPT_JUDGED ? anew : ofFew,
    folded,
    counts: { total: folded.all.total, compliant: folded.all.compliant },
    violationCount: folded.all.errors + folded.all.warnings,
    errorCount: folded.all.errors,
    ...moneyOf(found, gaps, divided),
  };
};

const moneyOf = (
  found: Findings,
  gaps: ReadonlyMap<string, Gap>,
  allocations: Evaluation['allocations'],
): Omit<Evaluation, 'each' | 'folded' | 'counts' | 'violationCount' | 'errorCount'> => {
  const costQuality = costQualityOf(found, gaps);
  const total = (of: (gap: Gap) => number): number => cents(sum([...gaps.values()].map(of)));
  const known = costQuality === 'complete';
  return {
    gaps,
    allocations,
    wholeAccounts: found.wholeAccounts,
    gap: known ? total((gap) => gap.attribution_gap ?? 0) : null,
    unmappedSpend: known ? total((gap) => gap.unmapped_spend) : null,
    unreadSpend: gaps.size === 0 ? null : total((gap) => gap.unread_spend),
    costQuality,
  };
};

/** failed: nothing could be read. partial: something could not. */
export const qualityOf = (failures: readonly Failure[], slicesRead: number): Quality => {
  if (failures.length === 0) return 'complete';
  return slicesRead === 0 ? 'failed' : 'partial';
};
