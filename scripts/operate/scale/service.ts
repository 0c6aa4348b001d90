/** Count and bounds of an ECS service. */
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { readServices } from '../services.ts';
import type { Counts } from './counts.ts';
import { ecsDimension, resourceOf, type Scalable } from './scalable.ts';

export interface ServiceClients {
  readonly ecs: ECSClient;
  readonly scaling: ApplicationAutoScalingClient;
}

export const serviceClients = (region: string): ServiceClients => ({
  ecs: new ECSClient({ region }),
  scaling: new ApplicationAutoScalingClient({ region }),
});

/** Undefined: there is no such service. */
export const readService = async (
  { ecs, scaling }: ServiceClients,
  cluster: string,
  service: string,
): Promise<Counts | undefined> => {
  const [found] = await readServices(ecs, cluster, [service]);
  if (found === undefined) return undefined;
  const { ScalableTargets = [] } = await scaling.send(
    new DescribeScalableTargetsCommand({ ...ecsDimension, ResourceIds: [resourceOf(cluster, service)] }),
  );
  const [target] = ScalableTargets;
  return {
    desired: found.desiredCount ?? 0,
    ...(target !== undefined && { bounds: { min: target.MinCapacity ?? 0, max: target.MaxCapacity ?? 0 } }),
  };
};

export const scalableService = (clients: ServiceClients, cluster: string, service: string): Scalable => ({
  name: `service ${service}`,
  read: () => readService(clients, cluster, service),
  write: async ({ desired, bounds }) => {
    // First: target tracking removes what runs above the bounds, and AWS moves a count outside of them at once.
    if (bounds !== undefined)
      await clients.scaling.send(
        new RegisterScalableTargetCommand({
          ...ecsDimension,
          ResourceId: resourceOf(cluster, service),
          MinCapacity: bounds.min,
          MaxCapacity: bounds.max,
        }),
      );
    await clients.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: desired }));
  },
});
