/**
 * The rule that answers every call with a fixed 503. It stands between the rules of the preview, which go on working, and
 * the one that serves. It is not in Terraform's state: no plan sees it, and no deployment takes it away.
 */
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  paginateDescribeListeners,
  paginateDescribeRules,
  type Rule,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { listenerPriorities } from '../../../contracts/preview.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import { type Page, pageOf } from './page.ts';

export interface Found {
  readonly listener: string;
  /** The one that serves, whose conditions ours repeats: behind CloudFront they check the secret header. */
  readonly live: Rule;
  /** Whatever stands at the priority of maintenance. */
  readonly rule?: Rule | undefined;
  /** Undefined where that is not ours. */
  readonly page?: Page | undefined;
}

const at = (rules: readonly Rule[], priority: number): Rule | undefined =>
  rules.find(({ Priority }) => Priority === String(priority));

const bodyIn = ({ Actions = [] }: Rule): string | undefined =>
  Actions.find(({ FixedResponseConfig }) => FixedResponseConfig?.StatusCode === '503')?.FixedResponseConfig
    ?.MessageBody;

/** Undefined: no listener of this load balancer serves. */
export const findRule = async (
  client: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
): Promise<Found | undefined> => {
  for await (const { Listeners = [] } of paginateDescribeListeners({ client }, { LoadBalancerArn }))
    for (const { ListenerArn = '' } of Listeners) {
      const rules: Rule[] = [];
      for await (const { Rules = [] } of paginateDescribeRules({ client }, { ListenerArn })) rules.push(...Rules);
      const live = at(rules, listenerPriorities.live);
      if (live === undefined) continue;
      const rule = at(rules, listenerPriorities.maintenance);
      const body = rule && bodyIn(rule);
      return { listener: ListenerArn, live, rule, page: body === undefined ? undefined : pageOf(body) };
    }
  return undefined;
};

/** AWS tells the values of a condition twice, and takes them once. */
const conditionsOf = ({ Conditions = [] }: Rule): RuleCondition[] =>
  Conditions.map(({ Values, ...condition }) =>
    Object.keys(condition).some((key) => key.endsWith('Config')) ? condition : { ...condition, Values },
  );

/** Whether a call that reaches the service now would be answered. Order means nothing in a rule. */
const sameConditions = (a: Rule, b: Rule): boolean => {
  const sorted = (rule: Rule) =>
    conditionsOf(rule)
      .map((condition) => JSON.stringify(condition))
      .toSorted();
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
};

const actionsOf = (MessageBody: string) => [
  {
    Type: 'fixed-response' as const,
    // A load balancer adds no header of ours, so there is no Retry-After.
    FixedResponseConfig: { StatusCode: '503', ContentType: 'application/json', MessageBody },
  },
];

/** @throws OperatorProblem where the place is somebody else's */
export const refuseForeign = ({ rule, page }: Found): void => {
  if (rule !== undefined && page === undefined)
    throw new OperatorProblem(
      `Rule ${listenerPriorities.maintenance} of the listener is not ours: ${rule.RuleArn}. Give it another priority: aws elbv2 set-rule-priorities`,
    );
};

/** Whether the rule answers that already. */
export const answersSo = ({ rule, live }: Found, body: string): boolean =>
  rule !== undefined && bodyIn(rule) === body && sameConditions(rule, live);

/** @throws OperatorProblem where somebody else put a rule there meanwhile */
export const switchOn = async (client: ElasticLoadBalancingV2Client, found: Found, body: string): Promise<void> => {
  const says = { Conditions: conditionsOf(found.live), Actions: actionsOf(body) };
  if (found.rule !== undefined) {
    await client.send(new ModifyRuleCommand({ RuleArn: found.rule.RuleArn, ...says }));
    return;
  }
  const Tags = [{ Key: 'Purpose', Value: 'maintenance' }];
  const made = await unlessMissing(
    client.send(
      new CreateRuleCommand({ ListenerArn: found.listener, Priority: listenerPriorities.maintenance, Tags, ...says }),
    ),
    'PriorityInUseException',
  );
  if (made === undefined)
    throw new OperatorProblem('Somebody else switches maintenance on at the same moment. Look with npm run doctor.');
};

export const switchOff = async (client: ElasticLoadBalancingV2Client, { rule }: Found): Promise<void> => {
  await unlessMissing(client.send(new DeleteRuleCommand({ RuleArn: rule?.RuleArn })), 'RuleNotFoundException');
};
