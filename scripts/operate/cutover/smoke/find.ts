/** Where the smoke test finds an environment, and what opens the preview. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretOfVariable } from '../../../../modules/secrets/header-secret.ts';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { previewsColours } from '../../../../modules/stacks/hosts.ts';
import { OperatorProblem } from '../../../platform/problem.ts';
import { headerValues } from '../../../platform/variables.ts';
import { openClients } from '../../clients.ts';
import { type Front, findFront } from '../../health/front.ts';
import { openNetwork } from '../../health/network.ts';
import { type Target, TOKEN_VARIABLE } from './target.ts';

/** The key that an HTTP API asks for besides, with api_key_required. */
export const KEY_VARIABLE = 'COUNTERSIGN_SMOKE_API_KEY';

const frontOf = async (deployment: Deployment): Promise<Front> => {
  const { of: client, close } = openClients(deployment.region, undefined);
  try {
    const network = openNetwork({ timeoutMs: 10_000 });
    const front = await findFront({ deployment, client, network, now: new Date() });
    if (front === undefined) throw new OperatorProblem('Nothing is there to be called: npm run deploy');
    return front;
  } finally {
    close();
  }
};

const keyHeader = ({ settings }: Deployment, env: NodeJS.ProcessEnv): Record<string, string> => {
  const key = env[KEY_VARIABLE];
  return key === undefined || !settings.api_key_required ? {} : { [settings.api_key_header ?? 'x-api-key']: key };
};

/** @throws OperatorProblem where no header leads to a colour */
export const checkPreview = (deployment: Deployment): void => {
  if (previewsColours(deployment)) return;
  throw new OperatorProblem(
    'preview_header is false, so the new colour cannot be looked at before it takes traffic: set it to true, and deploy.',
  );
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
    const { settings, names, region } = deployment;
    const front = url === undefined ? await frontOf(deployment) : { url };
    const client = new SecretsManagerClient({ region });
    const [secret = ''] = await headerValues(client, names.secret(secretOfVariable.preview_values), environment);
    client.destroy();
    return {
      ...front,
      secret,
      healthPath: settings.health_check_path,
      token: env[TOKEN_VARIABLE] || undefined,
      headers: keyHeader(deployment, env),
    };
  };
  let found: Promise<Target> | undefined;
  return () => {
    found ??= read();
    return found;
  };
};
