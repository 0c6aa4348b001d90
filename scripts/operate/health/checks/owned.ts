/** What operations own once it stands: what is there, beside what the settings say. */
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { previewHeader } from '../../../../contracts/preview.ts';
import { firstCounts } from '../../../../contracts/settings/first-counts.ts';
import { ownershipOf } from '../../../../contracts/settings/owned.ts';
import type { Settings } from '../../../../contracts/settings/resolve.ts';
import { runningNames } from '../../running.ts';
import { type Counts, countsText, sameCounts } from '../../scale/counts.ts';
import { scalableGroup } from '../../scale/group.ts';
import { readService } from '../../scale/service.ts';
import { absent, attention, type Check, type Judgement, ok } from '../check.ts';
import { findLoadBalancer } from '../front.ts';

/** Bounds that a schedule sets, which come and go by themselves. */
const scheduled = ({ weekend_only, scale_schedules, desired_count, max_count }: Settings) => [
  ...Object.values(scale_schedules),
  ...(weekend_only
    ? [
        { min: 0, max: 0 },
        { min: desired_count, max: max_count },
      ]
    : []),
];

/** Whether scaling or a schedule brings about what is there, without anybody's doing. */
const byItself = (settings: Settings, live: Counts, first: Counts): boolean => {
  const { bounds } = live;
  if (bounds === undefined || live.desired < bounds.min || live.desired > bounds.max) return false;
  return [first.bounds, ...scheduled(settings)].some((each) => each?.min === bounds.min && each.max === bounds.max);
};

export const judgeCounts = (name: string, settings: Settings, colour: string, live: Counts): Judgement => {
  const { desired, min, max } = firstCounts(settings, colour);
  const first: Counts = { desired, ...(live.bounds !== undefined && { bounds: { min, max } }) };
  if (sameCounts(live, first)) return ok(name, `${countsText(live)} asked for, as the settings say`);
  const says = `${countsText(live)} asked for; the settings say ${countsText(first)}`;
  if (byItself(settings, live, first)) return ok(name, `${says}, from which scaling and schedules depart`);
  const flags = [
    ...(settings.blue_green ? [`--colour ${colour}`] : []),
    `--desired ${desired}`,
    ...(live.bounds === undefined ? [] : [`--min ${min} --max ${max}`]),
  ].join(' ');
  const idle = settings.blue_green && colour !== settings.active_colour;
  const told = `${says}, which no deployment brings about: npm run scale -- --environment <name> ${flags}`;
  // A second colour is kept warm on purpose.
  return idle ? ok(name, told) : attention(name, `${told}, or correct the settings`);
};

const counts: Check = {
  name: 'counts',
  applies: ({ settings }) => ownershipOf(settings).count,
  look: async ({ deployment, client }) => {
    const { cluster, services, scalingGroup } = runningNames(deployment);
    if (deployment.settings.compute_mode === 'ec2') {
      const live = await scalableGroup(client(AutoScalingClient), scalingGroup).read();
      return [live === undefined ? absent(scalingGroup) : judgeCounts(scalingGroup, deployment.settings, 'blue', live)];
    }
    const clients = { ecs: client(ECSClient), scaling: client(ApplicationAutoScalingClient) };
    const judged = Object.entries(services).map(async ([colour, service]) => {
      const live = await readService(clients, cluster, service);
      return live === undefined ? absent(service) : judgeCounts(service, deployment.settings, colour, live);
    });
    return Promise.all(judged);
  },
};

interface Weight {
  readonly colour: string;
  readonly arn: string;
  readonly weight: number;
}

/** The call that gives all traffic to a colour. */
const callFor = (rule: string, weights: readonly Weight[], active: string): string => {
  const groups = weights.map(({ colour, arn }) => ({ TargetGroupArn: arn, Weight: colour === active ? 100 : 0 }));
  const actions = [
    { Type: 'forward', ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: { Enabled: false } } },
  ];
  return `aws elbv2 modify-rule --rule-arn ${rule} --actions '${JSON.stringify(actions)}'`;
};

export const judgeWeights = (settings: Settings, rule: string, weights: readonly Weight[]): Judgement => {
  const told = weights.map(({ colour, weight }) => `${colour} ${weight}`).join(', ');
  const right = weights.every(({ colour, weight }) => weight > 0 === (colour === settings.active_colour));
  const other = settings.active_colour === 'blue' ? 'green' : 'blue';
  if (right)
    return ok(
      'live',
      `${told}, as active_colour says. To shift: npm run cutover -- --environment <name> start; by hand: ${callFor(rule, weights, other)}`,
    );
  return attention(
    'live',
    `${told}; active_colour is ${settings.active_colour}, which no deployment brings about: set active_colour = "${other}" once ${other} is to stay, or go back: ${callFor(rule, weights, settings.active_colour)}`,
  );
};

const isPreview = ({ Conditions = [] }: Rule): boolean =>
  Conditions.some(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName === previewHeader);

/** Target groups are named after their colour. */
const weightsOf = ({ Actions = [] }: Rule, groups: readonly TargetGroup[]): Weight[] =>
  Actions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []).flatMap(
    ({ TargetGroupArn, Weight = 0 }) => {
      const name = groups.find((each) => each.TargetGroupArn === TargetGroupArn)?.TargetGroupName ?? '';
      const colour = /^(blue|green)/.exec(name)?.[1];
      return TargetGroupArn === undefined || colour === undefined
        ? []
        : [{ colour, arn: TargetGroupArn, weight: Weight }];
    },
  );

const weights: Check = {
  name: 'weights',
  applies: ({ settings, shape }) => settings.blue_green && shape.loadBalancer,
  look: async (around) => {
    const client = around.client(ElasticLoadBalancingV2Client);
    const LoadBalancerArn = (await findLoadBalancer(around))?.LoadBalancerArn;
    if (LoadBalancerArn === undefined) return [absent(runningNames(around.deployment).loadBalancer)];
    const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
    const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const rules = await Promise.all(
      Listeners.map(({ ListenerArn }) => client.send(new DescribeRulesCommand({ ListenerArn }))),
    );
    const live = rules
      .flatMap(({ Rules = [] }) => Rules)
      .filter((rule) => !isPreview(rule) && weightsOf(rule, TargetGroups).length > 1);
    if (live.length === 0) return [absent('live')];
    return live.map((rule) =>
      judgeWeights(around.deployment.settings, rule.RuleArn ?? '', weightsOf(rule, TargetGroups)),
    );
  },
};

export const left: readonly Check[] = [counts, weights];
