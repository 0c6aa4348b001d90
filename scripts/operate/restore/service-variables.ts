/** Variables that lead the service to what an environment keeps, read as its tasks read them. */

import { randomBytes } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { vaultOn } from '../secrets/vault.ts';
import { wantedValues } from '../secrets/wanted.ts';

/** @throws OperatorProblem where the key cannot be read */
const encryptionKey = async (deployment: Deployment, client: ClientOf): Promise<string> => {
  const wanted = wantedValues(deployment).find(({ readBy }) => readBy.includes('ENCRYPTION_KEY'));
  if (wanted === undefined) throw new OperatorProblem('No secret of this environment holds ENCRYPTION_KEY.');
  const name = deployment.names.secret(wanted.secret);
  const held = await vaultOn(client(SecretsManagerClient), deployment.region).read(name);
  const value =
    held === undefined || held.text === '' || wanted.key === undefined
      ? held?.text
      : z.record(z.string(), z.unknown()).parse(JSON.parse(held.text))[wanted.key];
  if (typeof value !== 'string' || value === '')
    throw new OperatorProblem(`The secret ${name} holds no ENCRYPTION_KEY: npm run secrets -- list`);
  return value;
};

/** Whether the audit log is the service's own, which another image's is not. */
export const hasOwnLog = ({ settings }: Deployment): boolean => settings.container === 'countersign';

/**
 * All but where the store is. What the operator's shell says of the database goes before it, for one that is reached
 * through a tunnel.
 */
export const serviceVariables = async (
  deployment: Deployment,
  client: ClientOf,
  env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> => {
  const { settings, region, names } = deployment;
  const { AWS_ENDPOINT_URL: standIn, DATABASE_CA_FILE: authorities, DATABASE_TLS } = env;
  if (settings.store_mode === 'postgres' && authorities === undefined && DATABASE_TLS !== 'off')
    throw new OperatorProblem(
      'Say which authorities signed the certificate of RDS: load https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem and name the file in DATABASE_CA_FILE.',
    );
  return {
    AWS_REGION: region,
    ...(authorities !== undefined && { DATABASE_CA_FILE: authorities }),
    // Another image has none, and the service takes no configuration without one. Nothing is signed or sealed with it.
    ENCRYPTION_KEY: hasOwnLog(deployment)
      ? await encryptionKey(deployment, client)
      : randomBytes(48).toString('base64url'),
    ...(hasOwnLog(deployment) && settings.audit_archive && { AUDIT_ANCHOR_BUCKET: names.bucket('archive') }),
    ...(settings.container_env.AUDIT_RETENTION_DAYS !== undefined &&
      hasOwnLog(deployment) && { AUDIT_RETENTION_DAYS: settings.container_env.AUDIT_RETENTION_DAYS }),
    ...(standIn !== undefined && { AWS_ENDPOINT_URL: standIn, DYNAMODB_ENDPOINT: standIn }),
  };
};

const ofDatabase = ['DATABASE_HOST', 'DATABASE_PORT', 'DATABASE_TLS', 'DATABASE_SECRET_ARN'] as const;

/** What the operator's shell says of the way to the copy. */
export const wayToDatabase = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(ofDatabase.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
