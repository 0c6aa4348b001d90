/** One API of AWS, as the drivers of its types name it. Its SDK is loaded with them, and no earlier. */
import type { RoleCredentials, Sessions } from './sessions.ts';

/** What every client of the SDK is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: Sessions['sts']['config']['requestHandler'];
  readonly endpoint?: string;
  readonly credentials?: () => Promise<RoleCredentials>;
}

export interface AwsApi<Client extends object> {
  /** As metrics and messages name it. Unique. */
  readonly name: string;
  open(config: ClientConfig): Client;
}

/**
 * @example export const kinesisApi = awsApi('kinesis', (config) => new KinesisClient(config));
 */
export const awsApi = <Client extends object>(
  name: string,
  open: (config: ClientConfig) => Client,
): AwsApi<Client> => ({ name, open });
