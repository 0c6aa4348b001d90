/** What the service's tools find in AWS, and what they have left there. */
import { DescribeTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListBucketsCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { createInstances } from '../../../service/test/estate/moto-cloud.ts';
import type { AwsConfig } from './aws-config.ts';

export interface Estate {
  /** Resources that lack an owner and nothing else. */
  readonly ownerless: number;
  readonly resources: number;
  /** Values of a tag on the instances of the account, as AWS has them. */
  values(tag: string): Promise<string[]>;
}

const complete = { CostCenter: 'platform', Environment: 'dev', Owner: 'ana@example.com' };

/** Gives the stack's own buckets, which are resources of the account too, the tags they need. @returns how many there are */
const tagBuckets = async (aws: AwsConfig): Promise<number> => {
  const client = new S3Client({ ...aws, forcePathStyle: true });
  const TagSet = Object.entries(complete).map(([Key, Value]) => ({ Key, Value }));
  const { Buckets = [] } = await client.send(new ListBucketsCommand());
  for (const { Name: Bucket } of Buckets)
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  client.destroy();
  return Buckets.length;
};

export const seedEstate = async (aws: AwsConfig): Promise<Estate> => {
  const { Owner: _, ...ownerless } = complete;
  await createInstances(aws, 3, ownerless);
  await createInstances(aws, 1, complete);
  return {
    ownerless: 3,
    resources: 4 + (await tagBuckets(aws)),
    values: async (tag) => {
      const client = new EC2Client(aws);
      const { Tags = [] } = await client.send(new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: [tag] }] }));
      client.destroy();
      return Tags.filter(({ ResourceType }) => ResourceType === 'instance').map(({ Value = '' }) => Value);
    },
  };
};
