/** Leaves an environment as half a cutover leaves it: only what operators own is changed. */
import {
  DescribeScalableTargetsCommand,
  DescribeScheduledActionsCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { deploymentOf } from '../../modules/stacks/deployment.ts';
import { runningNames } from '../../scripts/operate/running.ts';
import { type Clients, clientsOf } from './clients.ts';

/** How many of each were moved. */
export interface Moved {
  readonly rules: number;
  readonly services: number;
  readonly bounds: number;
  readonly schedules: number;
  readonly alarms: number;
}

const ecs = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

/** Half of the traffic to each colour. */
const splitTraffic = async ({ balancing }: Clients): Promise<number> => {
  let rules = 0;
  for (const { LoadBalancerArn } of (await balancing.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? [])
    for (const { ListenerArn } of (await balancing.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners ??
      [])
      for (const { RuleArn, Actions = [] } of (await balancing.send(new DescribeRulesCommand({ ListenerArn }))).Rules ??
        []) {
        const groups = Actions[0]?.ForwardConfig?.TargetGroups ?? [];
        if (groups.length < 2) continue;
        const TargetGroups = groups.map(({ TargetGroupArn }) => ({ TargetGroupArn, Weight: 50 }));
        const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } };
        await balancing.send(new ModifyRuleCommand({ RuleArn, Actions: [{ Type: 'forward', ForwardConfig }] }));
        rules += 1;
      }
  return rules;
};

const moveBounds = async ({ scaling }: Clients): Promise<number> => {
  const { ScalableTargets = [] } = await scaling.send(new DescribeScalableTargetsCommand(ecs));
  for (const { ResourceId, MinCapacity = 0, MaxCapacity = 0 } of ScalableTargets)
    await scaling.send(
      new RegisterScalableTargetCommand({
        ...ecs,
        ResourceId,
        MinCapacity: MinCapacity + 1,
        MaxCapacity: MaxCapacity + 1,
      }),
    );
  return ScalableTargets.length;
};

const moveSchedules = async ({ scaling }: Clients): Promise<number> => {
  const { ScheduledActions = [] } = await scaling.send(new DescribeScheduledActionsCommand(ecs));
  for (const { ResourceId, ScheduledActionName, Schedule, Timezone } of ScheduledActions)
    await scaling.send(
      new PutScheduledActionCommand({
        ...ecs,
        ResourceId,
        ScheduledActionName,
        Schedule,
        Timezone,
        ScalableTargetAction: { MinCapacity: 5, MaxCapacity: 7 },
      }),
    );
  return ScheduledActions.length;
};

const soundAlarms = async ({ cloudwatch }: Clients): Promise<number> => {
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  const alarms = MetricAlarms.slice(0, 5);
  for (const { AlarmName } of alarms)
    await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'a cutover' }));
  return alarms.length;
};

const moveIn = async (url: string, settings: Settings, index: number): Promise<Moved> => {
  const clients = clientsOf(url, settings.regions[0] ?? '');
  try {
    const { cluster, services } = runningNames(deploymentOf(settings, index, { target: { kind: 'aws' } }));
    const names = Object.values(services);
    for (const service of names)
      await clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 4 }));
    return {
      rules: await splitTraffic(clients),
      services: names.length,
      bounds: await moveBounds(clients),
      schedules: await moveSchedules(clients),
      alarms: await soundAlarms(clients),
    };
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
};

/**
 * One a region; none without two colours.
 * @param url of the stand-in
 */
export const cutOver = async (url: string, regions: readonly Settings[]): Promise<readonly Moved[]> =>
  Promise.all(regions.flatMap((settings, index) => (settings.blue_green ? [moveIn(url, settings, index)] : [])));
