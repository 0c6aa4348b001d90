/** What a plan changes, read from its before and after states. Pure data, for the templates beside it. */
import type { ResourceChange } from '../../operations/plan.ts';

export type Kind = 'added' | 'changed' | 'removed' | 'same';

export interface KeyChange {
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly kind: Kind;
}

const kindOf = (before: unknown, after: unknown): Kind => {
  const was = before ?? null;
  const becomes = after ?? null;
  if (JSON.stringify(was) === JSON.stringify(becomes)) return 'same';
  if (was === null) return 'added';
  return becomes === null ? 'removed' : 'changed';
};

/** Every touched key of a resource, with what happens to it. */
export const keyChanges = ({ before, after }: ResourceChange): KeyChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
    key,
    before: before[key],
    after: after[key],
    kind: kindOf(before[key], after[key]),
  }));

/** One key set to one value: on how many resources that adds, changes, removes it or leaves it as it is. */
export interface KeySummary {
  readonly key: string;
  readonly after: unknown;
  readonly counts: Readonly<Record<Kind, number>>;
}

/** The same change on many resources, counted; the most frequent first. What stays as it is everywhere is no change. */
export const summarize = (changes: readonly ResourceChange[]): KeySummary[] => {
  const groups = new Map<string, { key: string; after: unknown; counts: Record<Kind, number> }>();
  for (const { key, after, kind } of changes.flatMap(keyChanges)) {
    const id = JSON.stringify([key, after ?? null]);
    const group = groups.get(id) ?? { key, after, counts: { added: 0, changed: 0, removed: 0, same: 0 } };
    group.counts[kind] += 1;
    groups.set(id, group);
  }
  const total = ({ counts }: KeySummary): number => counts.added + counts.changed + counts.removed + counts.same;
  return [...groups.values()]
    .filter((group) => group.counts.same < total(group))
    .sort((one, other) => total(other) - total(one));
};

/** How many accounts and regions a plan reaches. */
export const reach = (changes: readonly ResourceChange[]): { readonly accounts: number; readonly regions: number } => ({
  accounts: new Set(changes.map((change) => change.accountId).filter((accountId) => accountId !== '')).size,
  regions: new Set(changes.flatMap((change) => change.region ?? [])).size,
});
