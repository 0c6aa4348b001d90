/**
 * A colour that has traffic must not change as a side effect. An environment variable, a secret or a size changes the
 * task definitions of both colours, and an apply then replaces the tasks of the one in service (docs/adr/0030-pull-request-flow.md).
 */
import { type PlanJson, priorResources, type ResourceChange } from '../plan-json.ts';
import { isBranch, known } from '../unknown.ts';
import type { Check } from './check.ts';

type Values = Readonly<Record<string, unknown>>;
type Prior = ReturnType<typeof priorResources>[number];

const valuesIn = (value: unknown): readonly Values[] =>
  [value].flat().filter((each): each is Values => isBranch(each) && !Array.isArray(each));

/** Weights by the ARN of the target group, as a rule forwards them. */
const weightsOf = ({ action }: Values): ReadonlyMap<string, number> =>
  new Map(
    valuesIn(action)
      .flatMap(({ forward }) => valuesIn(forward))
      .flatMap(({ target_group }) => valuesIn(target_group))
      .map(({ arn, weight }) => [String(arn), Number(weight)]),
  );

/** A colour in service. */
interface Live {
  readonly rule: string;
  readonly group: string;
  readonly weight: number;
}

/** With one target group there is no other colour that could be changed instead. */
const liveOf = (prior: readonly Prior[]): readonly Live[] =>
  prior
    .filter(({ type }) => type === 'aws_lb_listener_rule')
    .flatMap(({ address, values }) => {
      const weights = [...weightsOf(values)];
      return weights.length < 2 ? [] : weights.map(([group, weight]) => ({ rule: address, group, weight }));
    })
    .filter(({ weight }) => weight > 0);

/** `shop:12` and `arn:aws:ecs:...:task-definition/shop:12` are of the family `shop`. */
const familyOf = (taskDefinition: unknown): string => String(taskDefinition).replace(/^.*\//, '').replace(/:\d+$/, '');

/** Addresses of what serves a target group: the group, its services and their task definitions. */
const servingOf = (prior: readonly Prior[], group: string): ReadonlySet<string> => {
  const services = prior.filter(
    ({ type, values }) =>
      type === 'aws_ecs_service' &&
      valuesIn(values.load_balancer).some(({ target_group_arn }) => target_group_arn === group),
  );
  const families = new Set(services.map(({ values }) => familyOf(values.task_definition)));
  const others = prior.filter(
    ({ type, values }) =>
      (type === 'aws_lb_target_group' && values.arn === group) ||
      (type === 'aws_ecs_task_definition' && families.has(String(values.family))),
  );
  return new Set([...services, ...others].map(({ address }) => address));
};

// These changes neither replace a task nor move a request.
const harmless = new Set(['tags', 'tags_all']);

const changes = ({ mode, change: { actions, before, after, after_unknown } }: ResourceChange): boolean => {
  if (mode !== 'managed') return false;
  if (actions.some((action) => action === 'delete' || action === 'create')) return true;
  if (!actions.includes('update')) return false;
  const planned: unknown = known(after, after_unknown);
  const wanted: Values = isBranch(planned) && !Array.isArray(planned) ? planned : {};
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(wanted)])].some(
    (name) => !harmless.has(name) && JSON.stringify(before?.[name] ?? null) !== JSON.stringify(wanted[name] ?? null),
  );
};

const remedy =
  'change the idle colour (image_blue, image_green) and run a cutover, or give the pull request the label roll-active';

const rolled = (plan: PlanJson, prior: readonly Prior[], { rule, group, weight }: Live) => {
  const serving = servingOf(prior, group);
  return plan.resource_changes
    .filter((change) => serving.has(change.address) && changes(change))
    .map(({ address }) => ({
      address,
      problem: `would change in place while its colour has weight ${weight} in ${rule}: ${remedy}`,
    }));
};

/** A rule that is made anew begins with the weights of the settings. */
const reset = (plan: PlanJson, { rule, group, weight }: Live) =>
  plan.resource_changes
    .filter(({ address, change }) => address === rule && change.actions.includes('delete'))
    .filter(({ change }) => weightsOf(change.after ?? {}).get(group) !== weight)
    .map(({ address }) => ({
      address,
      problem: `would be made anew without the weight ${weight} that ${group} has: set active_colour to the colour in service first, or give the pull request the label roll-active`,
    }));

export const rollActive: Check = {
  name: 'roll-active',
  asks: 'No colour that has traffic is changed in place.',
  breaches: (plan) => {
    const prior = priorResources(plan);
    return liveOf(prior).flatMap((live) => [...rolled(plan, prior, live), ...reset(plan, live)]);
  },
};
