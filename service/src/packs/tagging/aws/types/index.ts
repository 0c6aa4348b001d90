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
} as const;

const loaders: Readonly<Record<TaggableType, Loader>> = {
  ...first,
  ...network,
};

/** The driver of a type. */
export const driverOf = (type: TaggableType): Promise<TypeDriver> => loaders[type]();

/** The driver of a type by its name; undefined for one that the service cannot read. */
export const driverNamed = async (name: string): Promise<TypeDriver | undefined> => {
  const type = taggableTypeNames.find((each) => each === name);
  return type === undefined ? undefined : driverOf(type);
};
