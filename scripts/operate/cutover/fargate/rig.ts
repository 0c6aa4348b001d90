/** For tests: two colours behind a load balancer on the stand-in for AWS, as Terraform makes them. */
import {
  ApplicationAutoScalingClient,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { makeBalancer, splitBetween } from '../../../emulator/balancer.ts';
import { noteMigration } from '../../migrate/migrated.ts';
import { runningNames } from '../../running.ts';
import { ecsDimension, resourceOf } from '../../scale/scalable.ts';

export const previewSecret = 'p'.repeat(40);

export interface Balanced {
  readonly rule: string;
  readonly groups: Readonly<Record<string, string>>;
  /** Weights as they are live, in the order of the rule. */
  weights(): Promise<Readonly<Record<string, number>>>;
  /** As a person does by hand. */
  set(weights: Readonly<Record<string, number>>, sticky?: boolean): Promise<void>;
}

const balanced = async (deployment: Deployment): Promise<Balanced> => {
  const { region } = deployment;
  const client = new ElasticLoadBalancingV2Client({ region });
  const balancer = await makeBalancer(region, runningNames(deployment).loadBalancer);
  const groups: Record<string, string> = {};
  for (const [index, colour] of ['blue', 'green'].entries()) {
    const TargetGroupArn = await balancer.group(`${colour}-2024`, 3000);
    groups[colour] = TargetGroupArn;
    const Targets = [4, 5].map((host) => ({ Id: `10.0.${index}.${host}`, Port: 3000 }));
    await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  }
  const refusal = { Type: 'fixed-response' as const, FixedResponseConfig: { StatusCode: '404' } };
  const ListenerArn = await balancer.listen(refusal);
  const rule = await balancer.lead(ListenerArn, groups, previewSecret);
  return {
    rule,
    groups,
    weights: async () => {
      const told = await client.send(new DescribeRulesCommand({ RuleArns: [rule] }));
      const live = told.Rules?.[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
      return Object.fromEntries(
        Object.entries(groups).map(([colour, arn]) => [
          colour,
          live.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.Weight ?? 0,
        ]),
      );
    },
    set: async (weights, sticky) => {
      await client.send(new ModifyRuleCommand({ RuleArn: rule, Actions: splitBetween(groups, weights, sticky) }));
    },
  };
};

/** A schedule's cron, which a cutover must keep. */
export const nightly = 'cron(0 20 ? * * *)';

const services = async (deployment: Deployment): Promise<void> => {
  const { region, settings } = deployment;
  const { cluster, services: names } = runningNames(deployment);
  const ecs = new ECSClient({ region });
  const scaling = new ApplicationAutoScalingClient({ region });
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  for (const [colour, serviceName] of Object.entries(names)) {
    const image = colour === 'green' ? settings.image_green : settings.image_blue;
    const containerDefinitions = [{ name: settings.container_name, image, memory: 128 }];
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: serviceName, containerDefinitions }),
    );
    // As npm run migrate writes it down.
    if (colour === 'green')
      await noteMigration(
        deployment,
        { taskDefinition: taskDefinition?.taskDefinitionArn ?? '', task: 't' },
        new Date(),
      );
    const desiredCount = colour === 'blue' ? 2 : 0;
    await ecs.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: serviceName, desiredCount }));
    const target = { ...ecsDimension, ResourceId: resourceOf(cluster, serviceName) };
    await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: desiredCount, MaxCapacity: 10 }));
    const bounds = colour === 'blue' ? { MinCapacity: 1, MaxCapacity: 2 } : { MinCapacity: 0, MaxCapacity: 0 };
    const named = { ScheduledActionName: `${serviceName}-night`, Schedule: nightly, Timezone: 'UTC' };
    await scaling.send(new PutScheduledActionCommand({ ...target, ...named, ScalableTargetAction: bounds }));
  }
};

interface Alarming {
  readonly tags?: Readonly<Record<string, string>>;
  readonly state?: 'ALARM' | 'OK';
}

/** Alarms of the environment: `<prefix>-<kind>`. */
export const soundAlarm = async (
  { region, settings }: Deployment,
  kind: string,
  Namespace = 'n',
  { tags = {}, state = 'ALARM' }: Alarming = {},
): Promise<void> => {
  const client = new CloudWatchClient({ region });
  const AlarmName = `${settings.name_prefix}-${kind}`;
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName,
      MetricName: 'm',
      Namespace,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Statistic: 'Sum',
    }),
  );
  await client.send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason: 'a test' }));
};

/** Everything that a cutover of the environment looks at. */
export const deployColours = async (deployment: Deployment): Promise<Balanced> => {
  const { settings, names, region } = deployment;
  await new S3Client({ region }).send(new CreateBucketCommand({ Bucket: settings.state_bucket }));
  const SecretString = JSON.stringify({ current: previewSecret });
  await new SecretsManagerClient({ region }).send(
    new CreateSecretCommand({ Name: names.secret('preview'), SecretString }),
  );
  await services(deployment);
  return balanced(deployment);
};
