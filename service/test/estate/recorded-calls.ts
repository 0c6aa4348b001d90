/** The calls that drivers make, as the IAM actions that they take. */
import type { AwsApi } from '../../src/packs/tagging/aws/api.ts';
import type { ClientSource } from '../../src/packs/tagging/aws/clients.ts';

/** Prefixes of actions that are not what messages call the API. */
const prefixes: Readonly<Record<string, string>> = {
  efs: 'elasticfilesystem',
  opensearch: 'es',
};

/** The IAM action of an operation. Most have its name. */
const actionOf = (api: string, command: string): string => `${prefixes[api] ?? api}:${command.replace(/Command$/, '')}`;

export interface RecordedCalls {
  readonly clients: ClientSource;
  /** The actions of the calls since it was last asked, each once, in order. */
  take(): string[];
}

/** Clients that remember what is sent with them. */
export const recordCalls = (clients: ClientSource): RecordedCalls => {
  const called = new Set<string>();
  const watched = <Client extends object>(api: AwsApi<Client>, client: Client): Client =>
    new Proxy(client, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (key !== 'send' || typeof value !== 'function') return value;
        return (command: object, ...rest: unknown[]): unknown => {
          called.add(actionOf(api.name, command.constructor.name));
          return Reflect.apply(value, target, [command, ...rest]);
        };
      },
    });
  return {
    clients: { get: async (api, accountId, region) => watched(api, await clients.get(api, accountId, region)) },
    take: () => {
      const taken = [...called].sort();
      called.clear();
      return taken;
    },
  };
};
