/** The gap of a scan by type, region, account or service. Pure. Resources pass by once and are not kept. */
import type { ResourceType } from '../estate/resource-types.ts';
import { type Allocation, cents, sum } from './allocation.ts';
import type { Gap } from './cost-gap.ts';
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
export interface GapResource {
  readonly type: ResourceType;
  readonly accountId: string;
  readonly region: string;
  /** Carries every required tag properly, or needs none. */
  readonly compliant: boolean;
  /** 0 where nobody knows. */
  readonly usd: number;
}

/** What of a scan its gap follows from. */
export interface GapFindings {
  readonly resources: Iterable<GapResource>;
  readonly gaps: ReadonlyMap<string, Gap>;
  readonly allocations: ReadonlyMap<string, Pick<Allocation, 'services' | 'unread'>>;
  /** Everything enabled was asked about: then spend that no resource carries is in a service's part. */
  readonly wholeAccounts: boolean;
  readonly types: readonly ResourceType[];
}

interface Carried {
  usd: number;
  attributable: number;
  scanned: number;
  compliant: number;
}

const nothing = (): Carried => ({ usd: 0, attributable: 0, scanned: 0, compliant: 0 });

const tally = <Key>(
  resources: Iterable<GapResource>,
  keyOf: (resource: GapResource) => Key,
): ReadonlyMap<Key, Carried> => {
  const held = new Map<Key, Carried>();
  for (const resource of resources) {
    const key = keyOf(resource);
    const carried = held.get(key) ?? nothing();
    held.set(key, carried);
    carried.usd += resource.usd;
    carried.scanned += 1;
    if (!resource.compliant) continue;
    carried.attributable += resource.usd;
    carried.compliant += 1;
  }
  return held;
};

interface Group {
  readonly carried: Carried;
  /** All its spend. Default: what its resources carry. */
  readonly total?: number;
  /** Spend that could not be divided may belong to it. */
  readonly unknown: boolean;
}

const partOf = ({ carried, total = carried.usd, unknown }: Group): GapPart => {
  const attributable = cents(carried.attributable);
  return {
    total: cents(total),
    attributable,
    gap: unknown ? null : cents(cents(total) - attributable),
    resources_scanned: carried.scanned,
    resources_compliant: carried.compliant,
  };
};

const isUnread = ({ allocations }: GapFindings, pool: Pool | undefined): boolean =>
  pool !== undefined && [...allocations.values()].some(({ unread }) => unread.has(pool));

type Grouped = Iterable<readonly [string, Group]>;

const byType = (found: GapFindings): Grouped => {
  const held = tally(found.resources, (each) => each.type);
  return found.types.flatMap((type) => {
    const carried = held.get(type);
    const unknown = isUnread(found, poolOfType(type));
    return carried === undefined && !unknown ? [] : [[type, { carried: carried ?? nothing(), unknown }] as const];
  });
};

/** Spend is told per account and service, so what could not be divided may be of any region. */
const byRegion = (found: GapFindings): Grouped => {
  const unknown = found.types.some((type) => isUnread(found, poolOfType(type)));
  const held = tally(found.resources, (each) => each.region);
  return [...held].map(([region, carried]) => [region, { carried, unknown }] as const);
};

const byAccount = (found: GapFindings): Grouped => {
  const held = tally(found.resources, (each) => each.accountId);
  return [...found.gaps].map(([accountId, gap]) => {
    const carried = held.get(accountId) ?? nothing();
    return [accountId, { carried, total: gap.taggable_spend, unknown: gap.attribution_gap === null }] as const;
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
  const held = tally(found.resources, (each) => poolOfType(each.type));
  const asked = new Set(found.types.map(poolOfType));
  return billedServices(found)
    .filter(({ pool }) => found.wholeAccounts || (pool !== undefined && asked.has(pool)))
    .map(({ name, pool, usd }) => {
      const carried = (pool === undefined ? undefined : held.get(pool)) ?? nothing();
      const total = found.wholeAccounts ? { total: usd } : {};
      return [name, { carried, ...total, unknown: isUnread(found, pool) }] as const;
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
      .map(([key, group]) => [key, partOf(group)] as const)
      .sort(([one, a], [other, b]) => (b.gap ?? b.total) - (a.gap ?? a.total) || (one < other ? -1 : 1)),
  );

/** Parts that are told one by one; a bill may name a hundred services. */
const MOST_PARTS = 25;
const OTHERS = '(others)';

const together = (parts: readonly GapPart[]): GapPart => ({
  total: cents(sum(parts.map((part) => part.total))),
  attributable: cents(sum(parts.map((part) => part.attributable))),
  gap: parts.some((part) => part.gap === null) ? null : cents(sum(parts.map((part) => part.gap ?? 0))),
  resources_scanned: sum(parts.map((part) => part.resources_scanned)),
  resources_compliant: sum(parts.map((part) => part.resources_compliant)),
});

/** The greatest parts, and the small ones together. */
export const greatestParts = (parts: ReadonlyMap<string, GapPart>): (readonly [string, GapPart])[] => {
  const ordered = [...parts];
  const rest = ordered.slice(MOST_PARTS).map(([, part]) => part);
  return [...ordered.slice(0, MOST_PARTS), ...(rest.length > 0 ? [[OTHERS, together(rest)] as const] : [])];
};
