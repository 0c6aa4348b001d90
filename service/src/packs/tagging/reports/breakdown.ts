/** What the violations are about, in counts: the first thing to read of a long list. */
import { z } from 'zod';
import { clean } from '../../../untrusted.ts';
import type { TagFinding } from '../policy/violations.ts';
import type { Tally as FoldedTally } from '../scan/fold.ts';
import type { JudgedResource } from '../scan/judged.ts';

/** Which violations are meant: errors, which lower the score, warnings, which do not, or both. */
export const Severity = z.enum(['all', 'errors_only', 'warnings_only']);
export type Severity = z.output<typeof Severity>;

/** The violations of one resource. Everything that counts violations counts these. */
export const violationsOf = ({ errors, warnings }: JudgedResource, severity: Severity): readonly TagFinding[] => {
  if (severity === 'errors_only') return errors;
  return severity === 'warnings_only' ? warnings : [...errors, ...warnings];
};

/** How many of the violations that were counted are meant. */
export const violationCount = (
  { errors, warnings }: Pick<FoldedTally, 'errors' | 'warnings'>,
  severity: Severity,
): number => {
  if (severity === 'errors_only') return errors;
  return severity === 'warnings_only' ? warnings : errors + warnings;
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

class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The greatest first, the small ones together. */
  done(): Record<string, number> {
    const ordered = [...this.#counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    const others = ordered.slice(MOST_GROUPS).reduce((sum, [, count]) => sum + count, 0);
    return Object.fromEntries([...ordered.slice(0, MOST_GROUPS), ...(others > 0 ? [[OTHERS, others]] : [])]);
  }
}

/** Counts violations while they pass by. */
export class ViolationTally {
  readonly #tag = new Tally();
  readonly #type = new Tally();
  readonly #account = new Tally();
  #total = 0;

  add({ resource, finding }: FoundViolation): void {
    this.#total += 1;
    this.#tag.add(clean(finding.tagName));
    this.#type.add(resource.type);
    this.#account.add(resource.accountId);
  }

  get total(): number {
    return this.#total;
  }

  done(): z.input<typeof ViolationsBy> {
    return { tag: this.#tag.done(), resource_type: this.#type.done(), account: this.#account.done() };
  }
}
