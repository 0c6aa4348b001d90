/** The gap of a scan as answers tell it. */
import { z } from 'zod';
import { clean } from '../../../untrusted.ts';
import { joinGaps } from '../cost/cost-gap.ts';
import { type GapGroup, gapBreakdown, greatestParts } from '../cost/gap-breakdown.ts';
import { gapFindings } from '../scan/gap-findings.ts';
import type { Scan } from '../scan/scan.ts';

const usd = z.number().nullable();

/** Null where costs of no account are known. */
export const GapTotals = {
  total_spend: usd,
  taggable_spend: usd,
  attributable_spend: usd,
  attribution_gap: usd.describe('USD: taggable less attributable; null while some is unknown'),
  attribution_gap_percentage: usd.describe('0 to 100'),
  unmapped_spend: usd.describe('Of the gap, what no resource carries'),
  unattributable_services: z.array(z.object({ service: z.string(), usd: z.number() })),
};

export const gapTotals = (scan: Scan): z.input<z.ZodObject<typeof GapTotals>> => {
  const gap = joinGaps([...scan.gaps.values()]);
  // Accounts whose spend could not be read are in no sum, so the whole is not known.
  const known = gap !== undefined && scan.costFailures.every(({ accountId }) => scan.gaps.has(accountId));
  return {
    total_spend: gap?.total_spend ?? null,
    taggable_spend: gap?.taggable_spend ?? null,
    attributable_spend: gap?.attributable_spend ?? null,
    attribution_gap: known ? gap.attribution_gap : null,
    attribution_gap_percentage: known ? gap.attribution_gap_percentage : null,
    unmapped_spend: known ? gap.unmapped_spend : null,
    unattributable_services: (gap?.unattributable_services ?? []).map((each) => ({
      ...each,
      service: clean(each.service),
    })),
  };
};

const Part = z.object({
  total: z.number(),
  attributable: z.number(),
  gap: usd,
  resources_scanned: z.number(),
  resources_compliant: z.number(),
});

export const GapBreakdown = z.record(z.string(), Part);

/** The greatest parts, and the small ones together. */
export const shownBreakdown = (scan: Scan, by: GapGroup): z.input<typeof GapBreakdown> => {
  const parts = greatestParts(gapBreakdown(gapFindings(scan), by));
  return Object.fromEntries(parts.map(([key, part]) => [clean(key), part]));
};
