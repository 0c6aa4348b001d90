/**
 * Weeks of scans before the first one, so that the compliance page has a past to show. Computed like real ones, from the
 * estate with tags taken away, and marked as the sandbox's own.
 */
import { randomUUID } from 'node:crypto';
import { sha256 } from '../../../canonical.ts';
import { COST_DAYS, type Costs, lastDays } from '../cost/costs.ts';
import type { Estate, EstateContext, Resource } from '../estate/estate.ts';
import type { PolicySource } from '../policy/policy.ts';
import { evaluate } from '../scan/evaluate.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import { placeKey, type ReadSlice } from '../scan/packed-slice.ts';
import type { Scans } from '../scan/scans.ts';
import { goneSince, tagsThen } from './drift-story.ts';

export interface HistoryParts {
  readonly estate: Estate;
  readonly costs: Costs;
  readonly policy: PolicySource;
  readonly scans: Scans;
  readonly now: () => Date;
}

const DAYS = 56;
const DAY = 86_400_000;
const SCAN_HOUR = 6;
/** Share of resources whose owner was not yet named when the history begins. */
const AT_FIRST = 0.28;
/** Days ago between which a new team's resources came untagged. */
const SETBACK = { from: 24, to: 18, share: 0.05 };

const shareAt = (daysAgo: number): number => {
  const slow = AT_FIRST * (daysAgo / DAYS) ** 1.2;
  return daysAgo <= SETBACK.from && daysAgo >= SETBACK.to ? slow + SETBACK.share : slow;
};

/** 0 up to 1, always the same for an ARN: a resource once repaired stays so. */
const place = (arn: string): number => Number.parseInt(sha256(arn).slice(0, 8), 16) / 2 ** 32;

const asItWas = (resource: Resource, daysAgo: number): Resource => {
  const then = tagsThen(resource, daysAgo);
  if (place(resource.arn) >= shareAt(daysAgo)) return { ...resource, tags: then };
  const { Owner: _, ...tags } = then;
  return { ...resource, tags };
};

const slicesOf = (resources: readonly Resource[]): ReadSlice[] =>
  [...Map.groupBy(resources, placeKey).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { accountId, region, type } = first;
    return [{ accountId, region, type, count: group.length, resources: () => group }];
  });

/** What was there at a time, with the tags of then. */
const estateAt = (resources: readonly Resource[], began: Date, daysAgo: number): Resource[] => [
  ...resources
    .filter(({ createdAt }) => createdAt === null || createdAt <= began.toISOString())
    .map((resource) => asItWas(resource, daysAgo)),
  ...goneSince(daysAgo),
];

/** Fills the history once: an extent with scans keeps the ones it has. */
export const seedHistory = async (parts: HistoryParts, context: EstateContext): Promise<void> => {
  const extent = await wholeExtent(parts.estate);
  const hash = extentHash(extent);
  if ((await parts.scans.history(hash, DAYS)).length > 0) return;
  const policy = await parts.policy.current();
  const resources: Resource[] = [];
  for await (const slice of parts.estate.list(extent, context)) resources.push(...slice.resources);
  const period = lastDays(parts.now(), COST_DAYS);
  const spend = await parts.costs.spend({ accounts: extent.accounts, regions: extent.regions, period }, context);
  for (let daysAgo = DAYS - 1; daysAgo >= 1; daysAgo--) {
    const began = new Date(parts.now().getTime() - daysAgo * DAY);
    began.setUTCHours(SCAN_HOUR, daysAgo % 60, 0, 0);
    const found = {
      slices: slicesOf(estateAt(resources, began, daysAgo)),
      failures: [],
      spend,
      costsAsked: true,
      enabled: extent.types,
      extent,
      wholeAccounts: true,
      named: new Set<never>(),
    };
    const scan = {
      ...(await evaluate(found, policy)),
      scanId: `scan_${randomUUID().replaceAll('-', '')}`,
      timestamp: began.toISOString(),
      extent,
      extentHash: hash,
      policyVersion: policy.version,
      notScanned: {},
      quality: 'complete' as const,
      failures: [],
      costFailures: [],
      period: lastDays(began, COST_DAYS),
      costsEstimated: false,
    };
    // Tags are kept for the days drift is looked for in.
    await parts.scans.record(scan, { snapshot: daysAgo <= 8, sandbox: true });
  }
};
