/**
 * A target group that a rule forwards to must not be replaced: the rule's weights are not Terraform's, so it goes on
 * forwarding to the old one, which is empty by then, and AWS refuses to delete it.
 */
import { type PlanJson, priorResources } from '../plan-json.ts';
import type { Check } from './check.ts';

/** ARNs of target groups that are forwarded to now, by listeners and rules that stay as they are. */
const attached = (plan: PlanJson): string => {
  const going = new Set(
    plan.resource_changes.filter(({ change }) => change.actions.includes('delete')).map(({ address }) => address),
  );
  const forwarding = priorResources(plan).filter(
    ({ type, address }) => (type === 'aws_lb_listener_rule' || type === 'aws_lb_listener') && !going.has(address),
  );
  return JSON.stringify(forwarding.map(({ values }) => values.action ?? values.default_action));
};

export const attachedTargetGroups: Check = {
  name: 'attached-target-group',
  asks: 'No target group is replaced while a listener or a rule forwards to it.',
  breaches: (plan) => {
    const arns = attached(plan);
    return plan.resource_changes.flatMap(({ type, address, change }) => {
      const arn = change.before?.arn;
      if (type !== 'aws_lb_target_group' || !change.actions.includes('delete') || typeof arn !== 'string') return [];
      if (!arns.includes(arn)) return [];
      return [
        {
          address,
          problem:
            'would be replaced while a rule forwards to it: change one colour at a time, and take it out of the rule first',
        },
      ];
    });
  },
};
