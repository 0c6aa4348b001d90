/**
 * What the estate costs and how much of that can be attributed to somebody. Pure.
 * taggable = total - unattributable; gap = taggable - attributable = non-compliant + unmapped.
 */
import { isUnattributable, type Pool, poolOfService, poolOfType } from './cost-services.ts';
import type { ResourceCost, Spend } from './costs.ts';
import type { ResourceType } from './resource-types.ts';

/** A resource as far as money is concerned. Terminated ones are not handed in. */
export interface CostResource {
  readonly arn: string;
  /** What its service calls it. */
  readonly id: string;
  readonly type: ResourceType;
  readonly accountId: string;
  readonly state: string;
  /** Its Name tag. */
  readonly name: string | undefined;
  /** Carries every required tag properly, or needs none. */
  readonly compliant: boolean;
}

/** USD over the period. */
export interface Gap {
  readonly total_spend: number;
  readonly taggable_spend: number;
  readonly attributable_spend: number;
  readonly attribution_gap: number;
  /** 0 to 100; null without taggable spend. */
  readonly attribution_gap_percentage: number | null;
  /** Spend of services with no resource in the scan to carry it. */
  readonly unmapped_spend: number;
  readonly unattributable_services: readonly { readonly service: string; readonly usd: number }[];
}

interface Account {
  readonly costs: ReadonlyMap<string, ResourceCost>;
  readonly gap: Gap;
}

const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const each of numbers) total += each;
  return total;
};
export const cents = (usd: number): number => Math.round(usd * 100) / 100;

/** Costs known for single resources, scaled down where together they exceed their pool (they cover other days). */
const ownCosts = (resources: readonly CostResource[], pool: number, spend: Spend): Map<string, ResourceCost> => {
  const known = resources.flatMap((resource) => {
    const cost = spend.byResource.get(resource.arn) ?? spend.byResource.get(resource.id);
    return cost === undefined ? [] : [[resource.arn, cost] as const];
  });
  const total = sum(known.map(([, cost]) => cost.usd));
  const scale = total > pool ? pool / total : 1;
  return new Map(known.map(([arn, cost]) => [arn, { ...cost, usd: cost.usd * scale }]));
};

/** Cost of a Name divided by the resources that bear it. Names nobody bears any more stay unmapped. */
const namedCosts = (
  resources: readonly CostResource[],
  groups: ReadonlyMap<string, number>,
  rest: number,
): { costs: Map<string, ResourceCost>; spent: number } => {
  const spent = Math.min(rest, sum(groups.values()));
  const scale = spent === 0 ? 0 : spent / sum(groups.values());
  const costs = new Map<string, ResourceCost>();
  for (const [name, usd] of groups) {
    const holders = resources.filter((resource) => resource.name === name);
    for (const { arn } of holders) costs.set(arn, { usd: (usd * scale) / holders.length, source: 'actual_by_name' });
  }
  return { costs, spent };
};

/** Divides one pool among its resources: known costs first, then Names, then the rest evenly among what runs. */
const divide = (
  resources: readonly CostResource[],
  pool: number,
  names: ReadonlyMap<string, number>,
  spend: Spend,
): Map<string, ResourceCost> => {
  const costs = ownCosts(resources, pool, spend);
  const own = sum([...costs.values()].map((cost) => cost.usd));
  const unknown = resources.filter((resource) => !costs.has(resource.arn));
  const named = namedCosts(unknown, names, pool - own);
  const rest = pool - own - named.spent;
  const unnamed = unknown.filter((resource) => !named.costs.has(resource.arn));
  const running = unnamed.filter((resource) => !isStopped(resource));
  for (const [arn, cost] of named.costs) costs.set(arn, cost);
  for (const resource of unnamed)
    costs.set(
      resource.arn,
      isStopped(resource) ? { usd: 0, source: 'stopped' } : { usd: rest / running.length, source: 'service_average' },
    );
  return costs;
};

const isStopped = (resource: CostResource): boolean => resource.type === 'ec2:instance' && resource.state === 'stopped';

const namesOf = (spend: Spend, accountId: string, pool: Pool, known: ReadonlySet<string>): Map<string, number> => {
  const names = new Map<string, number>();
  for (const group of spend.byName)
    if (group.accountId === accountId && poolOfService(group.service) === pool && known.has(group.name))
      names.set(group.name, (names.get(group.name) ?? 0) + group.usd);
  return names;
};

/** The lines that are in scope: all of them when every type was scanned, else those of the types' own pools. */
const inScope = (spend: Spend, accountId: string, types: ReadonlySet<ResourceType> | 'all') => {
  const own = spend.lines.filter((line) => line.accountId === accountId);
  if (types === 'all') return own;
  const pools = new Set([...types].map(poolOfType));
  return own.filter((line) => {
    const pool = poolOfService(line.service);
    return pool !== undefined && pools.has(pool);
  });
};

/**
 * Costs and gap of one account.
 * @param types what was scanned; 'all' counts services without scanned resources as unmapped
 */
export const accountGap = (
  accountId: string,
  resources: readonly CostResource[],
  spend: Spend,
  types: ReadonlySet<ResourceType> | 'all',
): Account => {
  const lines = inScope(spend, accountId, types);
  const pooled = new Map<Pool, number>();
  for (const line of lines) {
    const pool = poolOfService(line.service);
    if (pool !== undefined) pooled.set(pool, (pooled.get(pool) ?? 0) + line.usd);
  }
  const costs = new Map<string, ResourceCost>();
  for (const [pool, usd] of pooled) {
    const sharing = resources.filter((each) => each.accountId === accountId && poolOfType(each.type) === pool);
    const known = new Set(sharing.flatMap((each) => (each.name === undefined ? [] : [each.name])));
    for (const [arn, cost] of divide(sharing, usd, namesOf(spend, accountId, pool, known), spend)) costs.set(arn, cost);
  }
  const compliant = new Set(resources.filter((each) => each.compliant).map((each) => each.arn));
  const unattributable = lines.filter((line) => isUnattributable(line.service));
  return {
    costs,
    gap: gapOf({
      total: sum(lines.map((line) => line.usd)),
      unattributable: unattributable.map(({ service, usd }) => ({ service, usd })),
      attributable: sum([...costs].map(([arn, cost]) => (compliant.has(arn) ? cost.usd : 0))),
      nonCompliant: sum([...costs].map(([arn, cost]) => (compliant.has(arn) ? 0 : cost.usd))),
    }),
  };
};

interface Parts {
  readonly total: number;
  readonly unattributable: readonly { readonly service: string; readonly usd: number }[];
  readonly attributable: number;
  readonly nonCompliant: number;
}

const gapOf = ({ total, unattributable, attributable, nonCompliant }: Parts): Gap => {
  const taggable = total - sum(unattributable.map((each) => each.usd));
  const gap = taggable - attributable;
  return {
    total_spend: cents(total),
    taggable_spend: cents(taggable),
    attributable_spend: cents(attributable),
    attribution_gap: cents(gap),
    attribution_gap_percentage: taggable > 0 ? Math.round((10_000 * gap) / taggable) / 100 : null,
    unmapped_spend: cents(gap - nonCompliant),
    unattributable_services: unattributable.map(({ service, usd }) => ({ service, usd: cents(usd) })),
  };
};
