/** What runs: tasks, instances, functions, and what the load balancer thinks of them. */
import {
  AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeTaskDefinitionCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type FunctionConfiguration,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { previewHeader } from '../../../../contracts/preview.ts';
import type { Colour } from '../../../../modules/stacks/outputs.ts';
import { unlessMissing } from '../../operated.ts';
import { runningNames } from '../../running.ts';
import { readServices, readTargets, statesOf } from '../../services.ts';
import { type Around, absent, attention, broken, type Check, type Judgement, ok } from '../check.ts';
import { findLoadBalancer } from '../front.ts';

const EVENTS = 3;

export const judgeService = (service: Service): Judgement => {
  const {
    serviceName = '',
    runningCount = 0,
    desiredCount = 0,
    pendingCount = 0,
    deployments = [],
    events = [],
  } = service;
  const counts = `${runningCount} of ${desiredCount} tasks run${pendingCount > 0 ? `, ${pendingCount} are starting` : ''}`;
  const failed = deployments.find(({ rolloutState }) => rolloutState === 'FAILED');
  const troubled = runningCount < desiredCount || failed !== undefined;
  const last = troubled ? events.slice(0, EVENTS).map(({ message = '' }) => message) : [];
  const says = [
    counts,
    ...(failed === undefined
      ? []
      : [`the last deployment failed: ${failed.rolloutStateReason ?? 'no reason is given'}`]),
    ...last,
  ].join('; ');
  if (runningCount === 0 && desiredCount > 0) return broken(serviceName, says);
  return troubled ? attention(serviceName, says) : ok(serviceName, says);
};

const servicesOf = async ({ deployment, client }: Around): Promise<readonly Service[]> => {
  const { cluster, services } = runningNames(deployment);
  return readServices(client(ECSClient), cluster, Object.values(services));
};

const tasks: Check = {
  name: 'tasks',
  applies: ({ settings }) => settings.compute_mode === 'fargate',
  look: async (around) => {
    const services = await servicesOf(around);
    return Object.values(runningNames(around.deployment).services).map((name) => {
      const service = services.find(({ serviceName }) => serviceName === name);
      return service === undefined ? absent(name) : judgeService(service);
    });
  },
};

/** A hint of drift that needs no state and no plan. */
const images: Check = {
  name: 'images',
  applies: ({ settings }) => settings.compute_mode === 'fargate',
  look: async (around) => {
    const { deployment, client } = around;
    const services = await servicesOf(around);
    const judged = Object.entries(runningNames(deployment).services).map(async ([colour, name]) => {
      const taskDefinition = services.find(({ serviceName }) => serviceName === name)?.taskDefinition;
      if (taskDefinition === undefined) return [];
      const told = await client(ECSClient).send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      const { container_name } = deployment.settings;
      const runs = told.taskDefinition?.containerDefinitions?.find((each) => each.name === container_name)?.image;
      const wanted = deployment.settings[`image_${colour as Colour}`];
      return [
        runs === wanted
          ? ok(name, `is to run ${runs}`)
          : attention(name, `is to run ${runs}, and the settings say ${wanted}: npm run plan, or npm run drift`),
      ];
    });
    return (await Promise.all(judged)).flat();
  },
};

export const judgeGroup = ({
  AutoScalingGroupName = '',
  DesiredCapacity = 0,
  Instances = [],
}: AutoScalingGroup): Judgement => {
  const good = Instances.filter(
    (each) => each.LifecycleState === 'InService' && each.HealthStatus === 'Healthy',
  ).length;
  const says = `${good} of ${DesiredCapacity} instances are in service`;
  if (good === 0 && DesiredCapacity > 0) return broken(AutoScalingGroupName, says);
  return good < DesiredCapacity ? attention(AutoScalingGroupName, says) : ok(AutoScalingGroupName, says);
};

const instances: Check = {
  name: 'instances',
  applies: ({ settings }) => settings.compute_mode === 'ec2',
  look: async ({ deployment, client }) => {
    const name = runningNames(deployment).scalingGroup;
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
    const [group] = (await client(AutoScalingClient).send(command)).AutoScalingGroups ?? [];
    return [group === undefined ? absent(name) : judgeGroup(group)];
  },
};

export const judgeFunction = (
  name: string,
  { State, StateReason, LastUpdateStatus, LastUpdateStatusReason, Version }: FunctionConfiguration,
  reserved: number | undefined,
): Judgement => {
  if (reserved === 0) return broken(name, 'is stopped: its reserved concurrency is 0');
  // An idle function sleeps and wakes with the next call.
  if (State !== undefined && State !== 'Active' && State !== 'Inactive')
    return broken(name, `is ${State}: ${StateReason ?? 'no reason is given'}`);
  if (LastUpdateStatus === 'Failed') return attention(name, `the last update failed: ${LastUpdateStatusReason}`);
  return ok(name, `version ${Version} is ${State ?? 'there'}`);
};

const functions: Check = {
  name: 'functions',
  applies: ({ settings, shape }) => settings.compute_mode === 'lambda' || shape.authorizer,
  look: async ({ deployment, client }) => {
    const { function: service, authorizer, alias } = runningNames(deployment);
    const wanted = [
      ...(deployment.settings.compute_mode === 'lambda' ? [service] : []),
      ...(deployment.shape.authorizer ? [authorizer] : []),
    ];
    const lambda = client(LambdaClient);
    const judged = wanted.map(async (FunctionName) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName, Qualifier: alias });
      const told = await unlessMissing(lambda.send(command), 'ResourceNotFoundException');
      if (told === undefined) return absent(FunctionName);
      const reserved = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return judgeFunction(FunctionName, told, reserved.ReservedConcurrentExecutions);
    });
    return Promise.all(judged);
  },
};

