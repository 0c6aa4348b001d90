/** Which cost pool each service name of Cost Explorer feeds, and which resource types a pool pays for. */
import type { ResourceType } from '../estate/resource-types.ts';

/**
 * Costs are pooled per service, not per type: volumes, snapshots, NAT gateways and addresses all share "EC2 - Other".
 * Names vary between accounts and over time, so a pool lists every spelling known.
 */
const pools = {
  'ec2-compute': { services: ['Amazon Elastic Compute Cloud - Compute'], types: ['ec2:instance'] },
  'ec2-other': {
    services: ['EC2 - Other'],
    types: ['ec2:volume', 'ec2:elastic-ip', 'ec2:snapshot', 'ec2:natgateway'],
  },
  rds: { services: ['Amazon Relational Database Service'], types: ['rds:db', 'rds:cluster'] },
  s3: { services: ['Amazon Simple Storage Service'], types: ['s3:bucket'] },
  lambda: { services: ['AWS Lambda'], types: ['lambda:function'] },
  ecs: {
    services: ['Amazon Elastic Container Service', 'Amazon EC2 Container Service'],
    types: ['ecs:cluster', 'ecs:service', 'ecs:task-definition'],
  },
  opensearch: {
    services: ['Amazon OpenSearch Service', 'Amazon Elasticsearch Service'],
    types: ['opensearch:domain'],
  },
} as const satisfies Record<string, { services: readonly string[]; types: readonly ResourceType[] }>;

export type Pool = keyof typeof pools;
export const poolNames = Object.keys(pools) as Pool[];

const poolByService = new Map<string, Pool>(
  poolNames.flatMap((pool) => pools[pool].services.map((service) => [service, pool] as const)),
);
const poolByType = new Map<ResourceType, Pool>(
  poolNames.flatMap((pool) => pools[pool].types.map((type) => [type, pool] as const)),
);

/** Spend no tag could ever attribute. Matched from the start of the service name, or anywhere for Bedrock's models. */
const unattributable = [
  /^Tax$/i,
  /^AWS (Premium |Developer |Business |Enterprise )?Support/i,
  /^(AWS |Amazon )?Support\b/i,
  /^AWS Cost Explorer$/i,
  /^AWS Marketplace/i,
  /^(AWS )?Data Transfer$/i,
  /\(Amazon Bedrock Edition\)$/i,
  /DNS Firewall/i,
];

export const isUnattributable = (service: string): boolean => unattributable.some((name) => name.test(service));
/** The pool a service name feeds; undefined for a service this table does not know. */
export const poolOfService = (service: string): Pool | undefined => poolByService.get(service);
export const poolOfType = (type: ResourceType): Pool | undefined => poolByType.get(type);
