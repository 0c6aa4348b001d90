/** The AWS provider of a stack, and those of further regions. */
import { AwsProvider, type AwsProviderConfig } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { DeploymentTarget } from './deployment.ts';

/** As the provider calls the services; every one that a module uses. */
const services = [
  'acm',
  'apigatewayv2',
  'applicationautoscaling',
  'autoscaling',
  'backup',
  'budgets',
  'ce',
  'cloudfront',
  'cloudtrail',
  'cloudwatch',
  'cloudwatchevents',
  'cloudwatchlogs',
  'cognitoidentity',
  'cognitoidp',
  'dynamodb',
  'ec2',
  'ecr',
  'ecs',
  'elasticache',
  'elbv2',
  'firehose',
  'guardduty',
  'iam',
  'kms',
  'lambda',
  'rds',
  'route53',
  's3',
  'scheduler',
  'secretsmanager',
  'servicediscovery',
  'sesv2',
  'sns',
  'sqs',
  'ssm',
  'sts',
  'wafv2',
  'xray',
] as const;

const local = {
  // Any pair will do: nothing checks them.
  accessKey: 'offline',
  secretKey: 'offline',
  skipCredentialsValidation: true,
  skipMetadataApiCheck: 'true',
  skipRegionValidation: true,
} as const satisfies AwsProviderConfig;

const configFor = (target: DeploymentTarget, region: string, accountId: string): AwsProviderConfig => {
  switch (target.kind) {
    case 'aws':
      return { region, allowedAccountIds: [accountId] };
    case 'offline':
      return { ...local, region, skipRequestingAccountId: true };
    case 'emulator':
      return {
        ...local,
        region,
        // Budgets and backup plans need an account id, which the emulator's STS tells.
        skipRequestingAccountId: false,
        s3UsePathStyle: true,
        maxRetries: 2,
        endpoints: [Object.fromEntries(services.map((service) => [service, target.url]))],
      };
  }
};

/** Gives the stack its provider. */
export const addProvider = (
  stack: TerraformStack,
  target: DeploymentTarget,
  region: string,
  accountId: string,
): AwsProvider => new AwsProvider(stack, 'aws', configFor(target, region, accountId));

/**
 * The provider of another region for a resource that must live there, such as a certificate for CloudFront; one a
 * stack. Undefined in the stack's own region, where resources take the default.
 */
export const providerIn = (
  scope: Construct,
  { target, region: own, settings }: { target: DeploymentTarget; region: string; settings: { account_id: string } },
  region: string,
): AwsProvider | undefined => {
  if (region === own) return undefined;
  const stack = TerraformStack.of(scope);
  const id = `aws-${region}`;
  const existing = stack.node.tryFindChild(id);
  if (existing instanceof AwsProvider) return existing;
  return new AwsProvider(stack, id, { ...configFor(target, region, settings.account_id), alias: region });
};
