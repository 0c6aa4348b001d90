/** A small cloud in moto: every type the pack tags, in two accounts and two regions. */
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateDomainCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { CreateDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

export const home = '123456789012';
export const member = '234567890123';
export const east = 'us-east-1';
export const west = 'eu-west-1';

/** Credentials of the service's own role; moto accepts any. */
export const useTestCredentials = (): void => {
  process.env.AWS_ACCESS_KEY_ID = 'testing';
  process.env.AWS_SECRET_ACCESS_KEY = 'testing';
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
};

interface Config {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

export const configFor = async (endpoint: string, accountId: string, region: string): Promise<Config> => {
  if (accountId === home) return { endpoint, region };
  const { Credentials: given } = await new STSClient({ endpoint, region }).send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/Setup`, RoleSessionName: 'setup' }),
  );
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
  } = given ?? {};
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey, sessionToken } };
};

/** moto wants the role of a function to exist. */
const createRole = async (endpoint: string): Promise<string> => {
  const policy = encodeURIComponent('{"Version":"2012-10-17","Statement":[]}');
  await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${east}/iam/aws4_request, SignedHeaders=host, Signature=x`,
    },
    body: `Action=CreateRole&RoleName=runner&AssumeRolePolicyDocument=${policy}&Version=2010-05-08`,
  });
  return `arn:aws:iam::${home}:role/runner`;
};

export const createInstances = async (
  config: Config,
  count: number,
  tags: Record<string, string> = {},
): Promise<string[]> => {
  const { Instances = [] } = await new EC2Client(config).send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: count,
      MaxCount: count,
      ...(Object.keys(tags).length === 0
        ? {}
        : {
            TagSpecifications: [
              { ResourceType: 'instance', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
            ],
          }),
    }),
  );
  return Instances.flatMap((each) => each.InstanceId ?? []);
};

export const createFunctions = async (config: Config, names: readonly string[], Tags: Record<string, string> = {}) => {
  const Role = await createRole(config.endpoint);
  const lambda = new LambdaClient(config);
  // The shortest archive there is: the end record of an empty one.
  const ZipFile = Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex');
  for (const FunctionName of names)
    await lambda.send(
      new CreateFunctionCommand({ FunctionName, Role, Runtime: 'nodejs20.x', Handler: 'x.y', Code: { ZipFile }, Tags }),
    );
};

export const createBucket = async (config: Config, name: string): Promise<void> => {
  const { region } = config;
  await new S3Client({ ...config, forcePathStyle: true }).send(
    new CreateBucketCommand({
      Bucket: name,
      ...(region === west ? { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } } : {}),
    }),
  );
};

export const createDatabase = async (config: Config, id: string, tags: Record<string, string> = {}): Promise<void> => {
  await new RDSClient(config).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      DBInstanceClass: 'db.t3.micro',
      Engine: 'postgres',
      MasterUsername: 'someone',
      MasterUserPassword: 'something-long',
      AllocatedStorage: 20,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
};

export const createContainers = async (config: Config, cluster: string, services: readonly string[]): Promise<void> => {
  const ecs = new ECSClient(config);
  await ecs.send(
    new CreateClusterCommand({ clusterName: cluster, tags: [{ key: 'Owner', value: 'containers@example.com' }] }),
  );
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'app',
      containerDefinitions: [{ name: 'app', image: 'app', memory: 64 }],
    }),
  );
  for (const serviceName of services)
    await ecs.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: 'app', desiredCount: 0 }));
};

export const createDomain = async (config: Config, name: string): Promise<void> => {
  await new OpenSearchClient(config).send(new CreateDomainCommand({ DomainName: name }));
};
