/** Starts what runs anew, so that it reads its secrets again: tasks, instances or the function. */
import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { refreshBounds } from '../../modules/instances/refresh.ts';
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../platform/problem.ts';
import { unlessMissing } from './operated.ts';
import { runningNames } from './running.ts';
import { untilTrue } from './waiting.ts';

export interface Restarted {
  /** What was started anew; empty where nothing has been deployed yet. */
  readonly what: readonly string[];
  /** Resolves when everything runs with its new secrets: true, or false when it does not come up in time. */
  steady(): Promise<boolean>;
}

export interface RestartOptions {
  /** Time between two looks. Default: 10 s. */
  readonly everyMs?: number;
  /** Default: 20 minutes. */
  readonly patienceMs?: number;
}
type Pace = Required<RestartOptions>;

const nothing: Restarted = { what: [], steady: async () => true };

const restartTasks = async (deployment: Deployment, pace: Pace): Promise<Restarted> => {
  const client = new ECSClient({ region: deployment.region });
  const { cluster, services } = runningNames(deployment);
  const started: string[] = [];
  for (const service of Object.values(services)) {
    const answer = await unlessMissing(
      client.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true })),
      'ClusterNotFoundException',
      'ServiceNotFoundException',
      'ServiceNotActiveException',
    );
    if (answer !== undefined) started.push(service);
  }
  if (started.length === 0) return nothing;
  const isSteady = async (): Promise<boolean> => {
    const { services: told = [] } = await client.send(new DescribeServicesCommand({ cluster, services: started }));
    return told.every(
      ({ deployments = [], runningCount, desiredCount }) =>
        deployments.length === 1 && deployments[0]?.rolloutState !== 'FAILED' && runningCount === desiredCount,
    );
  };
  return { what: started.map((name) => `service ${name}`), steady: () => untilTrue(isSteady, pace) };
};

const restartInstances = async (deployment: Deployment, pace: Pace): Promise<Restarted> => {
  const client = new AutoScalingClient({ region: deployment.region });
  const { scalingGroup } = runningNames(deployment);
  const group = { AutoScalingGroupName: scalingGroup };
  const { minimum_healthy_percent, maximum_percent } = deployment.settings;
  const { minimum, maximum } = refreshBounds({ minimum: minimum_healthy_percent, maximum: maximum_percent });
  const command = new StartInstanceRefreshCommand({
    ...group,
    Preferences: { MinHealthyPercentage: minimum, MaxHealthyPercentage: maximum },
  });
  const answer = await unlessMissing(client.send(command), 'ValidationError');
  if (answer === undefined) return nothing;
  const isSteady = async (): Promise<boolean> => {
    const ids = { InstanceRefreshIds: [answer.InstanceRefreshId ?? ''] };
    const { InstanceRefreshes = [] } = await client.send(new DescribeInstanceRefreshesCommand({ ...group, ...ids }));
    return InstanceRefreshes[0]?.Status === 'Successful';
  };
  return { what: [`instances of ${scalingGroup}`], steady: () => untilTrue(isSteady, pace) };
};

/** @throws OperatorProblem where what would be published is code that no cutover has brought into service yet */
const checkInService = async (client: LambdaClient, FunctionName: string, live: string | undefined): Promise<void> => {
  const of = async (Qualifier: string | undefined): Promise<string> => {
    const told = await client.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
    return JSON.stringify([told.CodeSha256, Object.entries(told.Environment?.Variables ?? {}).toSorted()]);
  };
  if ((await of(undefined)) === (await of(live))) return;
  throw new OperatorProblem(
    `The function ${FunctionName} was deployed after version ${live}, which is in service, so a restart would bring that too: npm run cutover first.`,
  );
};

/**
 * A version of a function never changes, and its executions read their secrets once. So a new version is published
 * and the alias moved, as Terraform would. A version is only new when something changed: that is the description, for a
 * moment.
 */
const restartFunction = async (deployment: Deployment, pace: Pace): Promise<Restarted> => {
  const client = new LambdaClient({ region: deployment.region });
  const { function: FunctionName, alias: Name } = runningNames(deployment);
  const alias = await unlessMissing(
    client.send(new GetAliasCommand({ FunctionName, Name })),
    'ResourceNotFoundException',
  );
  if (alias === undefined) return nothing;
  if (Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0)
    throw new OperatorProblem(
      `The function ${FunctionName} has two versions in service: finish the cutover, then deploy or restart it.`,
    );
  if (deployment.settings.lambda_cutover) await checkInService(client, FunctionName, alias.FunctionVersion);
  const settled = (): Promise<boolean> =>
    untilTrue(async () => {
      const { LastUpdateStatus } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      return LastUpdateStatus !== 'InProgress';
    }, pace);
  const describe = async (Description: string): Promise<void> => {
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description }));
    await settled();
  };
  const { Description = '' } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  try {
    await describe(`Reads its secrets again since ${new Date().toISOString()}`);
    const { Version } = await client.send(new PublishVersionCommand({ FunctionName, Description }));
    await untilTrue(async () => {
      const { State } = await client.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: Version }));
      return State !== 'Pending';
    }, pace);
    await client.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion: Version }));
    return { what: [`function ${FunctionName}, version ${Version}`], steady: async () => true };
  } finally {
    await describe(Description);
  }
};

/** Begins to start anew everything that reads secrets in one region. */
export const restart = (
  deployment: Deployment,
  { everyMs = 10_000, patienceMs = 20 * 60_000 }: RestartOptions = {},
): Promise<Restarted> => {
  const pace = { everyMs, patienceMs };
  switch (deployment.settings.compute_mode) {
    case 'fargate':
      return restartTasks(deployment, pace);
    case 'ec2':
      return restartInstances(deployment, pace);
    case 'lambda':
      return restartFunction(deployment, pace);
  }
};
