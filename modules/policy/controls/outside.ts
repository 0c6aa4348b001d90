/** Controls of the standard that no synthesized stack can pass or fail, and who keeps them instead. */

export interface OutsideControl {
  readonly id: string;
  readonly title: string;
  readonly keeper: string;
}

const perAccount =
  'One setting for the whole account and region, shared by every workload in it. An environment that set it would undo what the next one needs, so the owner of the account sets it.';
const people = 'Nothing here makes an IAM user or has the root user’s credentials: people and pipelines take roles.';

export const outsideControls: readonly OutsideControl[] = [
  ['Account.1', 'Security contact information should be provided for an AWS account', perAccount],
  [
    'ACM.1',
    'Imported and ACM-issued certificates should be renewed after a specified time period',
    'ACM renews certificates that it issued, as long as the validation records stay, which Terraform keeps. One given by certificate_arn is renewed by whoever imported it.',
  ],
  [
    'Backup.1',
    'AWS Backup recovery points should be encrypted at rest',
    'Recovery points have the key of the vault or of what was backed up; both are always encrypted.',
  ],
  ['Config.1', 'AWS Config should be enabled and use the service-linked role for resource recording', perAccount],
  [
    'EC2.1',
    'Amazon EBS snapshots should not be configured to be publicly restorable',
    'Nothing here makes snapshots of volumes.',
  ],
  [
    'EC2.4',
    'Stopped EC2 instances should be removed after a specified time period',
    'The Auto Scaling group replaces a stopped instance.',
  ],
  ['EC2.7', 'EBS default encryption should be enabled', perAccount],
  [
    'EC2.180',
    'EC2 network interfaces should have source/destination checking enabled',
    'It is on unless switched off, and nothing here forwards packets.',
  ],
  ['EC2.182', 'Block public access settings should be enabled for Amazon EBS snapshots', perAccount],
  ['IAM.2', 'IAM users should not have IAM policies attached', people],
  ['IAM.3', "IAM users' access keys should be rotated every 90 days or less", people],
  ['IAM.4', 'IAM root user access key should not exist', people],
  ['IAM.5', 'MFA should be enabled for all IAM users that have a console password', people],
  ['IAM.6', 'Hardware MFA should be enabled for the root user', people],
  ['IAM.7', 'Password policies for IAM users should have strong configurations', people],
  ['IAM.8', 'Unused IAM user credentials should be removed', people],
  ['Inspector.1', 'Amazon Inspector EC2 scanning should be enabled', perAccount],
  ['Inspector.2', 'Amazon Inspector ECR scanning should be enabled', perAccount],
  ['Inspector.3', 'Amazon Inspector Lambda code scanning should be enabled', perAccount],
  ['Inspector.4', 'Amazon Inspector Lambda standard scanning should be enabled', perAccount],
  [
    'KMS.3',
    'AWS KMS keys should not be deleted unintentionally',
    'A key that is removed waits 30 days, and the plan review asks for a label before it removes one.',
  ],
  ['Macie.1', 'Amazon Macie should be enabled', perAccount],
  ['Macie.2', 'Macie automated sensitive data discovery should be enabled', perAccount],
  ['RDS.1', 'RDS snapshot should be private', 'Nothing here shares a snapshot, and the apply role may not.'],
  [
    'RDS.4',
    'RDS cluster snapshots and database snapshots should be encrypted at rest',
    'A snapshot has the encryption of its database, which RDS.3 is about.',
  ],
  ['S3.1', 'S3 general purpose buckets should have block public access settings enabled', perAccount],
  [
    'SecretsManager.2',
    'Secrets Manager secrets configured with automatic rotation should rotate successfully',
    'The database’s secret alone rotates by itself, and RDS tells of a failure as an event of the instance.',
  ],
  [
    'SecretsManager.3',
    'Remove unused Secrets Manager secrets',
    'Each secret here is one that the service or its image reads when it starts. `npm run secrets` lists them.',
  ],
  [
    'SSM.1',
    'Amazon EC2 instances should be managed by AWS Systems Manager',
    'With compute_mode ec2, instances register by their role when they start.',
  ],
  [
    'SSM.2',
    'Amazon EC2 instances managed by Systems Manager should have a patch compliance status of COMPLIANT after a patch installation',
    'Instances are replaced by a newer image, not patched.',
  ],
  [
    'SSM.3',
    'Amazon EC2 instances managed by Systems Manager should have an association compliance status of COMPLIANT',
    'Nothing here associates a document with instances.',
  ],
  ['SSM.6', 'SSM Automation should have CloudWatch logging enabled', perAccount],
  ['SSM.7', 'SSM documents should have the block public sharing setting enabled', perAccount],
].map(([id = '', title = '', keeper = '']) => ({ id, title, keeper }));

/** Controls of kinds of resources that nothing here makes, in services of which it makes others. */
export const unusedKinds: readonly { readonly kind: string; readonly ids: readonly string[] }[] = [
  ['REST and WebSocket APIs', 'APIGateway', [1, 2, 3, 4, 5]],
  ['Launch configurations', 'AutoScaling', [3, 5]],
  ['S3 origins, function URLs, signed URLs', 'CloudFront', [1, 12, 13, 16, 17]],
  ['DynamoDB Accelerator', 'DynamoDB', [3, 7]],
  ['VPN, transit gateways, Spot Fleet', 'EC2', [20, 23, 51, 171, 173, 183]],
  ['Task sets, EFS volumes, own capacity providers, Windows', 'ECS', [16, 18, 19, 21]],
  ['Redis before 6.0', 'ElastiCache', [6]],
  ['Classic Load Balancers', 'ELB', [2, 3, 7, 8, 9, 10, 14]],
  ['Clusters of databases', 'RDS', [7, 12, 14, 15, 16, 19, 24, 27, 34, 35, 37, 45, 47, 48, 50]],
  ['Engines besides PostgreSQL, proxies', 'RDS', [40, 41, 42, 43, 44]],
  ['Access points, directory buckets', 'S3', [19, 24, 25]],
  ['Documents of Systems Manager', 'SSM', [4]],
  ['WAF Classic', 'WAF', [1, 2, 3, 4, 6, 7, 8]],
].map(([kind, service, numbers]) => ({
  kind: String(kind),
  ids: (numbers as number[]).map((number) => `${service}.${number}`),
}));

/** Services of the standard of which nothing here makes a resource that it judges. */
export const unusedServices: readonly string[] = [
  'AppSync',
  'Athena',
  'BedrockAgentCore',
  'CloudFormation',
  'CodeBuild',
  'Connect',
  'DataSync',
  'DMS',
  'DocumentDB',
  'EFS',
  'EKS',
  'ElasticBeanstalk',
  'EMR',
  'ES',
  'EventBridge (own event buses)',
  'FSx',
  'Glue',
  'Kinesis (data streams)',
  'MQ',
  'MSK',
  'Neptune',
  'NetworkFirewall',
  'Opensearch',
  'PCA',
  'Redshift',
  'RedshiftServerless',
  'SageMaker',
  'ServiceCatalog',
  'StepFunctions',
  'Transfer',
  'WorkSpaces',
];
