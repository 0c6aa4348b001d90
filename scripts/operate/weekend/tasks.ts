/** The tasks of weekends, which scheduled actions start and end: whether they are gone, and whether they have come. */

import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { runningNames } from '../running.ts';
import { readServices, readTargets, statesOf } from '../services.ts';
import { untilTrue, type Waiting } from '../waiting.ts';

export interface Tasks {
  readonly desired: number;
  readonly running: number;
  /** Targets by state: healthy, draining, unhealthy, ... */
  readonly targets: Readonly<Record<string, number>>;
}

/** What runs now, of every colour. */
export const readTasks = async (client: ClientOf, deployment: Deployment): Promise<Tasks> => {
  const { region } = deployment;
  const { cluster, services } = runningNames(deployment);
  const living = await readServices(client(ECSClient, region), cluster, Object.values(services));
  const balancing = client(ElasticLoadBalancingV2Client, region);
  const arns = living.flatMap(({ loadBalancers = [] }) =>
    loadBalancers.flatMap(({ targetGroupArn = '' }) => targetGroupArn),
  );
  const targets: Record<string, number> = {};
  for (const arn of arns)
    for (const state of statesOf(await readTargets(balancing, arn))) targets[state] = (targets[state] ?? 0) + 1;
  const sum = (counts: readonly (number | undefined)[]): number =>
    counts.reduce<number>((all, each) => all + (each ?? 0), 0);
  return {
    desired: sum(living.map(({ desiredCount }) => desiredCount)),
    running: sum(living.map(({ runningCount }) => runningCount)),
    targets,
  };
};

export const tasksText = ({ desired, running, targets }: Tasks): string =>
  [
    `${desired} asked for`,
    `${running} running`,
    ...Object.entries(targets).map(([state, count]) => `${count} targets ${state}`),
  ].join(', ');

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`;

/**
 * Waits until no task runs and none drains, because what is called while its load balancer goes fails.
 * @throws OperatorProblem where somebody asks for tasks, or they do not end in time
 */
export const awaitNone = async (client: ClientOf, deployment: Deployment, waiting: Waiting): Promise<void> => {
  let last = await readTasks(client, deployment);
  if (last.desired > 0)
    throw new OperatorProblem(
      `${deployment.region} still asks for tasks (${tasksText(last)}): the schedule weekend-down has not run, or somebody scaled by hand. Nothing was taken down: npm run scale -- --desired 0 --min 0`,
    );
  const none = await untilTrue(async () => {
    last = await readTasks(client, deployment);
    return last.running === 0 && (last.targets.draining ?? 0) === 0;
  }, waiting);
  if (!none)
    throw new OperatorProblem(
      `${deployment.region} has tasks that do not end (${tasksText(last)}, after ${seconds(waiting.patienceMs)}). Nothing was taken down: run this again.`,
    );
};

/** Waits until the tasks that the schedule asks for are healthy. @throws OperatorProblem where they are not in time */
export const awaitHealthy = async (client: ClientOf, deployment: Deployment, waiting: Waiting): Promise<Tasks> => {
  let last = await readTasks(client, deployment);
  const isSo = ({ desired, targets }: Tasks): boolean => desired > 0 && (targets.healthy ?? 0) >= desired;
  const healthy = await untilTrue(async () => {
    last = await readTasks(client, deployment);
    return isSo(last);
  }, waiting);
  if (!healthy)
    throw new OperatorProblem(
      `${deployment.region} has its load balancer, and its tasks are not healthy (${tasksText(last)}, after ${seconds(waiting.patienceMs)}): npm run doctor says more, docs/runbooks/task-failure.md what to do.`,
    );
  return last;
};
