/** The scheme of a webhook's route, with the secret or the topics that its environment has set. */
import type { WebhookRoute } from '../../../../../contracts/packs/pack.ts';
import type { Sns } from '../../../ports/sns.ts';
import { StartError } from '../../../start-error.ts';
import { webhookKeys } from '../../../webhook-signature.ts';
import type { WebhookScheme } from '../scheme.ts';
import { bearerToken, tokenDigests } from './bearer.ts';
import { snsSignature } from './sns.ts';
import { standardWebhooks } from './standard.ts';

export interface SchemeParts {
  readonly config: object;
  readonly sns: Sns;
}

const secretIn = (config: object, variable: string): string | undefined => {
  const value: unknown = Reflect.get(config, variable);
  return typeof value === 'string' ? value : undefined;
};

const listIn = (config: object, variable: string): readonly string[] => {
  const value: unknown = Reflect.get(config, variable);
  return Array.isArray(value) ? value.map(String) : [];
};

const parsed = <T>(read: (secret: string, variable: string) => T, secret: string, variable: string): T => {
  try {
    return read(secret, variable);
  } catch (cause) {
    throw new StartError(`${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};

/**
 * @returns the name of the variable without which nobody can be told from the sender
 * @throws StartError when a secret is none of its scheme
 */
export const schemeOf = (route: WebhookRoute, { config, sns }: SchemeParts): WebhookScheme | string => {
  if (route.scheme === 'sns') {
    const topics = listIn(config, route.topics);
    return topics.length === 0 ? route.topics : snsSignature(sns, topics);
  }
  const secret = secretIn(config, route.secret);
  if (secret === undefined) return route.secret;
  return route.scheme === 'bearer'
    ? bearerToken(parsed(tokenDigests, secret, route.secret))
    : standardWebhooks(parsed(webhookKeys, secret, route.secret));
};
