/** The gap of a scan as it is kept beside it, so that a page tells it without a scan. */
import { z } from 'zod';
import { joinGaps } from '../cost/cost-gap.ts';
import { gapBreakdown, greatestParts } from '../cost/gap-breakdown.ts';
import { gapFindings } from './gap-findings.ts';
import type { Scan } from './scan.ts';

/** What the gap is kept by. */
export const keptGroups = ['service', 'account', 'resource_type'] as const;
export type KeptGroup = (typeof keptGroups)[number];

const usd = z.number();
const Part = z.object({
  total: usd,
  attributable: usd,
  /** Null while some of it is unknown. */
  gap: usd.nullable(),
  resources_scanned: z.number(),
  resources_compliant: z.number(),
});
const Parts = z.array(z.tuple([z.string(), Part]));

const KeptGap = z.object({
  total: usd,
  taggable: usd,
  attributable: usd,
  /** Null while some of it is unknown. */
  gap: usd.nullable(),
  /** Of the gap, what no resource carries. */
  unmapped: usd,
  /** Spend of services whose resources could not all be read. It is in no gap. */
  unread: usd,
  /** Spend that tags cannot attribute. It is not taggable. */
  unattributable: usd,
  /** Accounts whose spend could not be read. They are in no figure. */
  unknownAccounts: z.array(z.string()),
  estimated: z.boolean(),
  /** Days the spend is of; the end is exclusive. */
  period: z.object({ start: z.string(), end: z.string() }),
  /** By group, the greatest gaps first. Names come from outside. */
  parts: z.object({ service: Parts, account: Parts, resource_type: Parts }),
});
export type KeptGap = z.infer<typeof KeptGap>;

/** Undefined where nothing is known of what the scan costs. */
export const gapToKeep = (scan: Scan): KeptGap | undefined => {
  const gap = joinGaps([...scan.gaps.values()]);
  if (gap === undefined) return undefined;
  const unknownAccounts = scan.extent.accounts.filter((account) => !scan.gaps.has(account));
  const parts = (group: KeptGroup) => greatestParts(gapBreakdown(gapFindings(scan), group)).map((part) => [...part]);
  return KeptGap.parse({
    total: gap.total_spend,
    taggable: gap.taggable_spend,
    attributable: gap.attributable_spend,
    gap: unknownAccounts.length > 0 ? null : gap.attribution_gap,
    unmapped: gap.unmapped_spend,
    unread: gap.unread_spend,
    unattributable: gap.total_spend - gap.taggable_spend,
    unknownAccounts,
    estimated: scan.costsEstimated,
    period: scan.period,
    parts: { service: parts('service'), account: parts('account'), resource_type: parts('resource_type') },
  });
};

/** Undefined also of a row that a newer version wrote otherwise. */
export const gapFromRow = (resources: unknown): KeptGap | undefined => KeptGap.safeParse(resources).data;
