/** Clients of AWS services as commands share them: one of a kind and region. */

export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  /** Of a stand-in for AWS. */
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
}

/** Makes a client of an AWS service, once a region. */
export type ClientOf = <T>(Client: new (config: ClientConfig) => T, region?: string) => T;

interface Closing {
  destroy(): void;
}

/**
 * @param home region of clients that are asked for without one
 * @param standIn address of a stand-in for AWS
 */
export const openClients = (
  home: string,
  standIn: string | undefined,
): { readonly of: ClientOf; readonly close: () => void } => {
  const made = new Map<unknown, Map<string, unknown>>();
  // A stand-in has no host per bucket.
  const place = standIn === undefined ? {} : { endpoint: standIn, forcePathStyle: true };
  const of = <T>(Client: new (config: ClientConfig) => T, region = home): T => {
    const kind = made.get(Client) ?? new Map<string, unknown>();
    made.set(Client, kind);
    const client = (kind.get(region) as T | undefined) ?? new Client({ region, maxAttempts: 2, ...place });
    kind.set(region, client);
    return client;
  };
  const close = (): void => {
    for (const kind of made.values()) for (const client of kind.values()) (client as Closing).destroy();
  };
  return { of, close };
};
