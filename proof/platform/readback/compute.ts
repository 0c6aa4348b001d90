/** What the API tells of what runs: services and their tasks, instances, functions, and how they scale. */
import {
  paginateDescribeScalableTargets,
  paginateDescribeScalingPolicies,
  paginateDescribeScheduledActions,
  type ScalableTarget,
  type ScalingPolicy,
  type ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import {
  type AutoScalingGroup,
  type ScalingPolicy as GroupPolicy,
  paginateDescribeAutoScalingGroups,
  paginateDescribePolicies,
} from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand, type ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import {
  type Cluster,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  paginateListClusters,
  paginateListServices,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { type FunctionConfiguration, paginateListFunctions } from '@aws-sdk/client-lambda';
import { all, type Clients } from '../clients.ts';

export interface ComputeSeen {
  readonly clusters: readonly Cluster[];
  readonly services: readonly Service[];
  /** The task definition of each service, by the service's name. */
  readonly tasks: Readonly<Record<string, TaskDefinition>>;
  readonly targets: readonly ScalableTarget[];
  readonly policies: readonly ScalingPolicy[];
  readonly schedules: readonly ScheduledAction[];
  readonly functions: readonly FunctionConfiguration[];
  readonly groups: readonly AutoScalingGroup[];
  readonly groupPolicies: readonly GroupPolicy[];
  /** What each launch template says, by its name. */
  readonly templates: Readonly<Record<string, ResponseLaunchTemplateData>>;
}

const readServices = async ({ ecs: client }: Clients) => {
  const arns = await all(paginateListClusters({ client }, {}), ({ clusterArns }) => clusterArns);
  const include = ['SETTINGS' as const, 'CONFIGURATIONS' as const];
  const clusters =
    arns.length === 0
      ? []
      : ((await client.send(new DescribeClustersCommand({ clusters: arns, include }))).clusters ?? []);
  const services: Service[] = [];
  for (const cluster of arns) {
    const named = await all(paginateListServices({ client }, { cluster }), ({ serviceArns }) => serviceArns);
    if (named.length > 0)
      services.push(...((await client.send(new DescribeServicesCommand({ cluster, services: named }))).services ?? []));
  }
  const tasks: Record<string, TaskDefinition> = {};
  for (const { serviceName = '', taskDefinition } of services) {
    const told = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
    if (told.taskDefinition !== undefined) tasks[serviceName] = told.taskDefinition;
  }
  return { clusters, services, tasks };
};

const readTemplates = async ({ ec2 }: Clients, groups: readonly AutoScalingGroup[]) => {
  const found: Record<string, ResponseLaunchTemplateData> = {};
  for (const { LaunchTemplate: { LaunchTemplateId, LaunchTemplateName = '' } = {} } of groups) {
    const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId });
    const { LaunchTemplateVersions: [version] = [] } = await ec2.send(command);
    if (version?.LaunchTemplateData !== undefined) found[LaunchTemplateName] = version.LaunchTemplateData;
  }
  return found;
};

export const readCompute = async (clients: Clients): Promise<ComputeSeen> => {
  const { scaling: client, lambda, groups: autoscaling } = clients;
  const of = { ServiceNamespace: 'ecs' } as const;
  const groups = await all(
    paginateDescribeAutoScalingGroups({ client: autoscaling }, {}),
    (page) => page.AutoScalingGroups,
  );
  return {
    ...(await readServices(clients)),
    targets: await all(paginateDescribeScalableTargets({ client }, of), ({ ScalableTargets }) => ScalableTargets),
    policies: await all(paginateDescribeScalingPolicies({ client }, of), ({ ScalingPolicies }) => ScalingPolicies),
    schedules: await all(paginateDescribeScheduledActions({ client }, of), ({ ScheduledActions }) => ScheduledActions),
    functions: await all(paginateListFunctions({ client: lambda }, {}), ({ Functions }) => Functions),
    groups,
    groupPolicies: await all(paginateDescribePolicies({ client: autoscaling }, {}), (page) => page.ScalingPolicies),
    templates: await readTemplates(clients, groups),
  };
};
