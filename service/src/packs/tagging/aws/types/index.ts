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

const loaders: Readonly<Record<TaggableType, Loader>> = {
  ...first,
  ...network,
  ...storage,
  ...databases,
  ...traffic,
  ...watching,
};

/** The driver of a type. */
export const driverOf = (type: TaggableType): Promise<TypeDriver> => loaders[type]();

/** The driver of a type by its name; undefined for one that the service cannot read. */
export const driverNamed = async (name: string): Promise<TypeDriver | undefined> => {
  const type = taggableTypeNames.find((each) => each === name);
  return type === undefined ? undefined : driverOf(type);
};
