/** The counts that a schedule of an ECS service sets. */
import {
  DescribeScheduledActionsCommand,
  PutScheduledActionCommand,
  type ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Asked } from './counts.ts';
import { ecsDimension, resourceOf } from './scalable.ts';
import type { ServiceClients } from './service.ts';

/** Schedules of a service, by their name in the settings. */
export const readSchedules = async (
  { scaling }: ServiceClients,
  cluster: string,
  service: string,
): Promise<ReadonlyMap<string, ScheduledAction>> => {
  const { ScheduledActions = [] } = await scaling.send(
    new DescribeScheduledActionsCommand({ ...ecsDimension, ResourceId: resourceOf(cluster, service) }),
  );
  const start = `${service}-`;
  return new Map(
    ScheduledActions.flatMap((action) =>
      action.ScheduledActionName?.startsWith(start) ? [[action.ScheduledActionName.slice(start.length), action]] : [],
    ),
  );
};

export interface Rescheduled {
  readonly before: string;
  readonly after: string;
  write(): Promise<void>;
}

/** @throws OperatorProblem when there is no such schedule, or its counts contradict each other */
export const reschedule = async (
  clients: ServiceClients,
  { cluster, service }: { readonly cluster: string; readonly service: string },
  name: string,
  { min: askedMin, max: askedMax }: Asked,
): Promise<Rescheduled> => {
  const known = await readSchedules(clients, cluster, service);
  const action = known.get(name);
  if (action === undefined)
    throw new OperatorProblem(`${service} has no schedule ${name}: it has ${[...known.keys()].join(', ') || 'none'}.`);
  const { MinCapacity = 0, MaxCapacity = 0 } = action.ScalableTargetAction ?? {};
  const [min, max] = [askedMin ?? MinCapacity, askedMax ?? MaxCapacity];
  if (min > max) throw new OperatorProblem(`--min ${min} is above --max ${max}.`);
  return {
    before: `between ${MinCapacity} and ${MaxCapacity}`,
    after: `between ${min} and ${max}`,
    write: async () => {
      await clients.scaling.send(
        new PutScheduledActionCommand({
          ...ecsDimension,
          ResourceId: resourceOf(cluster, service),
          ScheduledActionName: action.ScheduledActionName,
          Schedule: action.Schedule,
          Timezone: action.Timezone,
          ScalableTargetAction: { MinCapacity: min, MaxCapacity: max },
        }),
      );
    },
  };
};
