/** A plan as a reviewer wants it: what is destroyed and replaced first, and why; safe to publish, for secrets are masked. */
import { z } from 'zod';
import { adoptedNotes } from './adopted.ts';
import { Difference, differencesOf } from './differences.ts';
import { keptNotes } from './kept.ts';
import { kindOf, statefulTypes } from './kinds.ts';
import { ownedNotes } from './owned.ts';
import type { PlanJson, ResourceChange } from './plan-json.ts';
import { storageNotes } from './storage.ts';
import { UNKNOWN } from './unknown.ts';
import { windowNotes } from './windows.ts';

export const actions = ['delete', 'replace', 'update', 'create', 'forget'] as const;
export type Action = (typeof actions)[number];

export const Change = z.object({
  address: z.string(),
  type: z.string(),
  action: z.enum(actions),
  kind: z.enum(['access', 'network', 'other']),
  /** It holds data, and this change destroys it. */
  losesState: z.boolean(),
  /** Attributes that force a replacement, or terraform's reason. */
  forcedBy: z.array(z.string()),
  differences: z.array(Difference),
});
export type Change = z.infer<typeof Change>;

export const Review = z.object({
  stack: z.string(),
  changes: z.array(Change),
  /** Names of outputs whose values change, which other stacks may read. */
  outputs: z.array(z.string()),
  /** What the changes alone do not say: who owns what a setting asks for, and when a change takes effect. */
  notes: z.array(z.string()).optional(),
});
export type Review = z.infer<typeof Review>;

const actionOf = (names: readonly string[]): Action | undefined => {
  if (names.includes('delete') && names.includes('create')) return 'replace';
  return actions.find((action) => names.includes(action));
};

const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'its creation failed half-way before',
  replace_by_request: 'asked for on the command line',
  replace_by_triggers: 'replace_triggered_by',
  delete_because_no_resource_config: 'no longer in the configuration',
  delete_because_wrong_repetition: 'no longer in the configuration',
};

const pathText = (path: readonly (string | number)[]): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');

const forcedBy = ({ change, action_reason }: ResourceChange, differences: readonly Difference[]): string[] => {
  const paths = (change.replace_paths ?? []).map(pathText);
  if (paths.length === 0) return action_reason === undefined ? [] : [reasons[action_reason] ?? action_reason];
  return paths.map((path) => {
    const found = differences.find((difference) => difference.path === path || difference.path.startsWith(`${path}[`));
    return found === undefined ? path : `${path}: ${found.before ?? 'none'} → ${found.after ?? 'none'}`;
  });
};

const changeOf = (resource: ResourceChange): Change[] => {
  const action = resource.mode === 'managed' ? actionOf(resource.change.actions) : undefined;
  if (action === undefined) return [];
  const { address, type, change } = resource;
  const differences = action === 'delete' || action === 'forget' ? [] : differencesOf(change);
  return [
    {
      address,
      type,
      action,
      kind: kindOf(type),
      losesState: (action === 'delete' || action === 'replace') && statefulTypes.has(type),
      forcedBy: action === 'update' || action === 'create' ? [] : forcedBy(resource, differences),
      // What a new resource will have that only AWS can say is of no interest, but who may use it is.
      differences:
        action === 'update'
          ? differences
          : differences.filter(({ path, after }) => after !== UNKNOWN || /^(assume_role_)?policy$/.test(path)),
    },
  ];
};

const order: Readonly<Record<Action, number>> = { delete: 0, replace: 1, forget: 2, update: 3, create: 4 };

/** @param stack name of the plan's stack */
export const reviewOf = (stack: string, plan: PlanJson): Review => ({
  stack,
  changes: plan.resource_changes
    .flatMap(changeOf)
    .sort((a, b) => order[a.action] - order[b.action] || a.address.localeCompare(b.address)),
  outputs: Object.entries(plan.output_changes)
    .filter(([, { actions: names }]) => names.some((name) => name !== 'no-op'))
    .map(([name]) => name)
    .sort(),
  notes: [...keptNotes(plan), ...adoptedNotes(plan), ...windowNotes(plan), ...storageNotes(plan), ...ownedNotes(plan)],
});

export interface Section {
  readonly name: 'destroyed' | 'reach' | 'updated' | 'created';
  readonly title: string;
  readonly changes: readonly Change[];
}

/** The changes in the order in which a reviewer should see them; a change stands in the first section it fits. */
export const sectionsOf = (changes: readonly Change[]): readonly Section[] => {
  const destroys = changes.filter(({ action }) => action === 'delete' || action === 'replace' || action === 'forget');
  const rest = changes.filter((change) => !destroys.includes(change));
  const reach = rest.filter(({ kind }) => kind !== 'other');
  const others = rest.filter((change) => !reach.includes(change));
  const sections: Section[] = [
    { name: 'destroyed', title: 'Destroyed and replaced', changes: destroys },
    { name: 'reach', title: 'Who may do what, what can reach what', changes: reach },
    { name: 'updated', title: 'Updated in place', changes: others.filter(({ action }) => action === 'update') },
    { name: 'created', title: 'Created', changes: others.filter(({ action }) => action === 'create') },
  ];
  return sections.filter((section) => section.changes.length > 0);
};

export const countsOf = (changes: readonly Change[]): Readonly<Record<Action, number>> => ({
  delete: changes.filter(({ action }) => action === 'delete').length,
  replace: changes.filter(({ action }) => action === 'replace').length,
  update: changes.filter(({ action }) => action === 'update').length,
  create: changes.filter(({ action }) => action === 'create').length,
  forget: changes.filter(({ action }) => action === 'forget').length,
});

/** `2 to destroy, 1 to replace, 4 to update, 20 to create`. */
export const totals = (changes: readonly Change[]): string => {
  const counts = countsOf(changes);
  const said = [
    [counts.delete, 'destroy'],
    [counts.replace, 'replace'],
    [counts.forget, 'forget'],
    [counts.update, 'update'],
    [counts.create, 'create'],
  ] as const;
  const parts = said.filter(([count]) => count > 0).map(([count, verb]) => `${count} to ${verb}`);
  return parts.length === 0 ? 'No changes' : parts.join(', ');
};
