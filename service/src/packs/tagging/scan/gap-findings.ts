/** What of a scan its gap follows from. */
import type { GapFindings, GapResource } from '../cost/gap-breakdown.ts';
import { isCompliant } from './judged.ts';
import type { Scan } from './scan.ts';

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

/** To look at once. */
export const gapFindings = (scan: Scan): GapFindings => ({
  resources: costed(scan),
  gaps: scan.gaps,
  allocations: scan.allocations,
  wholeAccounts: scan.wholeAccounts,
  types: scan.extent.types,
});
