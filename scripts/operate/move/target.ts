/** Where the name moves to: the environment's load balancer, which must be well before anybody is sent there. */
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import type { Target } from './records.ts';

export interface Balancer extends Target {
  /** Targets that are well, of all that are registered. */
  readonly healthy: number;
  readonly registered: number;
}

/** @throws OperatorProblem where there is none, or people cannot reach it */
export const balancerOf = async (deployment: Deployment): Promise<Balancer> => {
  const client = new ElasticLoadBalancingV2Client({ region: deployment.region });
  const { loadBalancer: name } = runningNames(deployment);
  const told = await unlessMissing(
    client.send(new DescribeLoadBalancersCommand({ Names: [name] })),
    'LoadBalancerNotFoundException',
  );
  const [found] = told?.LoadBalancers ?? [];
  if (found?.DNSName === undefined || found.CanonicalHostedZoneId === undefined)
    throw new OperatorProblem(`There is no load balancer ${name} in ${deployment.region}: npm run deploy`);
  const { TargetGroups = [] } = await client.send(
    new DescribeTargetGroupsCommand({ LoadBalancerArn: found.LoadBalancerArn }),
  );
  const states = await Promise.all(
    TargetGroups.map(async ({ TargetGroupArn }) => {
      const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State);
    }),
  );
  const all = states.flat();
  return {
    dnsName: found.DNSName,
    zoneId: found.CanonicalHostedZoneId,
    healthy: all.filter((state) => state === 'healthy').length,
    registered: all.length,
  };
};
