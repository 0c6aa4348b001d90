/** Which values an environment needs in Secrets Manager, and where each comes from. */
import { environment as variables } from '../../../contracts/environment.ts';
import { webhookSecrets } from '../../../contracts/packs/index.ts';
import { containerSecrets, secretNames } from '../../../modules/container/secrets.ts';
import type { HeaderSecretName } from '../../../modules/secrets/header-secret.ts';
import { secretOfVariable } from '../../../modules/secrets/header-secret.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { previewsColours, verifiesOrigin } from '../../../modules/stacks/hosts.ts';

/**
 * random: only has to be unguessable. sealing: the same, and values of before still open what they sealed. token and webhook-key: what
 * senders of webhooks prove themselves with, of which several hold at once. cache: the cache's token, set on the cache too. caller-keys: two keys of callers.
 * header: two values of a header, which Terraform is handed. asked: somebody else's, who has to be asked.
 */
export type Source = 'random' | 'sealing' | 'token' | 'webhook-key' | 'cache' | 'caller-keys' | 'header' | 'asked';

export interface WantedValue {
  /** Name of the secret without the environment's prefix. */
  readonly secret: string;
  /** Key of its JSON; undefined where the whole secret is the value. */
  readonly key: string | undefined;
  readonly source: Source;
  /** Environment variables of the containers that read it. */
  readonly readBy: readonly string[];
}

export const callerKeys = 'caller-api-keys';

/** `name` or `name:key`, as settings write it. */
export const nameOf = ({ secret, key }: Pick<WantedValue, 'secret' | 'key'>): string =>
  key === undefined ? secret : `${secret}:${key}`;

const sourceOf = ({ settings }: Deployment, variable: string): Source => {
  if (settings.container !== 'countersign') return 'asked';
  if (variable === 'ENCRYPTION_KEY') return 'random';
  if (variable === 'CREDENTIALS_KEYS') return 'sealing';
  const scheme = webhookSecrets(settings.tool_packs).get(variable);
  if (scheme !== undefined) return scheme === 'bearer' ? 'token' : 'webhook-key';
  return variable === 'REDIS_URL' && settings.cache_enabled ? 'cache' : 'asked';
};

const readByContainers = (deployment: Deployment): WantedValue[] => {
  const wanted = new Map<string, WantedValue>();
  for (const [variable, { name, key }] of Object.entries(containerSecrets(deployment.settings))) {
    const id = nameOf({ secret: name, key });
    const known = wanted.get(id);
    wanted.set(id, {
      secret: name,
      key,
      source: known?.source ?? sourceOf(deployment, variable),
      readBy: [...(known?.readBy ?? []), variable],
    });
  }
  return [...wanted.values()];
};

const headerVariables = (deployment: Deployment): HeaderSecretName[] => [
  ...(verifiesOrigin(deployment) ? (['origin_verify_values'] as const) : []),
  ...(previewsColours(deployment) ? (['preview_values'] as const) : []),
];

/** In the order in which they can be made: Terraform asks for the headers before it makes anything. */
export const wantedValues = (deployment: Deployment): readonly WantedValue[] => {
  const whole = (secret: string, source: Source): WantedValue => ({ secret, key: undefined, source, readBy: [] });
  const headers = headerVariables(deployment).map((variable) => whole(secretOfVariable[variable], 'header'));
  return [
    // They are read in the primary region, for the stacks of all.
    ...(deployment.primary ? headers : []),
    ...readByContainers(deployment),
    ...(secretNames(deployment.settings).includes(callerKeys) ? [whole(callerKeys, 'caller-keys')] : []),
  ];
};

/** What is wrong with a value, without the value; undefined where it may be stored. */
export const faultOf = ({ settings }: Deployment, { readBy }: WantedValue, value: string): string | undefined => {
  if (value.trim() === '') return 'is empty';
  if (settings.container !== 'countersign') return undefined;
  for (const variable of readBy) {
    const contract = Object.hasOwn(variables, variable) ? variables[variable as keyof typeof variables] : undefined;
    const parsed = contract?.schema.safeParse(value);
    // The messages of the contract say what is expected, never what was given.
    if (parsed?.success === false) return parsed.error.issues.map(({ message }) => message).join(', ');
  }
  return undefined;
};
