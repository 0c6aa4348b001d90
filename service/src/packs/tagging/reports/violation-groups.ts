/** What is wrong with the tags of a scan, by tag and kind: counted as resources pass by. Pure. */
import { cents } from '../cost/allocation.ts';
import type { TagFinding } from '../policy/violations.ts';
import type { JudgedResource } from '../scan/judged.ts';

export interface ViolationGroup extends Pick<TagFinding, 'tagName' | 'violationType' | 'severity' | 'allowedValues'> {
  /** Resources with this violation; each has it once. */
  readonly resources: number;
  /** USD a month of those whose cost is known, each resource once. A resource with two violations is in two groups. */
  readonly usd: number;
  /** Those whose cost is not known. */
  readonly unknownCosts: number;
  /** Those that would be compliant without it. */
  readonly sole: number;
  /** The most frequent wrong values. Text from outside. */
  readonly values: readonly { readonly value: string; readonly resources: number }[];
}

export interface ViolationSummary {
  readonly groups: readonly ViolationGroup[];
  /** USD a month of resources that are not compliant, each once. */
  readonly nonCompliantUsd: number;
}

/** Different wrong values that are counted of one group. */
const MOST_VALUES = 200;
const SHOWN_VALUES = 5;

class Group {
  resources = 0;
  usd = 0;
  unknownCosts = 0;
  sole = 0;
  readonly #values = new Map<string, number>();
  readonly #finding: TagFinding;

  constructor(finding: TagFinding) {
    this.#finding = finding;
  }

  add({ cost, errors }: JudgedResource, { currentValue, severity }: TagFinding): void {
    this.resources += 1;
    this.usd += cost?.usd ?? 0;
    this.unknownCosts += cost === null ? 1 : 0;
    this.sole += severity === 'error' && errors.length === 1 ? 1 : 0;
    if (currentValue === null) return;
    const known = this.#values.get(currentValue);
    if (known !== undefined || this.#values.size < MOST_VALUES) this.#values.set(currentValue, (known ?? 0) + 1);
  }

  done(): ViolationGroup {
    const { tagName, violationType, severity, allowedValues } = this.#finding;
    const { resources, usd, unknownCosts, sole } = this;
    const values = [...this.#values]
      .map(([value, count]) => ({ value, resources: count }))
      .sort((a, b) => b.resources - a.resources || (a.value < b.value ? -1 : 1))
      .slice(0, SHOWN_VALUES);
    return { tagName, violationType, severity, allowedValues, resources, usd: cents(usd), unknownCosts, sole, values };
  }
}

/** Groups the violations of resources that pass by once. */
export const summarizeViolations = (resources: Iterable<JudgedResource>): ViolationSummary => {
  const groups = new Map<string, Group>();
  let nonCompliant = 0;
  for (const resource of resources) {
    if (resource.errors.length > 0) nonCompliant += resource.cost?.usd ?? 0;
    for (const finding of [...resource.errors, ...resource.warnings]) {
      const key = JSON.stringify([finding.tagName, finding.violationType, finding.severity]);
      const group = groups.get(key) ?? new Group(finding);
      groups.set(key, group);
      group.add(resource, finding);
    }
  }
  return { groups: [...groups.values()].map((group) => group.done()), nonCompliantUsd: cents(nonCompliant) };
};

const byName = (a: ViolationGroup, b: ViolationGroup): number => (a.tagName < b.tagName ? -1 : 1);

export const byCount = (groups: readonly ViolationGroup[]): ViolationGroup[] =>
  groups.toSorted((a, b) => b.resources - a.resources || byName(a, b));

export const byCost = (groups: readonly ViolationGroup[]): ViolationGroup[] =>
  groups.filter(({ usd }) => usd > 0).toSorted((a, b) => b.usd - a.usd || byName(a, b));
