/** Secrets of an environment that was destroyed: for days they are scheduled for deletion, and none of their name can be made. */

import { DescribeSecretCommand, RestoreSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretNames } from '../../../modules/container/secrets.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { agree } from '../../platform/agree.ts';
import type { Host } from '../../platform/command.ts';
import { during } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { type Operated, unlessMissing } from '../operated.ts';

export interface Scheduled {
  readonly name: string;
  readonly region: string;
  /** Of the customer managed key it is encrypted with, which is scheduled for deletion too. */
  readonly key: string | undefined;
}

const inRegion = async ({ settings, names, region }: Deployment): Promise<Scheduled[]> => {
  const client = new SecretsManagerClient({ region });
  const looked = secretNames(settings).map(async (secret): Promise<Scheduled[]> => {
    const name = names.secret(secret);
    const told = await unlessMissing(
      client.send(new DescribeSecretCommand({ SecretId: name })),
      'ResourceNotFoundException',
      // Who may not look is told by Terraform.
      'AccessDeniedException',
    );
    return told?.DeletedDate === undefined ? [] : [{ name, region, key: told.KmsKeyId }];
  });
  return (await Promise.all(looked)).flat();
};

export const scheduledSecrets = async ({ deployments }: Pick<Operated, 'deployments'>): Promise<readonly Scheduled[]> =>
  (await Promise.all(deployments.map(inRegion))).flat();

const listed = (scheduled: readonly Scheduled[]): string =>
  scheduled.map(({ name, region }) => `${name} (${region})`).join(', ');

/** For a plan, which changes nothing. @throws OperatorProblem naming the secrets and the command */
export const refuseScheduled = async (operated: Operated): Promise<void> => {
  const scheduled = await scheduledSecrets(operated);
  if (scheduled.length > 0)
    throw new OperatorProblem(
      `Scheduled for deletion, so that AWS refuses to make them: ${listed(scheduled)}. Restore them first: npm run secrets -- restore --environment ${operated.environment}`,
    );
};

export interface Restoring {
  readonly yes: boolean | undefined;
  readonly dryRun: boolean | undefined;
}

/** Restores them with their values. Answers how many there are. @throws OperatorProblem where nobody agrees */
export const restoreSecrets = async (host: Host, operated: Operated, { yes, dryRun }: Restoring): Promise<number> => {
  const scheduled = await during(host, 'Looking for secrets that are to be deleted', () => scheduledSecrets(operated));
  if (scheduled.length === 0) return 0;
  host.out(`Scheduled for deletion since this environment was destroyed: ${listed(scheduled)}.`);
  if (dryRun === true) return scheduled.length;
  await agree(host, yes, 'Type yes to restore them with their values: ');
  for (const { name, region } of scheduled) {
    const client = new SecretsManagerClient({ region });
    await client.send(new RestoreSecretCommand({ SecretId: name })).finally(() => client.destroy());
  }
  host.out(`Restored ${scheduled.length}. The next plan takes them over.`);
  for (const key of new Set(scheduled.flatMap(({ key }) => key ?? [])))
    host.out(
      `They are encrypted with ${key}. If it is scheduled for deletion: aws kms cancel-key-deletion --key-id ${key}, then aws kms enable-key --key-id ${key}.`,
    );
  return scheduled.length;
};
