/** The environment's buckets, as Terraform sees and sets them: without what is kept in them. */
import type { Statement } from '../roles/statement.ts';

const arn = (prefix: string): string => `arn:aws:s3:::${prefix}*`;
// A folder is an empty object whose key ends in a slash; data has no such key.
const folders = (prefix: string): string => `${arn(prefix)}/*/`;

/**
 * Before it reads a bucket's settings the provider asks whether it is there, which S3 allows only who may list it.
 * @param prefix start of the buckets' names
 */
export const bucketsSeen = (prefix: string): readonly Statement[] => [
  { sid: 'BucketsSee', actions: ['s3:ListBucket'], resources: [arn(prefix)] },
  { sid: 'FoldersSee', actions: ['s3:GetObject', 's3:GetObjectTagging'], resources: [folders(prefix)] },
];

export const bucketsManaged = (prefix: string): readonly Statement[] => [
  {
    sid: 'BucketsManage',
    actions: [
      's3:CreateBucket',
      's3:DeleteBucket',
      's3:DeleteBucketPolicy',
      's3:ListBucket',
      's3:ListBucketVersions',
      's3:PutBucket*',
      's3:PutEncryptionConfiguration',
      's3:PutLifecycleConfiguration',
      's3:TagResource',
      's3:UntagResource',
    ],
    resources: [arn(prefix)],
  },
  {
    sid: 'FoldersManage',
    actions: [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:GetObject',
      's3:GetObjectTagging',
      's3:PutObject',
      's3:PutObjectTagging',
    ],
    resources: [folders(prefix)],
  },
];
