/**
 * How much of the spend can be attributed to somebody. Pure.
 * Of a whole account: taggable = total - unattributable; gap = taggable - attributable = non-compliant + unmapped.
 * Of a part of it: what its own resources carry. Spend that no resource carries belongs to no type and no region.
 */

import type { ResourceType } from '../estate/resource-types.ts';
import { type Allocation, cents, sum } from './allocation.ts';
import { type Pool, poolOfType } from './cost-services.ts';

/** USD over the period. */
export interface Gap {
  readonly total_spend: number;
  readonly taggable_spend: number;
  readonly attributable_spend: number;
  /** Null while spend of resources that could not be read is unknown. */
  readonly attribution_gap: number | null;
  /** 0 to 100; null without taggable spend. */
  readonly attribution_gap_percentage: number | null;
  /** Spend of services with no resource in the scan to carry it; 0 for a part of an account. */
  readonly unmapped_spend: number;
  /** Spend of services whose resources could not all be read. It is in no other figure but the total and the taggable. */
  readonly unread_spend: number;
  readonly unattributable_services: readonly { readonly service: string; readonly usd: number }[];
}

/** A resource that was asked about. */
export interface Attributed {
  readonly arn: string;
  /** Carries every required tag properly, or needs none. */
  readonly compliant: boolean;
}

interface Parts {
  readonly total: number;
  readonly unattributable: Allocation['unattributable'];
  readonly attributable: number;
  readonly nonCompliant: number;
  readonly unread: number;
}

const gapOf = ({ total, unattributable, attributable, nonCompliant, unread }: Parts): Gap => {
  const taggable = cents(total - sum(unattributable.map((each) => each.usd)));
  const gap = unread > 0 ? null : cents(taggable - attributable);
  return {
    total_spend: total,
    taggable_spend: taggable,
    attributable_spend: attributable,
    attribution_gap: gap,
    attribution_gap_percentage: taggable > 0 && gap !== null ? Math.round((10_000 * gap) / taggable) / 100 : null,
    unmapped_spend: cents(taggable - attributable - nonCompliant - unread),
    unread_spend: unread,
    unattributable_services: unattributable.map(({ service, usd }) => ({ service, usd })),
  };
};

const carriedBy = ({ costs }: Allocation, resources: readonly Attributed[], compliant: boolean): number =>
  cents(sum(resources.map((each) => (each.compliant === compliant ? (costs.get(each.arn)?.usd ?? 0) : 0))));

/** The gap of everything in an account. */
export const accountGap = (allocation: Allocation, resources: readonly Attributed[]): Gap =>
  gapOf({
    total: allocation.total,
    unattributable: allocation.unattributable,
    attributable: carriedBy(allocation, resources, true),
    nonCompliant: carriedBy(allocation, resources, false),
    unread: cents(sum(allocation.unread.values())),
  });

/** The gap of some resources of an account: of some types, or in some regions. */
export const partGap = (
  allocation: Allocation,
  resources: readonly Attributed[],
  types: readonly ResourceType[],
): Gap => {
  const attributable = carriedBy(allocation, resources, true);
  const nonCompliant = carriedBy(allocation, resources, false);
  const pools = new Set<Pool | undefined>(types.map(poolOfType));
  const unread = cents(sum([...allocation.unread].map(([pool, usd]) => (pools.has(pool) ? usd : 0))));
  const total = cents(attributable + nonCompliant + unread);
  return gapOf({ total, unattributable: [], attributable, nonCompliant, unread });
};

/** The gap of several accounts together. Undefined of none: then nothing is known. */
export const joinGaps = (gaps: readonly Gap[]): Gap | undefined => {
  if (gaps.length === 0) return undefined;
  const total = (of: (gap: Gap) => number): number => cents(sum(gaps.map(of)));
  const services = Map.groupBy(
    gaps.flatMap((gap) => gap.unattributable_services),
    (each) => each.service,
  );
  const attributable = total((gap) => gap.attributable_spend);
  const unread = total((gap) => gap.unread_spend);
  const taggable = total((gap) => gap.taggable_spend);
  const unmapped = total((gap) => gap.unmapped_spend);
  return gapOf({
    total: total((gap) => gap.total_spend),
    unattributable: [...services].map(([service, each]) => ({ service, usd: cents(sum(each.map(({ usd }) => usd))) })),
    attributable,
    nonCompliant: cents(taggable - attributable - unread - unmapped),
    unread,
  });
};
