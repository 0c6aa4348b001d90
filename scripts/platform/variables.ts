/**
 * Values of the sensitive variables that stacks declare: shared secrets of headers. They come from Secrets Manager,
 * where `npm run secrets` puts them, and go to terraform in its environment; no file and no command line sees them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { type HeaderSecretName, headerSecrets, secretOfVariable } from '../../modules/secrets/header-secret.ts';
import { OperatorProblem } from './problem.ts';
import type { Workspace } from './workspace.ts';

const Declared = z.object({ variable: z.record(z.string(), z.unknown()).default({}) });

/** Variables that any of the stacks declares. @throws OperatorProblem for one nobody knows the value of */
export const declaredVariables = async ({ stacks }: Pick<Workspace, 'stacks'>): Promise<HeaderSecretName[]> => {
  const names = new Set<HeaderSecretName>();
  for (const { folder, name } of stacks) {
    const { variable } = Declared.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
    for (const declared of Object.keys(variable)) {
      if (!Object.hasOwn(headerSecrets, declared))
        throw new OperatorProblem(`${name} declares the variable ${declared}, which no secret is known for.`);
      names.add(declared as HeaderSecretName);
    }
  }
  return [...names].sort();
};

/**
 * One or two values, the one to send first: a JSON list of texts, or { current, previous }, or { current, next } while
 * the next is only accepted, or the text itself.
 */
export const parseValues = (secret: string): readonly string[] | undefined => {
  const Values = z.union([
    z.array(z.string().min(1)).min(1).max(2),
    z
      .object({ current: z.string().min(1), previous: z.string().optional(), next: z.string().optional() })
      .transform(({ current, previous, next = previous }) => [current, ...(next ? [next] : [])]),
  ]);
  const text = secret.trim();
  if (!/^[[{]/.test(text)) return text === '' ? undefined : [text];
  try {
    return Values.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

/**
 * Values of a header's secret, the one to send first.
 * @throws OperatorProblem where it is missing or malformed; never with a value
 */
export const headerValues = async (client: SecretsManagerClient, name: string, environment: string) => {
  const how = `fill it with npm run secrets -- create --environment ${environment}`;
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    const values = parseValues(SecretString);
    if (values === undefined) throw new OperatorProblem(`The secret ${name} holds no list of one or two texts: ${how}`);
    return values;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new OperatorProblem(`The secret ${name} has no value: ${how}`, { cause: error });
  }
};

/** Stands in where nothing is sent to anybody: as long as the real ones must be. */
const placeholder = (name: string): string => `${name}_placeholder_of_a_local_plan`.slice(0, 64);

/**
 * TF_VAR_ variables for the stacks' declarations.
 * @throws OperatorProblem where a secret is missing or malformed
 */
export const terraformVariables = async (workspace: Workspace): Promise<NodeJS.ProcessEnv> => {
  const names = await declaredVariables(workspace);
  if (names.length === 0) return {};
  const { target, settings, environment } = workspace;
  if (target.kind !== 'aws')
    return Object.fromEntries(names.map((name) => [`TF_VAR_${name}`, JSON.stringify([placeholder(name)])]));
  const client = new SecretsManagerClient({ region: settings.regions[0] ?? '' });
  try {
    const read = names.map(async (name) => {
      const values = await headerValues(client, `${settings.secret_prefix}/${secretOfVariable[name]}`, environment);
      return [`TF_VAR_${name}`, JSON.stringify(values)] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  } finally {
    client.destroy();
  }
};
