/** From what was listed and spent to judged, costed resources. Pure. */
import type { TaggableType } from '../../../../contracts/packs.ts';
import { aggregate, type Counts } from './compliance.ts';
import { accountGap, cents, type Gap } from './cost-gap.ts';
import type { ResourceCost, Spend } from './costs.ts';
import type { Extent, Failure, Resource } from './estate.ts';
import type { LoadedPolicy } from './policy.ts';
import { errorsOf, type Finding, isJudged } from './violations.ts';

export interface JudgedResource extends Resource {
  /** Does the policy concern it? Only these count. */
  readonly judged: boolean;
  /** Errors of a judged resource. */
  readonly errors: readonly Finding[];
  /** Null where nothing is known. */
  readonly cost: ResourceCost | null;
}

export type Quality = 'complete' | 'partial' | 'failed';
export type CostQuality = Quality | 'not_requested';

export interface Evaluation {
  /** Without terminated ones. */
  readonly resources: readonly JudgedResource[];
  readonly counts: Counts;
  readonly violationCount: number;
  readonly gaps: ReadonlyMap<string, Gap>;
  /** Sum over accounts in USD; null when one account's spend is unknown or was not asked for. */
  readonly gap: number | null;
  readonly costQuality: CostQuality;
}

export interface Findings {
  readonly resources: readonly Resource[];
  /** Undefined: not asked for, or failed as a whole. */
  readonly spend: Spend | undefined;
  readonly costsAsked: boolean;
  readonly extent: Extent;
  readonly allTypes: boolean;
  readonly named: ReadonlySet<TaggableType>;
}

export const isCompliant = (resource: Pick<JudgedResource, 'errors'>): boolean => resource.errors.length === 0;

const costQualityOf = ({ spend, costsAsked, extent }: Findings): CostQuality => {
  if (!costsAsked) return 'not_requested';
  const failed = new Set(spend?.failures.map((failure) => failure.accountId) ?? extent.accounts);
  if (failed.size === 0) return 'complete';
  return extent.accounts.every((account) => failed.has(account)) ? 'failed' : 'partial';
};

export const evaluate = (found: Findings, policy: LoadedPolicy): Evaluation => {
  const judged = found.resources
    .filter((resource) => resource.state !== 'terminated')
    .map((resource) => {
      const concerns = isJudged(resource, policy, found.named);
      return { ...resource, judged: concerns, errors: concerns ? errorsOf(resource.type, resource.tags, policy) : [] };
    });
  const costs = new Map<string, ResourceCost>();
  const gaps = new Map<string, Gap>();
  const costQuality = costQualityOf(found);
  const unknown = new Set(found.spend?.failures.map((failure) => failure.accountId));
  const costed = judged.map((each) => ({ ...each, name: each.tags.Name, compliant: isCompliant(each) }));
  const byAccount = Map.groupBy(costed, (each) => each.accountId);
  for (const accountId of found.spend === undefined ? [] : found.extent.accounts) {
    if (found.spend === undefined || unknown.has(accountId)) continue;
    const types = found.allTypes ? 'all' : new Set(found.extent.types);
    const account = accountGap(accountId, byAccount.get(accountId) ?? [], found.spend, types);
    gaps.set(accountId, account.gap);
    for (const [arn, cost] of account.costs) costs.set(arn, cost);
  }
  const resources = judged.map((resource) => ({ ...resource, cost: costs.get(resource.arn) ?? null }));
  const counted = resources.filter((resource) => resource.judged);
  return {
    resources,
    counts: aggregate(counted.map((each) => ({ total: 1, compliant: isCompliant(each) ? 1 : 0 }))),
    violationCount: counted.reduce((sum, each) => sum + each.errors.length, 0),
    gaps,
    gap:
      costQuality === 'complete' ? cents([...gaps.values()].reduce((sum, gap) => sum + gap.attribution_gap, 0)) : null,
    costQuality,
  };
};

/** failed: nothing could be read. partial: something could not. */
export const qualityOf = (failures: readonly Failure[], slicesRead: number): Quality => {
  if (failures.length === 0) return 'complete';
  return slicesRead === 0 ? 'failed' : 'partial';
};
