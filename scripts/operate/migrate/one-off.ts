/**
 * The store's migration as a task of its own: the task definition of a service, its network and roles, another command.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
import { DescribeTasksCommand, type ECSClient, RunTaskCommand, type Service, type Task } from '@aws-sdk/client-ecs';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { runningNames } from '../running.ts';
import { readServices } from '../services.ts';
import { untilTrue, type Waiting } from '../waiting.ts';

/** What a service's container is run with, so that it brings the store to its version and ends. */
export const migration = ['node', 'server.js', '--migrate-only'] as const;

/** An index over many rows takes its time; locks alone may take two minutes. */
const usual: Waiting = { everyMs: 2000, patienceMs: 30 * 60_000 };

export interface Migrated {
  readonly region: string;
  readonly service: string;
  /** ARN of the task definition whose version the store was brought to. */
  readonly taskDefinition: string;
  readonly task: string;
}

/** Why a task that has stopped did not migrate; undefined where it did. */
export const problemOf = (task: Task, container: string): string | undefined => {
  const ran = task.containers?.find(({ name }) => name === container);
  if (ran?.exitCode === 0) return undefined;
  const reason = ran?.reason ?? task.stoppedReason;
  const how = ran?.exitCode === undefined ? 'did not run' : `ended with ${ran.exitCode}`;
  return `${how}${reason === undefined || reason === '' ? '' : ` (${reason})`}`;
};

const serviceOf = async (client: ECSClient, cluster: string, name: string): Promise<Service> => {
  const [found] = await readServices(client, cluster, [name]);
  if (found?.taskDefinition === undefined) throw new OperatorProblem(`There is no service ${name}: npm run deploy`);
  return found;
};

const started = async (client: ECSClient, service: Service, cluster: string, container: string): Promise<Task> => {
  const { tasks = [], failures = [] } = await client.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: service.taskDefinition,
      // Never on Spot: a migration that is taken away begins again.
      launchType: 'FARGATE',
      networkConfiguration: service.networkConfiguration,
      startedBy: 'countersign-migrate',
      overrides: { containerOverrides: [{ name: container, command: [...migration] }] },
    }),
  );
  const [task] = tasks;
  if (task?.taskArn === undefined)
    throw new OperatorProblem(
      `The migration’s task could not be started: ${failures[0]?.reason ?? 'AWS gives no reason'}.`,
    );
  return task;
};

/**
 * Runs the migration of the version that a colour's service is to run, and waits for its end. Safe to repeat: a second one
 * finds nothing to do. To be called when the colour has its new task definition and before it has tasks.
 * @throws OperatorProblem where there is no such service, or the task ends with anything but 0
 */
export const migrateOnce = async (
  client: ECSClient,
  deployment: Deployment,
  colour: string,
  waiting: Waiting = usual,
): Promise<Migrated> => {
  const { cluster, services } = runningNames(deployment);
  const { container_name: container, log_stream_prefix: prefix } = deployment.settings;
  const name = services[colour];
  if (name === undefined) throw new OperatorProblem(`There is no colour ${colour}.`);
  const service = await serviceOf(client, cluster, name);
  const { taskArn = '' } = await started(client, service, cluster, container);
  const ended: { task?: Task } = {};
  const isOver = async (): Promise<boolean> => {
    const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
    const [task] = tasks;
    if (task?.lastStatus === 'STOPPED') ended.task = task;
    return ended.task !== undefined;
  };
  const id = taskArn.split('/').at(-1);
  const log = `Its log is the stream ${prefix}/${container}/${id}.`;
  if (!(await untilTrue(isOver, waiting)))
    throw new OperatorProblem(`The migration’s task ${id} still runs, and goes on. ${log}`);
  const problem = problemOf(ended.task ?? {}, container);
  if (problem !== undefined)
    throw new OperatorProblem(`The migration’s task ${id} ${problem}. What runs is not affected. ${log}`);
  return { region: deployment.region, service: name, taskDefinition: service.taskDefinition ?? '', task: taskArn };
};
