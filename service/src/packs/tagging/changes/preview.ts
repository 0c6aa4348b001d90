/** What compliance becomes when tags are set. Pure. */

import type { ResourceType } from '../estate/resource-types.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { errorsOf } from '../policy/violations.ts';
import { type Counts, ratio } from '../scan/score.ts';

type Tags = Readonly<Record<string, string>>;

export interface PreviewTarget {
  readonly type: ResourceType;
  readonly before: Tags;
  readonly after: Tags;
  /** Is it among the resources the counts are about? Others change nothing in the projection. */
  readonly counted: boolean;
  /** USD a month, where known. */
  readonly cost: number | null;
}

export interface Projection {
  readonly current: number | null;
  readonly projected: number | null;
  /** projected - current; 0 where neither is known. */
  readonly improvement: number;
  readonly gained: number;
  readonly lost: number;
  /** USD a month of resources gained less lost; null when none of their costs is known. */
  readonly gapReduction: number | null;
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/** projected = (compliant + gained - lost) / total, held within 0 and 1 for counts that are older than the targets. */
export const project = (counts: Counts, targets: readonly PreviewTarget[], policy: LoadedPolicy): Projection => {
  let gained = 0;
  let lost = 0;
  let reduction = 0;
  let known = 0;
  for (const target of targets) {
    if (!target.counted) continue;
    const was = errorsOf(target.type, target.before, policy).length === 0;
    const is = errorsOf(target.type, target.after, policy).length === 0;
    if (was === is) continue;
    if (is) gained += 1;
    else lost += 1;
    if (target.cost === null) continue;
    known += 1;
    reduction += is ? target.cost : -target.cost;
  }
  const gapReduction = known === 0 && gained + lost > 0 ? null : Math.round(reduction * 100) / 100;
  if (counts.total === 0) return { current: null, projected: null, improvement: 0, gained, lost, gapReduction };
  const current = ratio(counts.compliant, counts.total);
  const after = Math.min(counts.total, Math.max(0, counts.compliant + gained - lost));
  const projected = ratio(after, counts.total);
  return { current, projected, improvement: rounded(projected - current), gained, lost, gapReduction };
};
