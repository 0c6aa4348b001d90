/** The gap of a scan by type, region, account or service. Pure. */
import type { ResourceType } from '../estate/resource-types.ts';
import { type Allocation, cents, sum } from './allocation.ts';
import type { Attributed, Gap } from './cost-gap.ts';
import { isUnattributable, type Pool, poolOfService, poolOfType, serviceOfPool } from './cost-services.ts';

export const gapGroups = ['resource_type', 'region', 'account', 'service'] as const;
export type GapGroup = (typeof gapGroups)[number];

/** USD over the period. */
export interface GapPart {
  readonly total: number;
  readonly attributable: number;
  /** Null while spend of resources that could not be read is unknown and may belong here. */
  readonly gap: number | null;
  readonly resources_scanned: number;
  readonly resources_compliant: number;
}

/** A resource that was asked about. */
export interface GapResource extends Attributed {
  readonly type: ResourceType;
  readonly accountId: string;
  readonly region: string;
}

/** What of a scan its gap follows from. */
export interface GapFindings {
  readonly resources: readonly GapResource[];
  readonly gaps: ReadonlyMap<string, Gap>;
  readonly allocations: ReadonlyMap<string, Allocation>;
  /** Everything enabled was asked about: then spend that no resource carries is in a service's part. */
  readonly wholeAccounts: boolean;
  readonly types: readonly ResourceType[];
}

interface Group {
  readonly resources: readonly GapResource[];
  /** Spend beside what its resources carry. */
  readonly besides?: number;
  /** Spend that could not be divided may belong to it. */
  readonly unknown: boolean;
}

const usdOf = ({ allocations }: GapFindings, { accountId, arn }: GapResource): number =>
  allocations.get(accountId)?.costs.get(arn)?.usd ?? 0;

const partOf = (found: GapFindings, { resources, besides = 0, unknown }: Group): GapPart => {
  const compliant = resources.filter((each) => each.compliant);
  const attributable = cents(sum(compliant.map((each) => usdOf(found, each))));
  const total = cents(sum(resources.map((each) => usdOf(found, each))) + besides);
  return {
    total,
    attributable,
    gap: unknown ? null : cents(total - attributable),
    resources_scanned: resources.length,
    resources_compliant: compliant.length,
  };
};

const isUnread = ({ allocations }: GapFindings, pool: Pool | undefined): boolean =>
  pool !== undefined && [...allocations.values()].some(({ unread }) => unread.has(pool));

type Grouped = Iterable<readonly [string, Group]>;

const byType = (found: GapFindings): Grouped => {
  const held = Map.groupBy(found.resources, (each) => each.type);
  return found.types.flatMap((type) => {
    const resources = held.get(type);
    const unknown = isUnread(found, poolOfType(type));
    return resources === undefined && !unknown ? [] : [[type, { resources: resources ?? [], unknown }] as const];
  });
};

/** Spend is told per account and service, so what could not be divided may be of any region. */
const byRegion = (found: GapFindings): Grouped => {
  const unknown = found.types.some((type) => isUnread(found, poolOfType(type)));
  const held = Map.groupBy(found.resources, (each) => each.region);
  return [...held].map(([region, resources]) => [region, { resources, unknown }] as const);
};

const byAccount = (found: GapFindings): Grouped => {
  const held = Map.groupBy(found.resources, (each) => each.accountId);
  return [...found.gaps].map(([accountId, gap]) => {
    const resources = held.get(accountId) ?? [];
    const besides = gap.taggable_spend - sum(resources.map((each) => usdOf(found, each)));
    return [accountId, { resources, besides, unknown: gap.attribution_gap === null }] as const;
  });
};

interface Billed {
  readonly name: string;
  readonly pool: Pool | undefined;
  readonly usd: number;
}

/** Services of the bill that tags can attribute, each once, however many names it is billed under. */
const billedServices = ({ allocations }: GapFindings): Billed[] => {
  const lines = [...allocations.values()].flatMap(({ services }) => services);
  const named = lines
    .filter(({ service }) => !isUnattributable(service))
    .map(({ service, usd }): Billed => {
      const pool = poolOfService(service);
      return { name: pool === undefined ? service : serviceOfPool(pool), pool, usd };
    });
  return [...Map.groupBy(named, ({ name }) => name).values()].flatMap((same) =>
    same.slice(0, 1).map((first) => ({ ...first, usd: cents(sum(same.map(({ usd }) => usd))) })),
  );
};

/** One part a service, however many types it bills: their resources share its spend. */
const byService = (found: GapFindings): Grouped => {
  const held = Map.groupBy(found.resources, (each) => poolOfType(each.type));
  const asked = new Set(found.types.map(poolOfType));
  return billedServices(found)
    .filter(({ pool }) => found.wholeAccounts || (pool !== undefined && asked.has(pool)))
    .map(({ name, pool, usd }) => {
      const resources = pool === undefined ? [] : (held.get(pool) ?? []);
      const besides = found.wholeAccounts ? usd - sum(resources.map((each) => usdOf(found, each))) : 0;
      return [name, { resources, besides, unknown: isUnread(found, pool) }] as const;
    });
};

const groupings: Readonly<Record<GapGroup, (found: GapFindings) => Grouped>> = {
  resource_type: byType,
  region: byRegion,
  account: byAccount,
  service: byService,
};

/**
 * Parts of the gap, the greatest first. By account and by service they add up to taggable_spend and attribution_gap of whole
 * accounts; by type and region they leave out unmapped_spend, which no resource carries.
 */
export const gapBreakdown = (found: GapFindings, by: GapGroup): ReadonlyMap<string, GapPart> =>
  new Map(
    [...groupings[by](found)]
      .map(([key, group]) => [key, partOf(found, group)] as const)
      .sort(([one, a], [other, b]) => (b.gap ?? b.total) - (a.gap ?? a.total) || (one < other ? -1 : 1)),
  );
