/** Services as ECS has them, and their targets as the load balancer finds them. */
import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { unlessMissing } from './operated.ts';

/** Those that are there. What is not there AWS names in `failures`, and a service that is gone stays as INACTIVE for a while. */
export const readServices = async (
  client: ECSClient,
  cluster: string,
  services: readonly string[],
): Promise<readonly Service[]> => {
  const command = new DescribeServicesCommand({ cluster, services: [...services] });
  const told = await unlessMissing(client.send(command), 'ClusterNotFoundException');
  return (told?.services ?? []).filter(({ status }) => status !== 'INACTIVE');
};

/** @param TargetGroupArn of a group that is gone there are none */
export const readTargets = async (
  client: ElasticLoadBalancingV2Client,
  TargetGroupArn: string,
): Promise<readonly TargetHealthDescription[]> => {
  const command = new DescribeTargetHealthCommand({ TargetGroupArn });
  return (await unlessMissing(client.send(command), 'TargetGroupNotFoundException'))?.TargetHealthDescriptions ?? [];
};

/** States of targets, such as healthy or draining. */
export const statesOf = (targets: readonly TargetHealthDescription[]): readonly string[] =>
  targets.map(({ TargetHealth }) => TargetHealth?.State ?? 'unknown');
