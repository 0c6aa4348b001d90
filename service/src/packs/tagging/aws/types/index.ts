/** The drivers of all types the service can read and tag. */
import type { TaggableType } from '../../../../../../contracts/packs/tagging.ts';
import type { TypeDriver } from './driver.ts';
import { ec2Instance } from './ec2-instance.ts';
import { ecsCluster, ecsService } from './ecs.ts';
import { lambdaFunction } from './lambda-function.ts';
import { opensearchDomain } from './opensearch-domain.ts';
import { rdsDb } from './rds-db.ts';
import { s3Bucket } from './s3-bucket.ts';

export const drivers: Readonly<Record<TaggableType, TypeDriver>> = {
  'ec2:instance': ec2Instance,
  'rds:db': rdsDb,
  's3:bucket': s3Bucket,
  'lambda:function': lambdaFunction,
  'ecs:cluster': ecsCluster,
  'ecs:service': ecsService,
  'opensearch:domain': opensearchDomain,
};
