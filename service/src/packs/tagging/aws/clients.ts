/** SDK clients, one a service, account and region, made when first needed. */
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OpenSearchClient } from '@aws-sdk/client-opensearch';
import { RDSClient } from '@aws-sdk/client-rds';
import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { S3Client } from '@aws-sdk/client-s3';
import { LRUCache } from 'lru-cache';
import { type AwsSettings, MAX_ATTEMPTS, type RoleCredentials, type Sessions } from './sessions.ts';

export interface AwsClients {
  readonly ec2: EC2Client;
  readonly rds: RDSClient;
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly ecs: ECSClient;
  readonly opensearch: OpenSearchClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
  readonly 'cost-explorer': CostExplorerClient;
}
export type AwsService = keyof AwsClients;

interface ClientConfig {
  readonly region: string;
  readonly maxAttempts: number;
  readonly requestHandler: Sessions['sts']['config']['requestHandler'];
  readonly endpoint?: string;
  readonly credentials?: () => Promise<RoleCredentials>;
}

const constructors: { readonly [S in AwsService]: (config: ClientConfig) => AwsClients[S] } = {
  ec2: (config) => new EC2Client(config),
  rds: (config) => new RDSClient(config),
  // An emulator has no host name per bucket.
  s3: (config) => new S3Client({ ...config, forcePathStyle: config.endpoint !== undefined }),
  lambda: (config) => new LambdaClient(config),
  ecs: (config) => new ECSClient(config),
  opensearch: (config) => new OpenSearchClient(config),
  tagging: (config) => new ResourceGroupsTaggingAPIClient(config),
  'cost-explorer': (config) => new CostExplorerClient(config),
};

/** Enough for a few accounts in many regions; the least recently used ones are made again when needed. */
const KEPT = 400;

export interface ClientSource {
  get<S extends AwsService>(service: S, accountId: string, region: string): Promise<AwsClients[S]>;
}

export const createClients = (settings: AwsSettings, sessions: Sessions): ClientSource => {
  const kept: { readonly [S in AwsService]: LRUCache<string, AwsClients[S]> } = {
    ec2: new LRUCache({ max: KEPT }),
    rds: new LRUCache({ max: KEPT }),
    s3: new LRUCache({ max: KEPT }),
    lambda: new LRUCache({ max: KEPT }),
    ecs: new LRUCache({ max: KEPT }),
    opensearch: new LRUCache({ max: KEPT }),
    tagging: new LRUCache({ max: KEPT }),
    'cost-explorer': new LRUCache({ max: KEPT }),
  };
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
    get: async (service, accountId, region) => {
      const key = `${accountId} ${region}`;
      const known = kept[service].get(key);
      if (known) return known;
      const client = constructors[service](await configOf(accountId, region));
      kept[service].set(key, client);
      return client;
    },
  };
};
