/** The first deployment of an environment whose load balancer exists on weekends only. */
import { ECSClient } from '@aws-sdk/client-ecs';
import { minutesToBalancer } from '../../../contracts/settings/weekend.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Workspace } from '../../platform/workspace.ts';
import type { Operated } from '../operated.ts';
import { runningNames } from '../running.ts';
import { readServices } from '../services.ts';

/**
 * Between weekends a service that is there goes on without its load balancer, but AWS makes none for a target group that no
 * load balancer leads to: https://github.com/hashicorp/terraform/issues/32908
 * @throws OperatorProblem where a service is still to be made in a region without its load balancer
 */
export const refuseFirstBetweenWeekends = async (
  { asleep = [] }: Pick<Workspace, 'asleep'>,
  { environment, file, deployments }: Operated,
  now: Date,
): Promise<void> => {
  for (const deployment of deployments.filter(({ region }) => asleep.includes(region))) {
    const { settings, region } = deployment;
    const { cluster, services } = runningNames(deployment);
    const client = new ECSClient({ region });
    const there = await readServices(client, cluster, Object.values(services)).finally(() => client.destroy());
    const missing = Object.values(services).filter((name) => there.every(({ serviceName }) => serviceName !== name));
    if (missing.length === 0) continue;
    const from = new Date(now.getTime() + minutesToBalancer(settings, now) * 60_000).toISOString().slice(0, 16);
    throw new OperatorProblem(
      `${missing.join(' and ')} in ${region} would be made now, between weekends, and AWS makes no service for a target group without a load balancer. Deploy ${environment} once the load balancer is due, from ${from}Z on. Or set destroy_albs_when_scaled_down = false in ${file}, deploy, and set it to true again: the next deployment then removes the load balancer.`,
    );
  }
};
