/** What becomes of a bucket's objects as they age. */
import type { S3BucketLifecycleConfigurationRule } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';

type StorageClass = 'STANDARD_IA' | 'GLACIER' | 'GLACIER_IR';

/** All ages in days. */
export interface LifecycleRule {
  readonly id: string;
  /** Of which objects. Default: all. */
  readonly prefix?: string;
  /** To cheaper classes, the sooner first. */
  readonly transitions?: readonly { readonly days: number; readonly to: StorageClass }[];
  readonly expireDays?: number;
  /** After which what was overwritten or deleted is gone for good. */
  readonly expireOldVersionsDays?: number;
  /** Removes the mark that a deleted object leaves once its last version is gone: S3 lists slowly past many. Not with expireDays. */
  readonly removeMarks?: boolean;
  readonly abortUploadDays?: number;
}

export const inTerraform = (rule: LifecycleRule): S3BucketLifecycleConfigurationRule => {
  const { id, prefix = '', transitions = [], expireDays, expireOldVersionsDays, removeMarks, abortUploadDays } = rule;
  return {
    id,
    status: 'Enabled',
    filter: [{ prefix }],
    ...(transitions.length > 0 && {
      transition: transitions.map(({ days, to }) => ({ days, storageClass: to })),
    }),
    ...(expireDays !== undefined && { expiration: [{ days: expireDays }] }),
    ...(removeMarks === true && { expiration: [{ expiredObjectDeleteMarker: true }] }),
    ...(expireOldVersionsDays !== undefined && {
      noncurrentVersionExpiration: [{ noncurrentDays: expireOldVersionsDays }],
    }),
    ...(abortUploadDays !== undefined && {
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: abortUploadDays }],
    }),
  };
};
