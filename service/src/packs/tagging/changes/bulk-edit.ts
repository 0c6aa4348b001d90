/** The writes that bring resources from before to after: what is set and removed where, in the fewest upstream calls. */
import { canonicalJson } from '../../../canonical.ts';
import type { ResourceChange } from '../../../operations/plan.ts';
import { parseArn } from '../estate/arn.ts';
import { ARNS_PER_WRITE, type Tags } from '../estate/estate.ts';

/** What is written to one resource. */
export interface Edit {
  readonly arn: string;
  /** Account and region: one upstream call writes in one of them. */
  readonly place: string;
  readonly set: Tags;
  readonly remove: readonly string[];
}

/** Resources of one place that take the same write. */
export interface Job<T> {
  readonly work: T;
  readonly arns: readonly string[];
}

export const placeOf = ({ accountId, region }: Pick<ResourceChange, 'accountId' | 'region'>): string =>
  `${accountId} ${region ?? ''}`;

export const editOf = (change: ResourceChange): Edit => {
  const { resourceId, before, after } = change;
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const [key, value] of Object.entries(after))
    if (typeof value === 'string' && value !== before[key]) set[key] = value;
    else if (value === null && before[key] !== null) remove.push(key);
  return { arn: resourceId, place: placeOf(change), set, remove };
};

/** The same on each, where nothing is known of the resources but their ARNs. */
export const editsOf = (
  arns: readonly string[],
  { set = {}, remove = [] }: { readonly set?: Tags; readonly remove?: readonly string[] },
): Edit[] =>
  arns.map((arn) => {
    const { accountId = '', region } = parseArn(arn) ?? {};
    return { arn, place: placeOf(region === undefined ? { accountId } : { accountId, region }), set, remove };
  });

const jobsOf = <T>(edits: readonly Edit[], work: (edit: Edit) => T): Job<T>[] =>
  [...Map.groupBy(edits, (edit) => canonicalJson([edit.place, work(edit)])).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ work: work(first), arns: group.map((edit) => edit.arn) }];
  });

/** Tags that are set, by place and value. */
export const setJobs = (edits: readonly Edit[]): Job<Tags>[] =>
  jobsOf(
    edits.filter((edit) => Object.keys(edit.set).length > 0),
    (edit) => edit.set,
  );

/** Keys that are removed, by place. */
export const removeJobs = (edits: readonly Edit[]): Job<readonly string[]>[] =>
  jobsOf(
    edits.filter((edit) => edit.remove.length > 0),
    (edit) => edit.remove,
  );

/** Upstream calls that these writes take: one sets the same tags on, or removes the same keys from, 20 resources. */
export const writeCalls = (edits: readonly Edit[]): number =>
  [...setJobs(edits), ...removeJobs(edits)].reduce((sum, { arns }) => sum + Math.ceil(arns.length / ARNS_PER_WRITE), 0);
