/** Which cost pool each service name of Cost Explorer feeds, and which resource types a pool pays for. */
import type { ResourceType } from '../estate/resource-types.ts';

/**
 * Costs are pooled per service, not per type: volumes, snapshots, NAT gateways and addresses all share "EC2 - Other".
 * Names vary between accounts and over time, so a pool lists every spelling known. Types that cost nothing by themselves,
 * such as target groups and tables of Glue, are in no pool: what such a service costs is unmapped.
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
  eks: {
    services: ['Amazon Elastic Kubernetes Service', 'Amazon Elastic Container Service for Kubernetes'],
    // Node groups are instances, and billed as those.
    types: ['eks:cluster'],
  },
  opensearch: {
    services: ['Amazon OpenSearch Service', 'Amazon Elasticsearch Service'],
    types: ['opensearch:domain'],
  },
  apigateway: { services: ['Amazon API Gateway'], types: ['apigateway:restapi'] },
  bedrock: { services: ['Amazon Bedrock'], types: ['bedrock:agent', 'bedrock:knowledge-base'] },
  cloudfront: { services: ['Amazon CloudFront'], types: ['cloudfront:distribution'] },
  codebuild: { services: ['CodeBuild', 'AWS CodeBuild'], types: ['codebuild:project'] },
  codepipeline: { services: ['AWS CodePipeline'], types: ['codepipeline:pipeline'] },
  cognito: { services: ['Amazon Cognito'], types: ['cognito-idp:userpool', 'cognito-identity:identitypool'] },
  dynamodb: { services: ['Amazon DynamoDB'], types: ['dynamodb:table'] },
  elasticache: {
    services: ['Amazon ElastiCache'],
    types: ['elasticache:cluster', 'elasticache:replicationgroup'],
  },
  efs: { services: ['Amazon Elastic File System'], types: ['elasticfilesystem:file-system'] },
  elb: {
    services: ['Amazon Elastic Load Balancing', 'Elastic Load Balancing'],
    types: ['elasticloadbalancing:loadbalancer'],
  },
  emr: { services: ['Amazon Elastic MapReduce', 'Amazon EMR'], types: ['emr:cluster'] },
  fsx: { services: ['Amazon FSx'], types: ['fsx:file-system'] },
  glue: { services: ['AWS Glue'], types: ['glue:crawler', 'glue:job'] },
  kinesis: { services: ['Amazon Kinesis', 'Amazon Kinesis Data Streams'], types: ['kinesis:stream'] },
  kms: { services: ['AWS Key Management Service'], types: ['kms:key'] },
  redshift: { services: ['Amazon Redshift'], types: ['redshift:cluster'] },
  route53: { services: ['Amazon Route 53'], types: ['route53:hostedzone'] },
  sagemaker: { services: ['Amazon SageMaker'], types: ['sagemaker:endpoint', 'sagemaker:notebook-instance'] },
  secretsmanager: { services: ['AWS Secrets Manager'], types: ['secretsmanager:secret'] },
  stepfunctions: { services: ['AWS Step Functions'], types: ['stepfunctions:statemachine'] },
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
/** What people know a pool by: the newest name that its service is billed under. */
export const serviceOfPool = (pool: Pool): string => pools[pool].services[0];
