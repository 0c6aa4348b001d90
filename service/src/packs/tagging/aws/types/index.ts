/** The drivers of all types the service can read and tag, each loaded with its SDK when it is first needed. */
import type { TaggableType } from '../../../../../../contracts/packs/tagging.ts';
import { taggableTypeNames } from '../../../../../../contracts/packs/tagging.ts';
import type { TypeDriver } from './driver.ts';

type Loader = () => Promise<TypeDriver>;

const first = {
  'ec2:instance': async () => (await import('./ec2-instance.ts')).ec2Instance,
  'rds:db': async () => (await import('./rds.ts')).rdsDb,
  's3:bucket': async () => (await import('./s3-bucket.ts')).s3Bucket,
  'lambda:function': async () => (await import('./lambda-function.ts')).lambdaFunction,
  'ecs:cluster': async () => (await import('./ecs.ts')).ecsCluster,
  'ecs:service': async () => (await import('./ecs.ts')).ecsService,
  'opensearch:domain': async () => (await import('./opensearch-domain.ts')).opensearchDomain,
} as const;

const network = {
  'ec2:volume': async () => (await import('./ec2.ts')).ec2Volume,
  'ec2:snapshot': async () => (await import('./ec2.ts')).ec2Snapshot,
  'ec2:elastic-ip': async () => (await import('./ec2.ts')).ec2ElasticIp,
  'ec2:natgateway': async () => (await import('./ec2.ts')).ec2NatGateway,
  'ec2:vpc': async () => (await import('./ec2.ts')).ec2Vpc,
  'ec2:subnet': async () => (await import('./ec2.ts')).ec2Subnet,
  'ec2:security-group': async () => (await import('./ec2.ts')).ec2SecurityGroup,
} as const;

const storage = {
  'elasticfilesystem:file-system': async () => (await import('./efs.ts')).efsFileSystem,
  'fsx:file-system': async () => (await import('./fsx.ts')).fsxFileSystem,
  'ecr:repository': async () => (await import('./ecr.ts')).ecrRepository,
} as const;

const databases = {
  'rds:cluster': async () => (await import('./rds.ts')).rdsCluster,
  'redshift:cluster': async () => (await import('./redshift.ts')).redshiftCluster,
  'elasticache:cluster': async () => (await import('./elasticache.ts')).cacheCluster,
  'elasticache:replicationgroup': async () => (await import('./elasticache.ts')).replicationGroup,
} as const;

const traffic = {
  'elasticloadbalancing:loadbalancer': async () => (await import('./elb.ts')).loadBalancer,
  'elasticloadbalancing:targetgroup': async () => (await import('./elb.ts')).targetGroup,
} as const;

const watching = {
  'logs:log-group': async () => (await import('./logs.ts')).logGroup,
  'cloudwatch:alarm': async () => (await import('./cloudwatch.ts')).cloudwatchAlarm,
} as const;

const analytics = {
  'dynamodb:table': async () => (await import('./dynamodb.ts')).dynamodbTable,
  'kinesis:stream': async () => (await import('./kinesis.ts')).kinesisStream,
  'athena:workgroup': async () => (await import('./athena.ts')).athenaWorkgroup,
  'emr:cluster': async () => (await import('./emr.ts')).emrCluster,
  'glue:job': async () => (await import('./glue.ts')).glueJob,
  'glue:crawler': async () => (await import('./glue.ts')).glueCrawler,
  'glue:database': async () => (await import('./glue.ts')).glueDatabase,
  'glue:table': async () => (await import('./glue.ts')).glueTable,
} as const;

const applications = {
  'apigateway:restapi': async () => (await import('./apigateway.ts')).restApi,
  'cognito-idp:userpool': async () => (await import('./cognito.ts')).userPool,
  'cognito-identity:identitypool': async () => (await import('./cognito.ts')).identityPool,
  'stepfunctions:statemachine': async () => (await import('./stepfunctions.ts')).stateMachine,
  'sns:topic': async () => (await import('./sns.ts')).snsTopic,
  'sqs:queue': async () => (await import('./sqs.ts')).sqsQueue,
  'secretsmanager:secret': async () => (await import('./secretsmanager.ts')).storedSecret,
  'kms:key': async () => (await import('./kms.ts')).kmsKey,
} as const;

const delivery = {
  'codebuild:project': async () => (await import('./codebuild.ts')).codebuildProject,
  'codepipeline:pipeline': async () => (await import('./codepipeline.ts')).pipeline,
  'ecs:task-definition': async () => (await import('./ecs-task-definition.ts')).ecsTaskDefinition,
  'eks:cluster': async () => (await import('./eks.ts')).eksCluster,
  'eks:nodegroup': async () => (await import('./eks.ts')).eksNodegroup,
  'cloudfront:distribution': async () => (await import('./cloudfront.ts')).distribution,
  'route53:hostedzone': async () => (await import('./route53.ts')).hostedZone,
} as const;

const models = {
  'sagemaker:endpoint': async () => (await import('./sagemaker.ts')).sagemakerEndpoint,
  'sagemaker:notebook-instance': async () => (await import('./sagemaker.ts')).notebookInstance,
  'bedrock:agent': async () => (await import('./bedrock.ts')).bedrockAgent,
  'bedrock:knowledge-base': async () => (await import('./bedrock.ts')).knowledgeBase,
} as const;

const loaders: Readonly<Record<TaggableType, Loader>> = {
  ...first,
  ...network,
  ...storage,
  ...databases,
  ...traffic,
  ...watching,
  ...analytics,
  ...applications,
  ...delivery,
  ...models,
};

/** The driver of a type. */
export const driverOf = (type: TaggableType): Promise<TypeDriver> => loaders[type]();

/** The driver of a type by its name; undefined for one that the service cannot read. */
export const driverNamed = async (name: string): Promise<TypeDriver | undefined> => {
  const type = taggableTypeNames.find((each) => each === name);
  return type === undefined ? undefined : driverOf(type);
};
