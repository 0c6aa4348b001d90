/** The gap of a scan as answers tell it. */
import { z } from 'zod';
import { clean } from '../../../untrusted.ts';
import { cents, sum } from '../cost/allocation.ts';
import { joinGaps } from '../cost/cost-gap.ts';
import {
  type GapFindings,
  type GapGroup,
  type GapPart,
  type GapResource,
  gapBreakdown,
} from '../cost/gap-breakdown.ts';
import { isCompliant } from '../scan/judged.ts';
import type { Scan } from '../scan/scan.ts';

function* costed(scan: Scan): Generator<GapResource> {
  for (const each of scan.each())
    yield {
      type: each.type,
      accountId: each.accountId,
      region: each.region,
      compliant: isCompliant(each),
      usd: each.cost?.usd ?? 0,
    };
}

/** What of a scan its gap follows from, to look at once. */
export const gapFindings = (scan: Scan): GapFindings => ({
  resources: costed(scan),
  gaps: scan.gaps,
  allocations: scan.allocations,
  wholeAccounts: scan.wholeAccounts,
  types: scan.extent.types,
});

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

/** Parts of one answer; a bill may name a hundred services. */
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
export const shownBreakdown = (scan: Scan, by: GapGroup): z.input<typeof GapBreakdown> => {
  const parts = [...gapBreakdown(gapFindings(scan), by)];
  const rest = parts.slice(MOST_PARTS).map(([, part]) => part);
  const shown = parts.slice(0, MOST_PARTS).map(([key, part]) => [clean(key), part] as const);
  return Object.fromEntries([...shown, ...(rest.length > 0 ? [[OTHERS, together(rest)] as const] : [])]);
};
