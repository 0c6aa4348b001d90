/**
 * How a network without a way to the internet reaches each AWS service.
 */
import type { InterfaceEndpointService } from './settings/network.ts';

export interface ServiceAccess {
  readonly name: string;
  /** The interface endpoints it needs, all of them: the last part of `com.amazonaws.<region>.<endpoint>`. Empty: AWS offers none. */
  readonly endpoints: readonly InterfaceEndpointService[];
  /** A gateway endpoint, which every network has. */
  readonly gateway?: true;
  /** The only region of the partition aws that answers. Default: the service answers in every region. */
  readonly onlyIn?: string;
  /** Why endpoints do not do, where there is none. */
  readonly because?: string;
  readonly source: string;
}

/** Every service with an endpoint. */
export const endpointList = 'https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html';
const by = (name: string, ...endpoints: InterfaceEndpointService[]): ServiceAccess => ({
  name,
  endpoints,
  source: endpointList,
});
const gateway = (name: string): ServiceAccess => ({
  name,
  endpoints: [],
  gateway: true,
  source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html',
});

/** By the prefix of the service's IAM actions. A service that is not here counts as one without an endpoint. */
export const serviceAccess: Readonly<Record<string, ServiceAccess>> = {
  athena: by('Athena', 'athena'),
  bedrock: by('Bedrock', 'bedrock-agent'),
  ce: {
    ...by('Cost Explorer', 'ce'),
    onlyIn: 'us-east-1',
    source: 'https://docs.aws.amazon.com/general/latest/gr/billing.html',
  },
  cloudtrail: by('CloudTrail', 'cloudtrail'),
  cloudwatch: by('CloudWatch', 'monitoring'),
  codebuild: by('CodeBuild', 'codebuild'),
  codepipeline: by('CodePipeline', 'codepipeline'),
  'cognito-idp': {
    name: 'Cognito',
    endpoints: [],
    because: 'a user pool with a domain takes no requests through an endpoint',
    source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/vpc-interface-endpoints.html',
  },
  dynamodb: gateway('DynamoDB'),
  ec2: by('EC2', 'ec2'),
  ecr: {
    ...by('ECR', 'ecr.api', 'ecr.dkr'),
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html',
  },
  ecs: by('ECS', 'ecs'),
  eks: by('EKS', 'eks'),
  elasticache: by('ElastiCache', 'elasticache'),
  elasticfilesystem: by('EFS', 'elasticfilesystem'),
  elasticloadbalancing: by('Elastic Load Balancing', 'elasticloadbalancing'),
  elasticmapreduce: by('EMR', 'elasticmapreduce'),
  es: { ...by('OpenSearch'), because: 'its configuration API has no endpoint' },
  fsx: by('FSx', 'fsx'),
  glue: by('Glue', 'glue'),
  kinesis: by('Kinesis', 'kinesis-streams'),
  kms: by('KMS', 'kms'),
  lambda: by('Lambda', 'lambda'),
  logs: by('CloudWatch Logs', 'logs'),
  organizations: { ...by('Organizations', 'organizations'), onlyIn: 'us-east-1' },
  rds: by('RDS', 'rds'),
  redshift: by('Redshift', 'redshift'),
  s3: gateway('S3'),
  sagemaker: by('SageMaker', 'sagemaker.api'),
  secretsmanager: by('Secrets Manager', 'secretsmanager'),
  ses: {
    ...by('SES', 'email'),
    source: 'https://docs.aws.amazon.com/ses/latest/dg/send-email-set-up-vpc-endpoints.html',
  },
  sns: by('SNS', 'sns'),
  sqs: by('SQS', 'sqs'),
  ssm: by('Systems Manager', 'ssm'),
  ssmmessages: by('Session Manager', 'ssmmessages'),
  states: by('Step Functions', 'states'),
  sts: by('STS', 'sts'),
  tag: by('Resource Groups Tagging', 'tagging'),
  xray: by('X-Ray', 'xray'),
};

/** Services whose host name begins with another word than their IAM actions. */
const hosts: Readonly<Record<string, string>> = { email: 'ses', monitoring: 'cloudwatch', tagging: 'tag' };

/** The service and region behind a host of AWS, such as `sqs.eu-west-1.amazonaws.com`; undefined for any other host. */
export const serviceAt = (host: string): { readonly service: string; readonly region: string } | undefined => {
  const [, first = '', region = ''] =
    /^(?:[\w-]+\.dkr\.)?([\w-]+)\.([a-z]{2,}(?:-[a-z]+)+-\d+)\.amazonaws\.com(?:\.cn)?$/.exec(host) ?? [];
  const service = hosts[first] ?? first;
  return Object.hasOwn(serviceAccess, service) ? { service, region } : undefined;
};

/** Interface endpoints of services that answer in one region alone, with that region. */
export const endpointsOfOneRegion: ReadonlyMap<InterfaceEndpointService, string> = new Map(
  Object.values(serviceAccess).flatMap(({ endpoints, onlyIn }) =>
    onlyIn === undefined ? [] : endpoints.map((endpoint) => [endpoint, onlyIn] as const),
  ),
);
