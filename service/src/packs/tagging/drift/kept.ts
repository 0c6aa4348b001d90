/** Drift between two looks that are kept: for a page, which must not scan. */

import { parseArn } from '../estate/arn.ts';
import type { EstateContext } from '../estate/estate.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
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

/** The whole estate at the earliest and at the latest snapshot of the last days. Undefined: there are no two. */
export const keptDrift = async (
  { estate, scans, policy, trail }: Pick<TaggingServices, 'estate' | 'scans' | 'policy' | 'trail'>,
  days: number,
  context: EstateContext,
): Promise<KeptDrift | undefined> => {
  const whole = await wholeExtent(estate);
  const hash = extentHash(whole);
  const [first, last] = await Promise.all([scans.earliestSnapshot(hash, days), scans.newestSnapshot(hash)]);
  if (first === undefined || last === undefined || first.timestamp === last.timestamp) return undefined;
  const [before, now] = await Promise.all([scans.snapshot(first), scans.snapshot(last)]);
  if (before === undefined || now === undefined) return undefined;
  const { policy: rules } = await policy.current();
  const resources = [...now].flatMap((entry) => resourceOf(whole.types, entry));
  const compared = compareTags({ before, now: resources, failures: [], policy: rules, keys: undefined });
  const drifts = gravestFirst(compared.drifts);
  const writers = await trail.known(drifts, first.timestamp, context);
  return { ...compared, drifts, from: first.timestamp, to: last.timestamp, writers };
};
