/** Makes the buckets of a stack in the emulator, with object lock where the stack asks for it. */
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Stack } from './stack.ts';

export const makeBuckets = async (stack: Stack, client: S3Client): Promise<void> => {
  for (const [name, block] of stack.all('aws_s3_bucket')) {
    const Bucket = stack.text(block.bucket);
    const ObjectLockEnabledForBucket = block.object_lock_enabled === true;
    await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket }));
    stack.known.set(`aws_s3_bucket.${name}.id`, Bucket);
  }
};