/** Groups that take traffic: a rule other than those of a preview gives them weight. */
export const inService = (rules: readonly Rule[], defaults: readonly Action[]): ReadonlySet<string> => {
  const live = rules.filter(
    ({ Conditions = [] }) =>
      !Conditions.some(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName === previewHeader),
  );
  const actions = [...live.flatMap(({ Actions = [] }) => Actions), ...defaults];
  return new Set(
    actions.flatMap(({ ForwardConfig, TargetGroupArn }) =>
      (ForwardConfig?.TargetGroups ?? [{ TargetGroupArn, Weight: 1 }]).flatMap((group) =>
        group.TargetGroupArn !== undefined && (group.Weight ?? 1) > 0 ? [group.TargetGroupArn] : [],
      ),
    ),
  );
};

export const judgeTargets = (
  name: string,
  targets: readonly TargetHealthDescription[],
  takesTraffic: boolean,
): Judgement => {
  const states = targets.filter(({ TargetHealth }) => TargetHealth?.State !== 'draining');
  const healthy = statesOf(states).filter((state) => state === 'healthy').length;
  const says = `${healthy} of ${states.length} targets are healthy`;
  if (!takesTraffic) return ok(name, `${says}; it takes no traffic`);
  const sick = states.find(({ TargetHealth }) => TargetHealth?.State !== 'healthy')?.TargetHealth;
  const why = sick === undefined ? '' : `: ${sick.Description ?? sick.Reason ?? sick.State}`;
  if (healthy === 0) return broken(name, `${says}${why}`);
  return healthy < states.length ? attention(name, `${says}${why}`) : ok(name, says);
};

const targets: Check = {
  name: 'targets',
  applies: ({ shape }) => shape.targetGroups,
  look: async (around) => {
    const { deployment } = around;
    const client = around.client(ElasticLoadBalancingV2Client);
    const name = runningNames(deployment).loadBalancer;
    if (!deployment.shape.loadBalancer) return [attention(name, 'is switched off: alb_enabled = false')];
    const balancer = await findLoadBalancer(around);
    if (balancer === undefined) return [absent(name)];
    const { LoadBalancerArn } = balancer;
    const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const rules = await Promise.all(
      Listeners.map(({ ListenerArn }) => client.send(new DescribeRulesCommand({ ListenerArn }))),
    );
    const live = inService(
      rules.flatMap(({ Rules = [] }) => Rules),
      Listeners.flatMap(({ DefaultActions = [] }) => DefaultActions),
    );
    const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }));
    if (TargetGroups.length === 0) return [absent(`target groups of ${name}`)];
    const judged = TargetGroups.map(async ({ TargetGroupArn = '', TargetGroupName = '' }) =>
      judgeTargets(TargetGroupName, await readTargets(client, TargetGroupArn), live.has(TargetGroupArn)),
    );
    return Promise.all(judged);
  },
};

export const running: readonly Check[] = [targets, tasks, instances, functions, images];
