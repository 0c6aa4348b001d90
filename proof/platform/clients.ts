/** Clients of the AWS API, at a stand-in's address. */
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export const clientsOf = (endpoint: string, region: string) => {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const at = { endpoint, region, credentials };
  return {
    api: new ApiGatewayV2Client(at),
    scaling: new ApplicationAutoScalingClient(at),
    groups: new AutoScalingClient(at),
    cloudwatch: new CloudWatchClient(at),
    logs: new CloudWatchLogsClient(at),
    cognito: new CognitoIdentityProviderClient(at),
    dynamodb: new DynamoDBClient(at),
    ec2: new EC2Client(at),
    ecs: new ECSClient(at),
    balancing: new ElasticLoadBalancingV2Client(at),
    lambda: new LambdaClient(at),
    rds: new RDSClient(at),
    s3: new S3Client({ ...at, forcePathStyle: true }),
    secrets: new SecretsManagerClient(at),
  };
};
export type Clients = ReturnType<typeof clientsOf>;

/** All items of a listing that comes in pages. */
export const all = async <Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> => {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
};

/** The answer, or undefined where AWS says that there is none. */
export const unless = <T>(code: string, answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof Error && error.name === code) return undefined;
    throw error;
  });
