/** The services behind the colours: what they run, how many, and whether those are healthy. */
import { PutScheduledActionCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeTaskDefinitionCommand, type Service } from '@aws-sdk/client-ecs';
import { OperatorProblem } from '../../../platform/problem.ts';
import { ecsDimension, resourceOf } from '../../scale/scalable.ts';
import { readSchedules } from '../../scale/schedule.ts';
import { readService, scalableService } from '../../scale/service.ts';
import { readServices, readTargets, statesOf } from '../../services.ts';
import type { Saved } from '../run.ts';
import type { Warmth } from '../seen.ts';
import type { FargateClients } from './clients.ts';

export interface Place {
  readonly cluster: string;
  readonly service: string;
}

/** Not one that is being deleted. */
const describe = async ({ ecs }: FargateClients, { cluster, service }: Place): Promise<Service | undefined> =>
  (await readServices(ecs, cluster, [service])).find(({ status }) => status === 'ACTIVE');

const imageOf = async ({ ecs }: FargateClients, taskDefinition: string | undefined, container: string) => {
  const told = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return told.taskDefinition?.containerDefinitions?.find(({ name }) => name === container)?.image ?? '';
};

/** @throws OperatorProblem where a deployment of it is not through */
const checkSettled = ({ serviceName, deployments = [] }: Service): void => {
  const [only, ...others] = deployments;
  if (others.length > 0)
    throw new OperatorProblem(`${serviceName} is being deployed: wait until npm run doctor says that it is steady.`);
  if (only?.status !== 'PRIMARY' || only.rolloutState !== 'COMPLETED')
    throw new OperatorProblem(
      `The deployment of ${serviceName} is ${only?.rolloutState ?? 'not there'}: ${only?.rolloutStateReason ?? 'npm run doctor'}`,
    );
};

const boundsOf = ({ MinCapacity: min = 0, MaxCapacity: max = 0 } = {}) => ({ min, max });

/** Counts, bounds, schedules and image of a service. @throws OperatorProblem where it is not there or being deployed */
export const surveyService = async (clients: FargateClients, place: Place, container: string): Promise<Saved> => {
  const { cluster, service } = place;
  const found = await describe(clients, place);
  if (found === undefined) throw new OperatorProblem(`There is no service ${service}: npm run deploy`);
  checkSettled(found);
  const counts = await readService(clients, cluster, service);
  const actions = await readSchedules(clients, cluster, service);
  return {
    desired: counts?.desired ?? 0,
    ...(counts?.bounds !== undefined && { bounds: counts.bounds }),
    schedules: Object.fromEntries(
      [...actions].map(([name, { ScalableTargetAction }]) => [name, boundsOf(ScalableTargetAction)]),
    ),
    image: await imageOf(clients, found.taskDefinition, container),
    ...(found.taskDefinition !== undefined && { taskDefinition: found.taskDefinition }),
  };
};

const reschedule = async (
  clients: FargateClients,
  { cluster, service }: Place,
  { schedules }: Saved,
): Promise<void> => {
  const actions = await readSchedules(clients, cluster, service);
  for (const [name, { ScheduledActionName, Schedule, Timezone, ScalableTargetAction }] of actions) {
    const to = schedules[name];
    const now = boundsOf(ScalableTargetAction);
    if (to === undefined || (now.min === to.min && now.max === to.max)) continue;
    await clients.scaling.send(
      new PutScheduledActionCommand({
        ...ecsDimension,
        ResourceId: resourceOf(cluster, service),
        ScheduledActionName,
        // What is not given again would stay, but a stand-in may drop it.
        Schedule,
        Timezone,
        ScalableTargetAction: { MinCapacity: to.min, MaxCapacity: to.max },
      }),
    );
  }
};

/** Schedules first, so that none moves the bounds back; then bounds, so that target tracking takes no task away; then the count. */
export const scaleService = async (
  clients: FargateClients,
  place: Place,
  to: Saved,
  how: 'at-least' | 'exactly',
): Promise<void> => {
  const { cluster, service } = place;
  await reschedule(clients, place, to);
  const scalable = scalableService(clients, cluster, service);
  const now = await scalable.read();
  if (now === undefined) throw new OperatorProblem(`There is no service ${service}: npm run deploy`);
  // A scalable target is Terraform's to make: none is made where there is none.
  const desired = how === 'exactly' ? to.desired : Math.max(to.desired, now.desired);
  await scalable.write({ desired, ...(now.bounds !== undefined && { bounds: to.bounds ?? now.bounds }) });
};

const failureOf = ({ deployments = [], events = [] }: Service): string | undefined => {
  const failed = deployments.find(({ rolloutState }) => rolloutState === 'FAILED');
  if (failed === undefined) return undefined;
  return `its deployment failed: ${failed.rolloutStateReason ?? events[0]?.message ?? 'AWS gives no reason'}`;
};

/** @param group ARN of the target group */
export const warmthOf = async (
  clients: FargateClients,
  place: Place,
  group: string,
  atLeast: number,
): Promise<Warmth> => {
  const [service, told] = await Promise.all([describe(clients, place), readTargets(clients.balancing, group)]);
  if (service === undefined)
    return { warm: false, healthy: 0, says: 'the service is gone', failed: 'the service is gone' };
  const { runningCount = 0, desiredCount = 0, deployments = [] } = service;
  // Targets that drain do not count.
  const states = statesOf(told).filter((state) => state !== 'draining' && state !== 'unused');
  const healthy = states.filter((state) => state === 'healthy').length;
  return {
    warm:
      runningCount === desiredCount &&
      desiredCount >= Math.max(1, atLeast) &&
      deployments.length === 1 &&
      states.length >= desiredCount &&
      healthy === states.length,
    healthy,
    says: `${runningCount} of ${desiredCount} tasks run, ${healthy} of ${states.length} targets are healthy`,
    failed: failureOf(service),
  };
};
