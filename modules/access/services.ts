/** What Terraform reads and manages, service by service, as IAM spells them. What is people's or programs' data is in neither. */

interface ServiceAccess {
  /** Actions of a plan, without the service's prefix. */
  readonly read: readonly string[];
  /** Actions of an apply besides, on everything the service has. Default: all. */
  readonly manage?: readonly string[];
}

const usual: ServiceAccess = { read: ['Describe*', 'Get*', 'List*'] };
/** Get* of these would hand out what they keep. */
const describing: ServiceAccess = { read: ['Describe*', 'List*'] };

export const services: Readonly<Record<string, ServiceAccess>> = {
  acm: usual,
  apigateway: { read: ['GET'] },
  'application-autoscaling': describing,
  autoscaling: describing,
  backup: usual,
  'backup-storage': usual,
  budgets: { read: ['Describe*', 'ListTagsForResource', 'ViewBudget'] },
  // The weekly cost report asks what was spent and what is forecast.
  ce: {
    read: [
      'DescribeCostCategoryDefinition',
      'GetAnomaly*',
      'GetCostAndUsage',
      'GetCostForecast',
      'ListTagsForResource',
    ],
  },
  // Cloud Control makes what the provider has no resource for.
  cloudformation: {
    read: ['DescribeType', 'GetResource*'],
    manage: ['CreateResource', 'DeleteResource', 'UpdateResource'],
  },
  cloudfront: usual,
  cloudtrail: { read: ['Describe*', 'GetEventSelectors', 'GetInsightSelectors', 'GetTrail*', 'ListTags'] },
  cloudwatch: { read: ['Describe*', 'GetDashboard', 'ListTagsForResource'] },
  'cognito-identity': { read: ['DescribeIdentityPool', 'GetIdentityPoolRoles', 'ListTagsForResource'] },
  'cognito-idp': {
    read: [
      'Describe*',
      'GetGroup',
      'GetUserPoolMfaConfig',
      'ListGroups',
      'ListResourceServers',
      'ListTagsForResource',
      'ListUserPoolClients',
    ],
  },
  dynamodb: describing,
  ec2: { read: ['Describe*', 'GetSecurityGroupsForVpc'] },
  ecr: { read: ['DescribeRepositories', 'GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource'] },
  ecs: describing,
  elasticache: describing,
  elasticloadbalancing: describing,
  es: describing,
  events: describing,
  firehose: describing,
  guardduty: usual,
  iam: { read: ['Get*', 'List*'], manage: [] },
  kms: { read: ['Describe*', 'GetKeyPolicy', 'GetKeyRotationStatus', 'List*'] },
  lambda: usual,
  // Deliveries are settings; other Get* of logs hands out records.
  logs: { read: ['Describe*', 'GetDelivery*', 'ListTagsForResource', 'ListTagsLogGroup'] },
  rds: describing,
  route53: usual,
  s3: {
    read: [
      'GetAccelerateConfiguration',
      'GetBucket*',
      'GetEncryptionConfiguration',
      'GetLifecycleConfiguration',
      'GetReplicationConfiguration',
      'ListTagsForResource',
    ],
    manage: [],
  },
  scheduler: usual,
  secretsmanager: { read: ['DescribeSecret', 'GetResourcePolicy', 'ListSecrets'] },
  servicediscovery: usual,
  ses: { read: ['GetConfigurationSet*', 'GetEmailIdentity*', 'ListTagsForResource'] },
  sns: { read: ['Get*', 'List*'] },
  sqs: { read: ['GetQueueAttributes', 'GetQueueUrl', 'ListQueueTags'] },
  ssm: { read: ['Describe*', 'ListTagsForResource'] },
  wafv2: usual,
  xray: { read: ['GetGroup*', 'GetSamplingRules', 'ListTagsForResource'] },
};

const named = (service: string, actions: readonly string[]): string[] =>
  actions.map((action) => `${service}:${action}`);

export const readActions: readonly string[] = Object.entries(services).flatMap(([service, { read }]) =>
  named(service, read),
);

export const manageActions: readonly string[] = Object.entries(services).flatMap(([service, { manage = ['*'] }]) =>
  named(service, manage),
);

/** Values, rows, messages, people: nothing that a plan or an apply has to see or change. */
export const dataActions: readonly string[] = [
  'cognito-idp:Admin*',
  'cognito-idp:ListUsers*',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PartiQL*',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
  'dynamodb:UpdateItem',
  'ecs:ExecuteCommand',
  'logs:FilterLogEvents',
  'logs:GetLogEvents',
  'logs:StartLiveTail',
  'logs:StartQuery',
  'secretsmanager:BatchGetSecretValue',
  'secretsmanager:GetSecretValue',
  'secretsmanager:PutSecretValue',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
  'ssm:GetParameter*',
  'ssm:SendCommand',
  'ssm:StartSession',
];
