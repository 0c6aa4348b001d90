/** What the violations are about, in counts: the first thing to read of a long list. */
import { z } from 'zod';
import { clean } from '../../../untrusted.ts';
import type { TagFinding } from '../policy/violations.ts';
import type { JudgedResource } from '../scan/evaluate.ts';

/** Which violations are meant: errors, which lower the score, warnings, which do not, or both. */
export const Severity = z.enum(['all', 'errors_only', 'warnings_only']);
export type Severity = z.output<typeof Severity>;

/** The violations of one resource. Everything that counts violations counts these. */
export const violationsOf = ({ errors, warnings }: JudgedResource, severity: Severity): readonly TagFinding[] => {
  if (severity === 'errors_only') return errors;
  return severity === 'warnings_only' ? warnings : [...errors, ...warnings];
};

const Counts = z.record(z.string(), z.number());

export const ViolationsBy = z.object({ tag: Counts, resource_type: Counts, account: Counts });

export interface FoundViolation {
  readonly resource: JudgedResource;
  readonly finding: TagFinding;
}

/** Groups that are named; keys of tags come from outside, and there may be any number of them. */
const MOST_GROUPS = 10;
const OTHERS = '(others)';

/** The greatest first, the small ones together. */
const tally = (names: Iterable<string>): Record<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ordered = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const others = ordered.slice(MOST_GROUPS).reduce((sum, [, count]) => sum + count, 0);
  return Object.fromEntries([...ordered.slice(0, MOST_GROUPS), ...(others > 0 ? [[OTHERS, others]] : [])]);
};

export const violationsBy = (found: readonly FoundViolation[]): z.input<typeof ViolationsBy> => ({
  tag: tally(found.map(({ finding }) => clean(finding.tagName))),
  resource_type: tally(found.map(({ resource }) => resource.type)),
  account: tally(found.map(({ resource }) => resource.accountId)),
});
