/** SDK clients, one an API, account and region, made when first needed. */
import { LRUCache } from 'lru-cache';
import type { AwsApi, ClientConfig } from './api.ts';
import { type AwsSettings, MAX_ATTEMPTS, type Sessions } from './sessions.ts';

/** Enough for a few accounts in many regions; the least recently used ones are made again when needed. */
const KEPT = 1000;

export interface ClientSource {
  get<Client extends object>(api: AwsApi<Client>, accountId: string, region: string): Promise<Client>;
}

export const createClients = (settings: AwsSettings, sessions: Sessions): ClientSource => {
  const kept = new LRUCache<string, object>({ max: KEPT });
  const configOf = async (accountId: string, region: string): Promise<ClientConfig> => {
    const first = await sessions.credentials(accountId);
    return {
      region,
      maxAttempts: MAX_ATTEMPTS,
      // One pool of connections for all clients, instead of one each.
      requestHandler: sessions.sts.config.requestHandler,
      ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
      ...(first === undefined ? {} : { credentials: async () => (await sessions.credentials(accountId)) ?? first }),
    };
  };
  return {
    get: async <Client extends object>(api: AwsApi<Client>, accountId: string, region: string): Promise<Client> => {
      const key = `${api.name} ${accountId} ${region}`;
      // Only `api.open` makes what is kept under the name of the API.
      const known = kept.get(key) as Client | undefined;
      if (known) return known;
      const client = api.open(await configOf(accountId, region));
      kept.set(key, client);
      return client;
    },
  };
};
