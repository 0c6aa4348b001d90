/** A named check of a plan: a pure function that answers what it finds. */
import type { Breach, Policy, Resource, StackView } from '../../../modules/policy/view.ts';
import type { PlanJson } from '../plan-json.ts';
import { known } from '../unknown.ts';

export interface Check {
  /** Kebab case; `--allow <name>` lets it pass. */
  readonly name: string;
  /** What it asks for, for the list of `--help`. */
  readonly asks: string;
  readonly breaches: (plan: PlanJson) => readonly Breach[];
}

/** Planned values without nulls; what only AWS can say counts as given. */
const planned = (after: Readonly<Record<string, unknown>>, unknown: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(known(after, unknown) as object).filter(([, value]) => value !== null));

/** What will stand after the plan, as the policies of synthesis look at it. */
export const viewOfPlan = ({ resource_changes }: PlanJson): StackView => {
  const standing = (mode: 'managed' | 'data'): Resource[] =>
    resource_changes.flatMap(({ mode: own, type, address, change }) =>
      own === mode && change.after !== null
        ? [{ type, address, block: planned(change.after, change.after_unknown) }]
        : [],
    );
  const resources = standing('managed');
  const data = standing('data');
  return {
    resources,
    of: (...types) => resources.filter(({ type }) => types.includes(type)),
    data: (type) => data.filter((source) => source.type === type),
    sources: data,
    locals: {},
    region: '',
    prod: false,
    primary: true,
    controlReasons: {},
  };
};

/** A policy of synthesis that holds for planned values too. Plans see what references have become. */
export const fromPolicy = (name: string, asks: string, ...policies: readonly Policy[]): Check => ({
  name,
  asks,
  breaches: (plan) => {
    const view = viewOfPlan(plan);
    return policies.flatMap((policy) => policy.breaches(view));
  },
});
