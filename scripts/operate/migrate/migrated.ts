/**
 * What `npm run migrate` did last in a region, kept beside the Terraform state: ECS forgets a task an hour after its end, and
 * an approval may take days. A cutover begins only with the task definition that is named there.
 */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { migrationKey } from '../../../modules/stacks/state.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { unlessMissing } from '../operated.ts';
import { type ObjectPlace, readObject } from '../read-object.ts';
import type { Migrated } from './one-off.ts';

const LastMigration = z.looseObject({
  /** ARN of the task definition whose version the store was brought to. */
  taskDefinition: z.string(),
  task: z.string(),
  at: z.iso.datetime(),
});

const placeOf = (deployment: Deployment): ObjectPlace => ({
  Bucket: deployment.settings.state_bucket,
  Key: migrationKey(deployment),
});

const withS3 = async <T>({ settings }: Deployment, work: (client: S3Client) => Promise<T>): Promise<T> => {
  const client = new S3Client({ region: settings.state_region });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
};

/** To be written once the migration's task has ended with 0. */
export const noteMigration = (
  deployment: Deployment,
  { taskDefinition, task }: Pick<Migrated, 'taskDefinition' | 'task'>,
  at: Date,
): Promise<unknown> =>
  withS3(deployment, (client) => {
    const Body = `${JSON.stringify({ taskDefinition, task, at: at.toISOString() }, null, 2)}\n`;
    return client.send(new PutObjectCommand({ ...placeOf(deployment), Body, ContentType: 'application/json' }));
  });

/** To be called before another store takes the place of the one that was migrated. */
export const forgetMigration = (deployment: Deployment, client: ClientOf): Promise<unknown> =>
  unlessMissing(
    client(S3Client, deployment.settings.state_region).send(new DeleteObjectCommand(placeOf(deployment))),
    'NoSuchBucket',
  );

const lastIn = (deployment: Deployment): Promise<string | undefined> =>
  withS3(deployment, async (client) => {
    const told = await readObject(client, placeOf(deployment));
    if (told?.Body === undefined) return undefined;
    const read = LastMigration.safeParse(JSON.parse(await told.Body.transformToString()));
    return read.data?.taskDefinition;
  });

const shortOf = (taskDefinition: string): string => taskDefinition.split('/').at(-1) ?? taskDefinition;

/**
 * A container of your own migrates in its own way, and functions and instances when they first start.
 * @param taskDefinition ARN of what the colour's tasks are started from
 * @throws OperatorProblem with the command to run, unless the store was migrated for it
 */
export const checkMigrated = async (
  deployment: Deployment,
  environment: string,
  colour: string,
  taskDefinition: string | undefined,
): Promise<void> => {
  const { settings, region } = deployment;
  if (settings.compute_mode !== 'fargate' || settings.container !== 'countersign') return;
  const last = await lastIn(deployment);
  if (taskDefinition !== undefined && last === taskDefinition) return;
  const was = last === undefined ? 'it never was' : `it was last for ${shortOf(last)}`;
  throw new OperatorProblem(
    `The store was not migrated for ${taskDefinition === undefined ? colour : shortOf(taskDefinition)}, which ${colour} is to run (${was}): npm run migrate -- --environment ${environment} --region ${region} --colour ${colour}`,
  );
};
