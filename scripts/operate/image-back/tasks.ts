/** The version that a service ran before: an earlier revision of its task definition, which Terraform leaves there. */
import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  type TaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import { readServices } from '../services.ts';
import { untilTrue, type Waiting } from '../waiting.ts';
import { alreadyBack, type Back } from './back.ts';

/** Revisions that are looked at. */
const MOST_REVISIONS = 50;
const usual: Waiting = { everyMs: 5000, patienceMs: 20 * 60_000 };

const imageOf = ({ containerDefinitions = [] }: TaskDefinition, container: string): string | undefined =>
  containerDefinitions.find(({ name }) => name === container)?.image;

/** All of a definition that a person chose, but for the image. */
const restOf = ({ cpu, memory, containerDefinitions = [], taskRoleArn, executionRoleArn }: TaskDefinition): string =>
  JSON.stringify([
    cpu,
    memory,
    taskRoleArn,
    executionRoleArn,
    containerDefinitions.map((one) => ({ ...one, image: '' })),
  ]);

const ecrImage = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([\w./-]+?)(?::([\w.-]+)|@(sha256:[0-9a-f]{64}))$/;

/** @throws OperatorProblem where the registry has the image no more: tasks of it would not start */
const checkImage = async (image: string): Promise<void> => {
  const [whole, registryId, region, repositoryName, imageTag, imageDigest] = ecrImage.exec(image) ?? [];
  // Other registries are asked by ECS when it pulls.
  if (whole === undefined || region === undefined) return;
  const imageIds = [imageTag === undefined ? { imageDigest } : { imageTag }];
  const found = await unlessMissing(
    new ECRClient({ region }).send(new DescribeImagesCommand({ registryId, repositoryName, imageIds })),
    'ImageNotFoundException',
    'RepositoryNotFoundException',
  );
  if (found === undefined) throw new OperatorProblem(`The registry no longer has ${image}: no task of it would start.`);
};

const isAsked = (image: string, revision: number, to: string): boolean =>
  image === to || image.endsWith(`:${to}`) || image.endsWith(`@${to}`) || String(revision) === to;

/**
 * The newest earlier revision that runs something else, or the one that is asked for. The one that runs, where it is asked
 * for or the service has gone back already: whoever repeats the command does not want to go back twice.
 */
const earlier = async (
  client: ECSClient,
  { deployment, running, to }: { deployment: Deployment; running: TaskDefinition; to: string | undefined },
): Promise<TaskDefinition> => {
  const { container_name: container } = deployment.settings;
  const familyPrefix = running.family;
  const { taskDefinitionArns = [] } = await client.send(
    new ListTaskDefinitionsCommand({ familyPrefix, status: 'ACTIVE', sort: 'DESC' }),
  );
  // A prefix also finds families whose names begin the same, such as that of the second colour.
  const all = taskDefinitionArns
    .map((arn) => ({ arn, revision: Number(arn.split(':').at(-1)) }))
    .filter(({ arn }) => arn.includes(`/${familyPrefix}:`))
    .sort((a, b) => b.revision - a.revision);
  const { revision: current = 0 } = running;
  const own = imageOf(running, container) ?? '';
  if (to === undefined ? await isBack(client, all[0], { running, container }) : isAsked(own, current, to))
    return running;
  const numbered = all.filter(({ revision }) => revision < current);
  for (const { arn, revision } of numbered.slice(0, MOST_REVISIONS)) {
    const { taskDefinition } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    const image = taskDefinition && imageOf(taskDefinition, container);
    if (taskDefinition === undefined || image === undefined) continue;
    const wanted = to === undefined ? image !== imageOf(running, container) : isAsked(image, revision, to);
    if (wanted) return taskDefinition;
  }
  throw new OperatorProblem(
    to === undefined
      ? `No earlier revision of ${familyPrefix} runs another image than ${imageOf(running, container)}.`
      : `No earlier revision of ${familyPrefix} runs ${to}.`,
  );
};

/** Whether what was registered last is newer than what runs, and another image. */
const isBack = async (
  client: ECSClient,
  newest: { readonly arn: string; readonly revision: number } | undefined,
  { running, container }: { readonly running: TaskDefinition; readonly container: string },
): Promise<boolean> => {
  if (newest === undefined || newest.revision <= (running.revision ?? 0)) return false;
  const told = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: newest.arn }));
  return told.taskDefinition !== undefined && imageOf(told.taskDefinition, container) !== imageOf(running, container);
};

const problemOf = (reason: string | undefined): string =>
  `The tasks of the earlier version do not come up${reason === undefined ? '' : ` (${reason})`}: npm run doctor.`;

/** @throws OperatorProblem where there is nothing to go back to */
export const backOfTasks = async (
  deployment: Deployment,
  to: string | undefined,
  waiting: Waiting = usual,
): Promise<Back> => {
  const client = new ECSClient({ region: deployment.region });
  const { cluster, services } = runningNames(deployment);
  const [service = ''] = Object.values(services);
  const { container_name: container } = deployment.settings;
  const described = async () => (await readServices(client, cluster, [service]))[0];
  const taskDefinition = (await described())?.taskDefinition;
  if (taskDefinition === undefined) throw new OperatorProblem(`There is no service ${service}: npm run deploy`);
  const { taskDefinition: running } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  if (running === undefined) throw new OperatorProblem(`${taskDefinition} is gone: npm run deploy`);
  const before = await earlier(client, { deployment, running, to });
  const image = imageOf(before, container) ?? '';
  await checkImage(image);
  return {
    region: deployment.region,
    what: `service ${service}`,
    now: imageOf(running, container) ?? '',
    next: image,
    image,
    remarks:
      before === running
        ? [alreadyBack(`revision ${running.revision}`)]
        : restOf(running) === restOf(before)
          ? []
          : [
              `Revision ${before.revision} also has other variables, sizes or roles than ${running.revision}: all of it comes back.`,
            ],
    go: async () => {
      await client.send(new UpdateServiceCommand({ cluster, service, taskDefinition: before.taskDefinitionArn }));
      let failed: string | undefined;
      const over = await untilTrue(async () => {
        const primary = (await described())?.deployments?.find(({ status }) => status === 'PRIMARY');
        if (primary?.rolloutState === 'FAILED') failed = problemOf(primary.rolloutStateReason);
        return failed !== undefined || primary?.rolloutState === 'COMPLETED';
      }, waiting);
      if (failed !== undefined || !over) throw new OperatorProblem(failed ?? problemOf('it takes too long'));
    },
  };
};
