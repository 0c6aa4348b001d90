/** The rule of the load balancer that splits traffic between the colours. */
import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { OperatorProblem } from '../../../platform/problem.ts';
import { unlessMissing } from '../../operated.ts';
import type { Live } from '../ports.ts';
import type { Run, Weights } from '../run.ts';

/** As modules/load-balancer gives it. Those of previews are before it, and one of an emergency may be too. */
export const livePriority = 100;

export interface LiveRule {
  readonly rule: string;
  readonly listener: string;
  readonly loadBalancer: string;
  /** ARNs by colour. */
  readonly groups: Readonly<Record<string, string>>;
  readonly live: Live;
}

const forwardOf = ({ Actions = [] }: Pick<Rule, 'Actions'>): Action['ForwardConfig'] =>
  Actions.length === 1 && Actions[0]?.Type === 'forward' ? Actions[0].ForwardConfig : undefined;

/** @param colours by ARN of their target group */
const liveOf = (rule: Rule, colours: ReadonlyMap<string, string>): Live => {
  const forward = forwardOf(rule);
  if (forward === undefined) return { weights: {}, odd: 'the rule no longer forwards to target groups' };
  const weights: Weights = {};
  for (const { TargetGroupArn = '', Weight = 0 } of forward.TargetGroups ?? [])
    weights[colours.get(TargetGroupArn) ?? TargetGroupArn] = Weight;
  const sticky = forward.TargetGroupStickinessConfig?.Enabled === true;
  return { weights, ...(sticky && { odd: 'stickiness between the target groups is on' }) };
};

/** Target groups are named after their colour: AWS completes `blue-` and `green-`. */
const byColour = (groups: readonly TargetGroup[], colours: readonly string[]): Map<string, string> =>
  new Map(
    groups.flatMap(({ TargetGroupArn, TargetGroupName = '' }) => {
      const colour = colours.find((each) => TargetGroupName === each || TargetGroupName.startsWith(`${each}-`));
      return TargetGroupArn === undefined || colour === undefined ? [] : [[TargetGroupArn, colour]];
    }),
  );

/** @throws OperatorProblem where there is no such rule */
export const findRule = async (
  client: ElasticLoadBalancingV2Client,
  name: string,
  colours: readonly string[],
): Promise<LiveRule> => {
  const found = await unlessMissing(
    client.send(new DescribeLoadBalancersCommand({ Names: [name] })),
    'LoadBalancerNotFoundException',
  );
  const LoadBalancerArn = found?.LoadBalancers?.[0]?.LoadBalancerArn;
  if (LoadBalancerArn === undefined) throw new OperatorProblem(`There is no load balancer ${name}: npm run deploy`);
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
  const groups = byColour(TargetGroups, colours);
  for (const { ListenerArn = '' } of Listeners) {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn }));
    // By its priority: the order in which they are listed says nothing.
    const rule = Rules.find(({ Priority }) => Priority === String(livePriority));
    if (rule?.RuleArn === undefined) continue;
    return {
      rule: rule.RuleArn,
      listener: ListenerArn,
      loadBalancer: LoadBalancerArn,
      groups: Object.fromEntries([...groups].map(([arn, colour]) => [colour, arn])),
      live: liveOf(rule, groups),
    };
  }
  throw new OperatorProblem(`${name} has no rule of priority ${livePriority}: npm run deploy`);
};

const coloursOf = ({ variants, parts }: Run): Map<string, string> =>
  new Map(Object.values(variants).map((colour) => [parts[colour] ?? '', colour]));

export const readRule = async (client: ElasticLoadBalancingV2Client, run: Run): Promise<Live> => {
  const told = await unlessMissing(
    client.send(new DescribeRulesCommand({ RuleArns: [run.parts.rule ?? ''] })),
    'RuleNotFoundException',
  );
  const rule = told?.Rules?.[0];
  if (rule !== undefined) return liveOf(rule, coloursOf(run));
  return {
    weights: {},
    odd: 'the rule is gone: abort ends the run, so that a deployment can make it anew',
    gone: true,
  };
};

export const writeRule = async (
  client: ElasticLoadBalancingV2Client,
  { parts, variants }: Run,
  weights: Weights,
): Promise<void> => {
  const TargetGroups = Object.values(variants).map((colour) => ({
    TargetGroupArn: parts[colour],
    Weight: weights[colour] ?? 0,
  }));
  await client.send(
    new ModifyRuleCommand({
      RuleArn: parts.rule,
      Actions: [
        // A client tied to a colour would stay on it while the weights move.
        { Type: 'forward', ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } } },
      ],
    }),
  );
};
