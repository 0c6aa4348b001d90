/**
 * Who carries what an account spends: each service's spend is divided among the resources that it pays for. One division
 * for everything that was read, whatever was asked, in whole cents: parts of it add up to the whole. Pure.
 */

import type { ResourceType } from '../estate/resource-types.ts';
import { isUnattributable, type Pool, poolOfService, poolOfType } from './cost-services.ts';
import type { ResourceCost, Spend } from './costs.ts';

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
}

/** USD over the period. */
export interface Allocation {
  /** Per ARN; absent where nobody knows. */
  readonly costs: ReadonlyMap<string, ResourceCost>;
  readonly total: number;
  /** Per service name, as the provider spells it. */
  readonly services: readonly { readonly service: string; readonly usd: number }[];
  /** Spend no tag could ever attribute. */
  readonly unattributable: readonly { readonly service: string; readonly usd: number }[];
  /** Spend of services whose resources could not all be read: nobody knows which of them carries it. */
  readonly unread: ReadonlyMap<Pool, number>;
}

export const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const each of numbers) total += each;
  return total;
};
/** A remainder of nothing may round to -0. */
export const cents = (usd: number): number => Math.round(usd * 100) / 100 + 0;

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

const isStopped = (resource: CostResource): boolean => resource.type === 'ec2:instance' && resource.state === 'stopped';

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

/** Whole cents with the same sum: each is rounded down, and the cents that are left go to the largest remainders. */
const inCents = (costs: ReadonlyMap<string, ResourceCost>): Map<string, ResourceCost> => {
  const parts = [...costs].map(([arn, cost]) => {
    const whole = Math.floor(cost.usd * 100 + 1e-6);
    return { arn, cost, whole, remainder: cost.usd * 100 - whole };
  });
  const left = Math.round(sum(parts.map((part) => part.cost.usd)) * 100) - sum(parts.map((part) => part.whole));
  const ranked = [...parts].sort((a, b) => b.remainder - a.remainder || (a.arn < b.arn ? -1 : 1));
  return new Map(
    ranked.map(({ arn, cost, whole }, rank) => [arn, { ...cost, usd: (whole + (rank < left ? 1 : 0)) / 100 }]),
  );
};

const namesOf = (spend: Spend, accountId: string, pool: Pool, known: ReadonlySet<string>): Map<string, number> => {
  const names = new Map<string, number>();
  for (const group of spend.byName)
    if (group.accountId === accountId && poolOfService(group.service) === pool && known.has(group.name))
      names.set(group.name, (names.get(group.name) ?? 0) + group.usd);
  return names;
};

const poolsOf = (lines: Spend['lines']): Map<Pool, number> => {
  const pooled = new Map<Pool, number>();
  for (const { service, usd } of lines) {
    const pool = poolOfService(service);
    if (pool !== undefined) pooled.set(pool, cents((pooled.get(pool) ?? 0) + usd));
  }
  return pooled;
};

/**
 * Divides what one account spent.
 * @param resources everything of the account that shares its pools, not only what was asked about
 * @param unread pools some of whose resources could not be read: only costs known for single resources are told of them
 */
export const allocate = (
  accountId: string,
  resources: readonly CostResource[],
  spend: Spend,
  unread: ReadonlySet<Pool>,
): Allocation => {
  const lines = spend.lines
    .filter((line) => line.accountId === accountId)
    .map((line) => ({ ...line, usd: cents(line.usd) }));
  const costs = new Map<string, ResourceCost>();
  const unknown = new Map<Pool, number>();
  for (const [pool, usd] of poolsOf(lines)) {
    const sharing = resources.filter((each) => each.accountId === accountId && poolOfType(each.type) === pool);
    const names = new Set(sharing.flatMap((each) => (each.name === undefined ? [] : [each.name])));
    const divided = inCents(
      unread.has(pool)
        ? ownCosts(sharing, usd, spend)
        : divide(sharing, usd, namesOf(spend, accountId, pool, names), spend),
    );
    for (const [arn, cost] of divided) costs.set(arn, cost);
    const rest = cents(usd - sum([...divided.values()].map((cost) => cost.usd)));
    if (unread.has(pool) && rest > 0) unknown.set(pool, rest);
  }
  return {
    costs,
    total: cents(sum(lines.map((line) => line.usd))),
    services: lines.map(({ service, usd }) => ({ service, usd })),
    unattributable: lines.filter((line) => isUnattributable(line.service)),
    unread: unknown,
  };
};
