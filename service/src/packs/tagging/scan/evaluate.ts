/** From what was listed and spent to judged, costed resources. Pure. */
import { type TaggableType, taggableTypeNames } from '../../../../../contracts/packs/tagging.ts';
import { type Allocation, allocate, cents, sum } from '../cost/allocation.ts';
import { accountGap, type Gap, partGap } from '../cost/cost-gap.ts';
import { type Pool, poolOfType } from '../cost/cost-services.ts';
import type { ResourceCost, Spend } from '../cost/costs.ts';
import type { Extent, Failure, Resource } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { errorsOf, isJudged, type TagFinding, warningsOf } from '../policy/violations.ts';
import { extentContains } from './extent.ts';
import { aggregate, type Counts } from './score.ts';

export interface JudgedResource extends Resource {
  /** Does the policy concern it? Only these count. */
  readonly judged: boolean;
  /** Of a judged resource: required tags that are missing or wrong. They alone lower the score. */
  readonly errors: readonly TagFinding[];
  /** Of a judged resource: optional tags off their list, and keys or values against the naming rules. */
  readonly warnings: readonly TagFinding[];
  /** Null where nothing is known. */
  readonly cost: ResourceCost | null;
}

export type Quality = 'complete' | 'partial' | 'failed';
export type CostQuality = Quality | 'not_requested';

export interface Evaluation {
  /** Those that were asked about, without terminated ones. */
  readonly resources: readonly JudgedResource[];
  readonly counts: Counts;
  /** Violations of judged resources: errors and warnings together, wherever they are counted. */
  readonly violationCount: number;
  /** Those of them that are errors. */
  readonly errorCount: number;
  readonly gaps: ReadonlyMap<string, Gap>;
  /** Who carries what each account spent; none where costs are unknown or were not asked for. */
  readonly allocations: ReadonlyMap<string, Allocation>;
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
  readonly resources: readonly Resource[];
  /** What could not be read of it. */
  readonly failures: readonly Failure[];
  /** Undefined: not asked for, or failed as a whole. */
  readonly spend: Spend | undefined;
  readonly costsAsked: boolean;
  /** What was asked about. */
  readonly extent: Extent;
  /** Everything the operator enabled, of the accounts asked about: then spend that no resource carries counts too. */
  readonly wholeAccounts: boolean;
  readonly named: ReadonlySet<TaggableType>;
}

export const isCompliant = (resource: Pick<JudgedResource, 'errors'>): boolean => resource.errors.length === 0;

const exists = (resource: Resource): boolean => resource.state !== 'terminated';

/** Cost pools of an account some of whose resources could not be read. */
const unreadPools = (failures: readonly Failure[], accountId: string): ReadonlySet<Pool> => {
  const own = failures.filter((failure) => failure.accountId === accountId);
  const types = own.flatMap(({ type }) => (type === undefined ? taggableTypeNames : [type]));
  return new Set(types.map(poolOfType).filter((pool) => pool !== undefined));
};

/** One division per account of all that was read, so that a cost is the same whatever was asked. */
const allocations = ({ resources, failures, spend, extent }: Findings): ReadonlyMap<string, Allocation> => {
  if (spend === undefined) return new Map();
  const unknown = new Set(spend.failures.map((failure) => failure.accountId));
  const byAccount = Map.groupBy(resources.filter(exists), (each) => each.accountId);
  return new Map(
    extent.accounts
      .filter((accountId) => !unknown.has(accountId))
      .map((accountId) => {
        const own = (byAccount.get(accountId) ?? []).map((each) => ({ ...each, name: each.tags.Name }));
        return [accountId, allocate(accountId, own, spend, unreadPools(failures, accountId))];
      }),
  );
};

const costQualityOf = ({ costsAsked, extent }: Findings, gaps: ReadonlyMap<string, Gap>): CostQuality => {
  if (!costsAsked) return 'not_requested';
  if (gaps.size === 0 && extent.accounts.length > 0) return 'failed';
  const whole = extent.accounts.every((accountId) => gaps.get(accountId)?.unread_spend === 0);
  return whole ? 'complete' : 'partial';
};

export const evaluate = (found: Findings, policy: LoadedPolicy): Evaluation => {
  const divided = allocations(found);
  const resources = found.resources
    .filter((resource) => exists(resource) && extentContains(found.extent, resource))
    .map((resource): JudgedResource => {
      const judged = isJudged(resource, policy, found.named);
      const errors = judged ? errorsOf(resource.type, resource.tags, policy) : [];
      const warnings = judged ? warningsOf(resource.tags, policy) : [];
      return {
        ...resource,
        judged,
        errors,
        warnings,
        cost: divided.get(resource.accountId)?.costs.get(resource.arn) ?? null,
      };
    });
  const counted = resources.filter((resource) => resource.judged);
  return {
    resources,
    counts: aggregate(counted.map((each) => ({ total: 1, compliant: isCompliant(each) ? 1 : 0 }))),
    violationCount: sum(counted.map((each) => each.errors.length + each.warnings.length)),
    errorCount: sum(counted.map((each) => each.errors.length)),
    ...moneyOf(found, divided, resources),
  };
};

const moneyOf = (
  found: Findings,
  divided: ReadonlyMap<string, Allocation>,
  resources: readonly JudgedResource[],
): Omit<Evaluation, 'resources' | 'counts' | 'violationCount' | 'errorCount'> => {
  const byAccount = Map.groupBy(resources, (each) => each.accountId);
  const gaps = new Map<string, Gap>();
  for (const [accountId, allocation] of divided) {
    const own = (byAccount.get(accountId) ?? []).map((each) => ({ arn: each.arn, compliant: isCompliant(each) }));
    gaps.set(
      accountId,
      found.wholeAccounts ? accountGap(allocation, own) : partGap(allocation, own, found.extent.types),
    );
  }
  const costQuality = costQualityOf(found, gaps);
  const total = (of: (gap: Gap) => number): number => cents(sum([...gaps.values()].map(of)));
  const known = costQuality === 'complete';
  return {
    gaps,
    allocations: divided,
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
