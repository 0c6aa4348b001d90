/** Settings of a plan that do nothing any more, because somebody else owns what they ask for: who, and by which command. */
import { type Owned, owned, ownedRunbook } from '../../contracts/settings/owned.ts';
import { configuredResources, type PlanJson, type ResourceChange } from './plan-json.ts';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first of a block that stands once, in a list or by itself. */
const inner = (value: unknown): Tree => {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return isTree(one) ? one : {};
};

const constantOf = (expression: unknown): string | undefined => {
  const value = inner(expression).constant_value;
  // What only a reference tells is no setting's value.
  return value === undefined || value === null || String(value).includes('$' + '{') ? undefined : String(value);
};

/** One value that differs: what the settings ask for, and what is there. */
interface Apart {
  readonly of: string;
  readonly asked: string;
  readonly there: string;
}

const apart = (of: string, asked: string | undefined, there: unknown): Apart[] =>
  asked === undefined || there === undefined || there === null || asked === String(there)
    ? []
    : [{ of, asked, there: String(there) }];

/** By the address of the target group: weights stand in no order of their own. */
const weightsApart = (expression: unknown, action: unknown, plan: PlanJson): Apart[] => {
  const groups = inner(inner(expression).forward).target_group;
  const there = inner(inner(action).forward).target_group;
  if (!Array.isArray(groups) || !Array.isArray(there)) return [];
  return groups.filter(isTree).flatMap((group) => {
    const [address] = [inner(group.arn).references].flat().map((each) => String(each).replace(/\.(arn|id)$/, ''));
    const known = plan.resource_changes.find((each) => each.address === address)?.change.after?.arn;
    const live = there.filter(isTree).find(({ arn }) => arn === known);
    return apart(`weight of ${String(address)}`, constantOf(group.weight), live?.weight);
  });
};

const apartIn = (attribute: string, expression: unknown, there: unknown, plan: PlanJson): Apart[] => {
  if (attribute === 'action') return weightsApart(expression, there, plan);
  if (attribute !== 'scalable_target_action') return apart(attribute, constantOf(expression), there);
  return ['min_capacity', 'max_capacity'].flatMap((bound) =>
    apart(bound, constantOf(inner(expression)[bound]), inner(there)[bound]),
  );
};

const noteOf = (row: Owned, { address }: ResourceChange, { of, asked, there }: Apart): string =>
  `${address}: the settings say ${of} ${asked} (${row.settings.join(', ')}), ${there} is there and stays: ${row.owner} ${row.what}. To change it: ${row.command}. See ${ownedRunbook}.`;

/** One sentence for each setting that differs from what is there and that no apply changes. */
export const ownedNotes = (plan: PlanJson): string[] => {
  const configured = new Map(configuredResources(plan).map((each) => [each.address, each.expressions]));
  const rows: readonly Owned[] = owned;
  return plan.resource_changes.flatMap((resource) => {
    const { address, mode, type, change } = resource;
    const expressions = configured.get(address);
    // What is created gets what the settings say.
    if (mode !== 'managed' || expressions === undefined || change.before === null || change.after === null) return [];
    return rows
      .filter((row) => row.type === type && row.settings.length > 0)
      .flatMap((row) =>
        row.attributes.flatMap((attribute) =>
          apartIn(attribute, expressions[attribute], change.after?.[attribute], plan).map((each) =>
            noteOf(row, resource, each),
          ),
        ),
      );
  });
};
