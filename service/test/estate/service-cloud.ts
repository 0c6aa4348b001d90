/** One resource of each type, made in moto as an operator would make it, without tags but for a project's. */
import { APIGatewayClient, CreateRestApiCommand } from '@aws-sdk/client-api-gateway';
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CloudFrontClient, CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild';
import { CodePipelineClient, CreatePipelineCommand } from '@aws-sdk/client-codepipeline';
import { CognitoIdentityClient, CreateIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import { CognitoIdentityProviderClient, CreateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateClusterCommand, CreateNodegroupCommand, EKSClient } from '@aws-sdk/client-eks';
import { EMRClient, RunJobFlowCommand } from '@aws-sdk/client-emr';
import {
  CreateCrawlerCommand,
  CreateDatabaseCommand,
  CreateTableCommand as CreateGlueTableCommand,
  CreateJobCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateNotebookInstanceCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { home } from './moto-cloud.ts';

interface Config {
  readonly endpoint: string;
  readonly region: string;
}
type Make = (config: Config) => Promise<string | undefined>;

const role = `arn:aws:iam::${home}:role/runner`;
const arnOf = ({ region }: Config, service: string, resource: string) =>
  `arn:aws:${service}:${region}:${home}:${resource}`;

const gluedatabase = async (config: Config, Name: string) => {
  await new GlueClient(config).send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
};

const eksCluster = async (config: Config, name: string) => {
  const { cluster } = await new EKSClient(config).send(
    new CreateClusterCommand({ name, roleArn: role, resourcesVpcConfig: { subnetIds: ['subnet-1'] } }),
  );
  return cluster?.arn;
};

/** Answers the ARN. */
export const makers = {
  'dynamodb:table': async (config) => {
    const { TableDescription } = await new DynamoDBClient(config).send(
      new CreateTableCommand({
        TableName: 'orders',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    return TableDescription?.TableArn;
  },
  'kinesis:stream': async (config) => {
    // By its own choice the client speaks HTTP/2, which moto does not.
    const { requestHandler } = new SNSClient(config).config;
    await new KinesisClient({ ...config, requestHandler }).send(
      new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }),
    );
    return arnOf(config, 'kinesis', 'stream/clicks');
  },
  'athena:workgroup': async (config) => {
    await new AthenaClient(config).send(new CreateWorkGroupCommand({ Name: 'analysts' }));
    return arnOf(config, 'athena', 'workgroup/analysts');
  },
  'emr:cluster': async (config) => {
    const { ClusterArn } = await new EMRClient(config).send(
      new RunJobFlowCommand({
        Name: 'nightly',
        ServiceRole: 'EMR_DefaultRole',
        JobFlowRole: 'EMR_EC2_DefaultRole',
        Instances: {
          MasterInstanceType: 'm5.large',
          SlaveInstanceType: 'm5.large',
          InstanceCount: 2,
          KeepJobFlowAliveWhenNoSteps: true,
        },
      }),
    );
    return ClusterArn;
  },
  'glue:job': async (config) => {
    const glue = new GlueClient(config);
    await glue.send(new CreateJobCommand({ Name: 'load', Role: role, Command: { Name: 'glueetl' } }));
    return arnOf(config, 'glue', 'job/load');
  },
  'glue:crawler': async (config) => {
    const Targets = { S3Targets: [{ Path: 's3://example' }] };
    await new GlueClient(config).send(new CreateCrawlerCommand({ Name: 'walk', Role: role, Targets }));
    return arnOf(config, 'glue', 'crawler/walk');
  },
  'glue:database': async (config) => {
    await gluedatabase(config, 'lake');
    return arnOf(config, 'glue', 'database/lake');
  },
  'glue:table': async (config) => {
    await gluedatabase(config, 'pond');
    await new GlueClient(config).send(
      new CreateGlueTableCommand({ DatabaseName: 'pond', TableInput: { Name: 'fish' } }),
    );
    return arnOf(config, 'glue', 'table/pond/fish');
  },
  'apigateway:restapi': async (config) => {
    const { id } = await new APIGatewayClient(config).send(new CreateRestApiCommand({ name: 'front' }));
    return `arn:aws:apigateway:${config.region}::/restapis/${id}`;
  },
  'cognito-idp:userpool': async (config) => {
    const { UserPool } = await new CognitoIdentityProviderClient(config).send(
      new CreateUserPoolCommand({ PoolName: 'people' }),
    );
    return UserPool?.Arn;
  },
  'cognito-identity:identitypool': async (config) => {
    const { IdentityPoolId } = await new CognitoIdentityClient(config).send(
      new CreateIdentityPoolCommand({ IdentityPoolName: 'guests', AllowUnauthenticatedIdentities: true }),
    );
    return arnOf(config, 'cognito-identity', `identitypool/${IdentityPoolId}`);
  },
  'stepfunctions:statemachine': async (config) => {
    const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
    const { stateMachineArn } = await new SFNClient(config).send(
      new CreateStateMachineCommand({ name: 'flow', roleArn: role, definition }),
    );
    return stateMachineArn;
  },
  'sns:topic': async (config) => (await new SNSClient(config).send(new CreateTopicCommand({ Name: 'news' }))).TopicArn,
  'sqs:queue': async (config) => {
    await new SQSClient(config).send(new CreateQueueCommand({ QueueName: 'work' }));
    return arnOf(config, 'sqs', 'work');
  },
  'secretsmanager:secret': async (config) => {
    const secrets = new SecretsManagerClient(config);
    return (await secrets.send(new CreateSecretCommand({ Name: 'app/db', SecretString: 'x' }))).ARN;
  },
  'kms:key': async (config) => (await new KMSClient(config).send(new CreateKeyCommand())).KeyMetadata?.Arn,
  'codebuild:project': async (config) => {
    const { project } = await new CodeBuildClient(config).send(
      new CreateProjectCommand({
        name: 'builder',
        tags: [{ key: 'Team', value: 'tools' }],
        source: { type: 'S3', location: 'bucket/path/file.zip' },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: { type: 'LINUX_CONTAINER', image: 'x', computeType: 'BUILD_GENERAL1_SMALL' },
        serviceRole: `arn:aws:iam::${home}:role/service-role/runner`,
      }),
    );
    return project?.arn;
  },
  'codepipeline:pipeline': async (config) => {
    const action = (category: 'Source' | 'Build', provider: string, name: string) => ({
      name,
      actions: [{ name, actionTypeId: { category, owner: 'AWS' as const, provider, version: '1' } }],
    });
    const { Role } = await new IAMClient(config).send(
      new CreateRoleCommand({
        RoleName: 'releaser',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'codepipeline.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        }),
      }),
    );
    await new CodePipelineClient(config).send(
      new CreatePipelineCommand({
        pipeline: {
          name: 'release',
          roleArn: Role?.Arn,
          artifactStore: { type: 'S3', location: 'example' },
          stages: [action('Source', 'S3', 'source'), action('Build', 'CodeBuild', 'build')],
        },
      }),
    );
    return arnOf(config, 'codepipeline', 'release');
  },
  'ecs:task-definition': async (config) => {
    const { taskDefinition } = await new ECSClient(config).send(
      new RegisterTaskDefinitionCommand({
        family: 'worker',
        containerDefinitions: [{ name: 'worker', image: 'worker', memory: 64 }],
      }),
    );
    return taskDefinition?.taskDefinitionArn;
  },
  'eks:cluster': (config) => eksCluster(config, 'kube'),
  'eks:nodegroup': async (config) => {
    await eksCluster(config, 'grid');
    const { nodegroup } = await new EKSClient(config).send(
      new CreateNodegroupCommand({ clusterName: 'grid', nodegroupName: 'spot', nodeRole: role, subnets: ['subnet-1'] }),
    );
    return nodegroup?.nodegroupArn;
  },
  'cloudfront:distribution': async (config) => {
    const { Distribution } = await new CloudFrontClient(config).send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: 'one',
          Comment: '',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 'o',
                DomainName: 'example.com',
                CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
              },
            ],
          },
          DefaultCacheBehavior: { TargetOriginId: 'o', ViewerProtocolPolicy: 'https-only' },
        },
      }),
    );
    return `arn:aws:cloudfront::${home}:distribution/${Distribution?.Id}`;
  },
  'route53:hostedzone': async (config) => {
    const { HostedZone } = await new Route53Client(config).send(
      new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' }),
    );
    return `arn:aws:route53:::hostedzone/${HostedZone?.Id?.split('/').at(-1)}`;
  },
  'sagemaker:endpoint': async (config) => {
    const sagemaker = new SageMakerClient(config);
    await sagemaker.send(
      new CreateModelCommand({ ModelName: 'm', ExecutionRoleArn: role, PrimaryContainer: { Image: 'x' } }),
    );
    await sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: 'c',
        ProductionVariants: [
          {
            VariantName: 'v',
            ModelName: 'm',
            InitialInstanceCount: 1,
            InstanceType: 'ml.t2.medium',
            InitialVariantWeight: 1,
          },
        ],
      }),
    );
    const made = await sagemaker.send(new CreateEndpointCommand({ EndpointName: 'scores', EndpointConfigName: 'c' }));
    return made.EndpointArn;
  },
  'sagemaker:notebook-instance': async (config) => {
    const made = await new SageMakerClient(config).send(
      new CreateNotebookInstanceCommand({ NotebookInstanceName: 'notes', InstanceType: 'ml.t2.medium', RoleArn: role }),
    );
    return made.NotebookInstanceArn;
  },
} as const satisfies Readonly<Record<string, Make>>;
