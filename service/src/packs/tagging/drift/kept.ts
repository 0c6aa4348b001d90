/** Drift between two looks that are kept: for a page, which must not scan. */

import { parseArn } from '../estate/arn.ts';
import type { EstateContext, Extent } from '../estate/estate.ts';
import type { Policy } from '../policy/policy.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import { oncePerScan } from '../scan/once-per-scan.ts';
import type { StoredScan } from '../scan/stored-scan.ts';
import type { TaggingServices } from '../services.ts';
import { type Comparison, compareTags, type TagDrift } from './compare.ts';
import { gravestFirst } from './detect.ts';
import type { TagWriter } from './trail.ts';

export interface KeptDrift extends Comparison {
  readonly from: string;
  readonly to: string;
  /** By `attributionKey`; of those that are known without asking upstream. */
  readonly writers: ReadonlyMap<string, TagWriter>;
}

/** A resource as far as its ARN tells: a bucket's names neither account nor region. */
const resourceOf = (
  types: readonly string[],
  [arn, tags]: readonly [string, Readonly<Record<string, string>>],
): (TagDrift['resource'] & { readonly tags: Readonly<Record<string, string>> })[] => {
  const parsed = parseArn(arn);
  const type = parsed?.type;
  if (parsed === undefined || type === undefined || !types.includes(type)) return [];
  const { accountId, region, id } = parsed;
  return [{ arn, id, accountId, region, tags, type: type as TagDrift['resource']['type'] }];
};

type Sources = Pick<TaggingServices, 'estate' | 'scans' | 'policy' | 'trail'>;

const compare = async (
  [first, last]: readonly [StoredScan, StoredScan],
  { scans }: Pick<Sources, 'scans'>,
  policy: Policy,
  { types }: Extent,
): Promise<Comparison | undefined> => {
  const [before, now] = await Promise.all([scans.snapshot(first), scans.snapshot(last)]);
  if (before === undefined || now === undefined) return undefined;
  const resources = [...now].flatMap((entry) => resourceOf(types, entry));
  const compared = compareTags({ before, now: resources, failures: [], policy, keys: undefined });
  return { ...compared, drifts: gravestFirst(compared.drifts) };
};

/**
 * The whole estate at the earliest and at the latest snapshot of the last days. Resolves to undefined where there are no two. Who
 * changed what is looked up each time, because it becomes known later.
 */
export const keptDrift = (
  sources: Sources,
): ((days: number, context: EstateContext) => Promise<KeptDrift | undefined>) => {
  const { estate, scans, policy, trail } = sources;
  const once = oncePerScan<Comparison>(({ drifts }) => drifts.length);
  return async (days, context) => {
    const whole = await wholeExtent(estate);
    const hash = extentHash(whole);
    const [first, last] = await Promise.all([scans.earliestSnapshot(hash, days), scans.newestSnapshot(hash)]);
    if (first === undefined || last === undefined || first.timestamp === last.timestamp) return undefined;
    const { policy: rules, version } = await policy.current();
    const compared = await once([first, last, version], () => compare([first, last], sources, rules, whole));
    if (compared === undefined) return undefined;
    const writers = await trail.known(compared.drifts, first.timestamp, context);
    return { ...compared, from: first.timestamp, to: last.timestamp, writers };
  };
};
