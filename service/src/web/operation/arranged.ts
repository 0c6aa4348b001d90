/** The resources of a plan as the page arranges them: those that fail first, cut down, grouped. Pure data. */
import type { Operation } from '../../operations/operation.ts';
import type { ChangeOutcome, ResourceChange } from '../../operations/plan.ts';
import type { ChangesQuery } from '../props.ts';
import { keyChanges } from './difference.ts';

export interface Arranged {
  readonly change: ResourceChange;
  readonly outcome: ChangeOutcome | undefined;
  /** What it is grouped by; undefined without groups. */
  readonly group: string | undefined;
}

export interface ResourceGroup {
  readonly name: string;
  /** Index of its first resource among those that fit. */
  readonly from: number;
  readonly size: number;
}

export interface Arrangement {
  readonly fitting: readonly Arranged[];
  readonly groups: readonly ResourceGroup[];
  /** How many there are to choose from, whatever is asked for. */
  readonly counts: { readonly all: number; readonly fails: number; readonly loses: number };
}

const failed = ({ change, outcome }: Pick<Arranged, 'change' | 'outcome'>): boolean =>
  outcome === undefined ? change.wouldFail !== undefined : outcome.outcome !== 'applied';

/** Values that are there now and will not be. */
const lost = (change: ResourceChange) =>
  keyChanges(change).filter(({ before, kind }) => (kind === 'changed' || kind === 'removed') && before !== '');

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const lostName = (change: ResourceChange): string =>
  lost(change)
    .map(({ key, before }) => `${key}: ${asText(before)}`)
    .join(', ') || 'No value is lost';

const groupers: Readonly<Record<NonNullable<ChangesQuery['group']>, (change: ResourceChange) => string>> = {
  account: ({ accountId }) => `Account ${accountId}`,
  kind: ({ kind }) => kind,
  region: ({ region }) => region ?? 'In no region',
  lost: lostName,
};

const wordsOf = (change: ResourceChange): string =>
  [
    ...[change.label, change.resourceId, change.accountId, change.kind, change.region ?? ''],
    ...keyChanges(change).flatMap(({ key, before, after }) => [key, asText(before ?? ''), asText(after ?? '')]),
  ]
    .join('\n')
    .toLowerCase();

const fits = (one: Arranged, { q, only }: ChangesQuery): boolean => {
  if (only === 'fails' && !failed(one)) return false;
  if (only === 'loses' && lost(one.change).length === 0) return false;
  if (q === undefined) return true;
  const words = wordsOf(one.change);
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
};

const groupsOf = (arranged: readonly Arranged[]): Map<string, Arranged[]> => {
  const groups = new Map<string, Arranged[]>();
  for (const one of arranged) {
    const name = one.group ?? '';
    const group = groups.get(name) ?? [];
    group.push(one);
    groups.set(name, group);
  }
  return groups;
};

/** What fails first, then what loses a value, each in the plan's order; in groups the largest group first. */
export const arrange = ({ plan, result }: Operation, query: ChangesQuery): Arrangement => {
  const outcomes = new Map(result?.outcomes.map((outcome) => [outcome.resourceId, outcome]));
  const groupOf = query.group && groupers[query.group];
  const all = plan.changes.map(
    (change): Arranged => ({
      change,
      outcome: outcomes.get(change.resourceId),
      group: groupOf?.(change),
    }),
  );
  const rank = (one: Arranged): number => (failed(one) ? 0 : lost(one.change).length > 0 ? 1 : 2);
  const sorted = all.filter((one) => fits(one, query)).toSorted((one, other) => rank(one) - rank(other));
  const counts = {
    all: all.length,
    fails: all.filter(failed).length,
    loses: all.filter(({ change }) => lost(change).length > 0).length,
  };
  if (groupOf === undefined) return { fitting: sorted, groups: [], counts };
  const groups = [...groupsOf(sorted)].toSorted(([, one], [, other]) => other.length - one.length);
  const fitting = groups.flatMap(([, members]) => members);
  let from = 0;
  const placed = groups.map(([name, members]): ResourceGroup => {
    const group = { name, from, size: members.length };
    from += members.length;
    return group;
  });
  return { fitting, groups: placed, counts };
};
