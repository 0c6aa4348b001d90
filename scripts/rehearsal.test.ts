/**
 * Rehearses the runbooks of an environment on DynamoDB. Others are rehearsed where what they need is made already: in
 * the tests of cost:spike, scale, failover, restored databases and weekends.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateRuleCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { alarmsTest } from './alarms-test.ts';
import { doctor } from './doctor.ts';
import { makeBalancer } from './emulator/balancer.ts';
import { maintenance } from './maintenance.ts';
import type { Network } from './operate/health/network.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { rehearse, type Step, step } from './operate/rehearsal.ts';
import { keptTables } from './operate/restore/kept.ts';
import { copyLabel } from './operate/restore/names.ts';
import { runningNames } from './operate/running.ts';
import { restore } from './restore.ts';
import { scale } from './scale.ts';
import { secrets } from './secrets.ts';

const environment = 'dev';
const region = 'us-east-1';
const standIn = onStandIn(environment);
const network: Network = {
  resolve: async () => ['192.0.2.1'],
  handshake: async () => ({ fault: undefined, validTo: new Date(Date.now() + 9e9) }),
  get: async () => ({ status: 200, body: '', milliseconds: 5 }),
};

const on = ['--environment', environment];
const look = step('doctor', [0, 1, 2], () => standIn.run(doctor, on, { network }));
const close = step('maintenance on', [0], () => standIn.run(maintenance, [...on, 'on', '--yes']));
const open = step('maintenance off', [0], () => standIn.run(maintenance, [...on, 'off', '--yes']));
const scaled = (count: string) =>
  step(`scale to ${count}`, [0], () => standIn.run(scale, [...on, '--desired', count, '--yes']));
const moment = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const label = () => copyLabel('restored', new Date());

const rehearsals: Readonly<Record<string, readonly Step[]>> = {
  'outage.md': [look, close, open],
  'service-down.md': [look, step('secrets list', [0, 2], () => standIn.run(secrets, [...on, 'list'])), look],
  'task-failure.md': [look, step('secrets list', [0, 2], () => standIn.run(secrets, [...on, 'list']))],
  'alarms.md': [step('alarms:test', [0], () => standIn.run(alarmsTest, [...on, '--yes']))],
  'data-corruption.md': [
    close,
    scaled('0'),
    step('restore', [0], () => standIn.run(restore, [...on, '--to', moment(), '--yes'])),
    step('restore --discard', [0], () => standIn.run(restore, [...on, '--discard', label(), '--yes'])),
    scaled('2'),
    open,
  ],
};

const behindBalancer = async (deployment: Deployment): Promise<void> => {
  const balancer = await makeBalancer(region, runningNames(deployment).loadBalancer);
  const forward = { Type: 'forward', TargetGroupArn: await balancer.group('blue-1', 3000) } as const;
  const ListenerArn = await balancer.listen(forward);
  const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }];
  const elb = new ElasticLoadBalancingV2Client({ region });
  await elb.send(new CreateRuleCommand({ ListenerArn, Priority: 100, Conditions, Actions: [forward] }));
};

const withTasks = async (deployment: Deployment): Promise<void> => {
  const { cluster, services } = runningNames(deployment);
  const ecs = new ECSClient({ region });
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  const containerDefinitions = [{ name: deployment.settings.container_name, image: 'i:1', memory: 128 }];
  await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions }));
  for (const serviceName of Object.values(services))
    await ecs.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: 'f', desiredCount: 2 }));
};

const withAlarm = async ({ settings }: Deployment): Promise<void> => {
  const sns = new SNSClient({ region });
  const TopicArn = (await sns.send(new CreateTopicCommand({ Name: `${settings.name_prefix}-ops` }))).TopicArn ?? '';
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }));
  const AlarmName = `${settings.name_prefix}-errors`;
  const watched = {
    MetricName: 'm',
    Namespace: 'n',
    Period: 60,
    Statistic: 'Sum',
    EvaluationPeriods: 1,
    Threshold: 1,
  } as const;
  const cloudwatch = new CloudWatchClient({ region });
  const ComparisonOperator = 'GreaterThanThreshold';
  await cloudwatch.send(
    new PutMetricAlarmCommand({ AlarmName, AlarmActions: [TopicArn], ComparisonOperator, ...watched }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'OK', StateReason: 'r' }));
};

let kept: Awaited<ReturnType<typeof keptTables>>;
beforeEach(async () => {
  kept = await keptTables(standIn, environment);
  await behindBalancer(kept.deployment);
  await withTasks(kept.deployment);
  await withAlarm(kept.deployment);
  const { state_bucket: Bucket, state_region } = kept.deployment.settings;
  const s3 = new S3Client({ region: state_region, endpoint: standIn.url(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  // Moments are written in whole seconds, and one before the tables were made cannot be restored.
  await sleep(1000 - (Date.now() % 1000));
});
afterEach(() => kept.tables.close());

it.each(Object.entries(rehearsals))('the commands of %s are rehearsed, and it says how long they took', (file, steps) =>
  rehearse(file, steps, standIn),
);
