/** Tasks of a region: brought to none where it stops being the home, and ready where it takes over. */
import { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { findLoadBalancer } from '../health/front.ts';
import { runningNames } from '../running.ts';
import { scalableService, serviceClients } from '../scale/service.ts';
import { readServices } from '../services.ts';

export interface ServiceCount {
  readonly service: string;
  readonly desired: number;
  readonly running: number;
}

/** @throws OperatorProblem where the environment has no services: how a function is stopped is another matter */
export const countsIn = async (client: ClientOf, deployment: Deployment): Promise<readonly ServiceCount[]> => {
  if (deployment.settings.compute_mode !== 'fargate')
    throw new OperatorProblem(
      `A failover needs compute_mode fargate, and ${deployment.settings.environment} has ${deployment.settings.compute_mode}: stop the old region by hand and follow docs/runbooks/region-failure.md.`,
    );
  const { cluster, services } = runningNames(deployment);
  const found = await readServices(client(ECSClient, deployment.region), cluster, Object.values(services));
  return found.map(({ serviceName = '', desiredCount = 0, runningCount = 0, pendingCount = 0 }) => ({
    service: serviceName,
    desired: desiredCount,
    running: runningCount + pendingCount,
  }));
};

/** Brings every service of a region to no task, and its bounds with it, or scaling would start some again. */
export const stopServices = async (deployment: Deployment, counts: readonly ServiceCount[]): Promise<void> => {
  const { cluster } = runningNames(deployment);
  for (const { service } of counts) {
    const scalable = scalableService(serviceClients(deployment.region), cluster, service);
    const before = await scalable.read();
    if (before === undefined) continue;
    await scalable.write({ desired: 0, ...(before.bounds && { bounds: { min: 0, max: 0 } }) });
  }
};

/** Why a region cannot take over now; undefined when it can. */
export const notReady = async (client: ClientOf, deployment: Deployment): Promise<string | undefined> => {
  const { region } = deployment;
  const serving = (await countsIn(client, deployment)).filter(({ desired }) => desired > 0);
  if (serving.length === 0)
    return `no task runs in ${region}: npm run scale -- --environment ${deployment.settings.environment} --region ${region} --colour blue --desired 2`;
  const late = serving.find(({ desired, running }) => running < desired);
  if (late !== undefined) return `${late.service} in ${region} runs ${late.running} of ${late.desired} tasks`;
  const balancers = client(ElasticLoadBalancingV2Client, region);
  const balancer = await findLoadBalancer({ client: ((Client) => client(Client, region)) as ClientOf, deployment });
  if (balancer === undefined) return `there is no load balancer in ${region}: npm run deploy`;
  const { TargetGroups = [] } = await balancers.send(
    new DescribeTargetGroupsCommand({ LoadBalancerArn: balancer.LoadBalancerArn }),
  );
  let healthy = 0;
  for (const { TargetGroupArn } of TargetGroups) {
    const told = await balancers.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    healthy += (told.TargetHealthDescriptions ?? []).filter(
      ({ TargetHealth }) => TargetHealth?.State === 'healthy',
    ).length;
  }
  return healthy > 0 ? undefined : `no target of the load balancer in ${region} is healthy: npm run doctor`;
};
