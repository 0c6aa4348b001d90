/** Which secrets an environment's containers read. The storage layer makes them, the backend layer grants and injects them. */
import type { VariableName } from '../../contracts/environment.ts';
import { connectedProviders, enabled, providersOf } from '../../contracts/packs/index.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { type SecretReference, secretReference } from '../secrets/reference.ts';

type Wanted = Readonly<Partial<Record<VariableName, string | undefined>>>;

/** What Countersign itself needs with these settings. */
const ownSecrets = (settings: Settings): Wanted => ({
  ENCRYPTION_KEY: 'encryption-keys:encryption_key',
  // Not behind a spread, where a misspelt name would compile.
  REDIS_URL: settings.cache_enabled ? 'cache-credentials:url' : undefined,
  NOTICE_CHANNELS: settings.notice_channels ? 'notices:channels' : undefined,
  CREDENTIALS_KEYS:
    connectedProviders(settings.tool_packs, settings).length > 0 ? 'encryption-keys:credentials_keys' : undefined,
  SSO_CLIENT_SECRET: settings.auth === 'sso' ? 'oauth-credentials:client_secret' : undefined,
});

/** Secrets of providers at which nobody connects an account here. A container that is handed an empty one does not start. */
const unusedSecrets = (settings: Settings): ReadonlySet<string> => {
  const used = new Set(connectedProviders(settings.tool_packs, settings).map(({ name }) => name));
  const unused = providersOf(settings.tool_packs).filter(({ name }) => !used.has(name));
  return new Set(unused.map(({ connected }) => connected.clientSecret));
};

/** What the enabled packs read. */
const packSecrets = (settings: Settings): Readonly<Record<string, string>> => {
  const unused = unusedSecrets(settings);
  return Object.fromEntries(
    enabled(settings.tool_packs).flatMap(([, { secrets = {} }]) =>
      Object.entries(secrets).flatMap(([variable, secret]) =>
        secret === undefined || unused.has(variable) ? [] : [[variable, secret.from] as const],
      ),
    ),
  );
};

/** Environment variable to secret, for the container of these settings. `container_secrets` wins. */
export const containerSecrets = (settings: Settings): Readonly<Record<string, SecretReference>> => {
  const wanted = {
    ...(settings.container === 'countersign' ? { ...ownSecrets(settings), ...packSecrets(settings) } : {}),
    ...settings.container_secrets,
  };
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([variable, text]) =>
      text === undefined ? [] : [[variable, secretReference(text)] as const],
    ),
  );
};

/** Secrets the platform itself reads: the caller's API keys. */
const platformSecrets = (settings: Settings): string[] => (settings.api_key_required ? ['caller-api-keys'] : []);

/** Names of all secrets of the environment, without prefix, each once. */
export const secretNames = (settings: Settings): readonly string[] => [
  ...new Set([...Object.values(containerSecrets(settings)).map(({ name }) => name), ...platformSecrets(settings)]),
];
