import { S3Client } from '@aws-sdk/client-s3';
import { awsApi } from '../api.ts';

// An emulator has no host name per bucket.
export const s3Api = awsApi(
  's3',
  (config) => new S3Client({ ...config, forcePathStyle: config.endpoint !== undefined }),
);
