/** Where the smoke test finds an environment, and what opens the preview. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretOfVariable } from '../../../../modules/secrets/header-secret.ts';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { previewsColours, publicUrlOf, verifiesOrigin } from '../../../../modules/stacks/hosts.ts';
import { OperatorProblem, UsageProblem } from '../../../platform/problem.ts';
import { headerValues } from '../../../platform/variables.ts';
import { openClients } from '../../clients.ts';
import { type Front, findFront } from '../../health/front.ts';
import { openNetwork } from '../../health/network.ts';
import { runningNames } from '../../running.ts';
import { askVersion } from '../alias/invoke.ts';
import { ask } from './http.ts';
import { type Target, TOKEN_VARIABLE } from './target.ts';

/** The key that an HTTP API asks for besides, with api_key_required. */
export const KEY_VARIABLE = 'COUNTERSIGN_SMOKE_API_KEY';

const frontOf = async (deployment: Deployment): Promise<Front> => {
  const { of: client, close } = openClients(deployment.region, undefined);
  try {
    const network = openNetwork({ timeoutMs: 10_000 });
    const front = await findFront({ deployment, client, network, now: new Date() });
    if (front === undefined) throw new OperatorProblem('There is nothing to call: npm run deploy');
    return front;
  } finally {
    close();
  }
};

const keyHeader = ({ settings }: Deployment, env: NodeJS.ProcessEnv): Record<string, string> => {
  const key = env[KEY_VARIABLE];
  return key === undefined || !settings.api_key_required ? {} : { [settings.api_key_header ?? 'x-api-key']: key };
};

/**
 * @param url where to call instead of the public address
 * @throws OperatorProblem where no header leads to a colour
 */
export const checkPreview = (deployment: Deployment, url: string | undefined): void => {
  const { compute_mode } = deployment.settings;
  // By the public address, once every instance is new.
  if (compute_mode === 'ec2') return;
  if (compute_mode === 'lambda') {
    if (url === undefined) return;
    throw new UsageProblem('--url leads to whichever version the alias gives: a function is called by its version.');
  }
  if (previewsColours(deployment)) return;
  throw new OperatorProblem(
    'preview_header is false, so the new colour cannot be looked at before it takes traffic: set it to true, and deploy.',
  );
};

/** The first value of a secret that is a header. */
const firstOf = async (deployment: Deployment, secret: string, environment: string): Promise<string | undefined> => {
  const client = new SecretsManagerClient({ region: deployment.region });
  try {
    return (await headerValues(client, deployment.names.secret(secret), environment))[0];
  } finally {
    client.destroy();
  }
};

const callsOf = (deployment: Deployment, env: NodeJS.ProcessEnv): Omit<Target, 'url'> => ({
  healthPath: deployment.settings.health_check_path,
  token: env[TOKEN_VARIABLE] || undefined,
  headers: keyHeader(deployment, env),
});

/** A version of the function, called as the API calls it. */
const functionTarget = async (deployment: Deployment, environment: string, env: NodeJS.ProcessEnv): Promise<Target> => {
  const { function: name } = runningNames(deployment);
  const originSecret = verifiesOrigin(deployment)
    ? await firstOf(deployment, secretOfVariable.origin_verify_values, environment)
    : undefined;
  const client = new LambdaClient({ region: deployment.region });
  return {
    ...callsOf(deployment, env),
    // The function answers by its own idea of its host.
    url: publicUrlOf(deployment) ?? 'https://function.invalid',
    ask: (variant, asked) => askVersion({ client, name, originSecret }, variant, asked),
  };
};

/**
 * Reads it once.
 * @param url where to call instead of the public address
 */
export const targetOf = (
  deployment: Deployment,
  environment: string,
  url: string | undefined,
  env: NodeJS.ProcessEnv,
): (() => Promise<Target>) => {
  const read = async (): Promise<Target> => {
    if (deployment.settings.compute_mode === 'lambda') return functionTarget(deployment, environment, env);
    const front = url === undefined ? await frontOf(deployment) : { url };
    // No header leads to an instance: it is asked for once no other answers.
    if (deployment.settings.compute_mode === 'ec2')
      return { ...front, ...callsOf(deployment, env), ask: (_, asked) => ask(asked) };
    const secret = await firstOf(deployment, secretOfVariable.preview_values, environment);
    return { ...front, ...callsOf(deployment, env), secret: secret ?? '' };
  };
  let found: Promise<Target> | undefined;
  return () => {
    found ??= read();
    return found;
  };
};
