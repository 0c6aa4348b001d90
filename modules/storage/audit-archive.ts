/** What must be there later: exports of the audit log and old logs. Nothing in it can be overwritten or deleted early. */
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js';
import { Construct } from 'constructs';
import { Bucket, type BucketProps } from './bucket.ts';

export interface AuditArchiveProps extends Pick<BucketProps, 'name' | 'keyArn' | 'deletionProtection' | 'accessLogs'> {
  /** Days in which an object can be deleted only by who may bypass governance. */
  readonly lockDays: number;
}

export class AuditArchive extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AuditArchiveProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'bucket', {
      ...props,
      address: 'bucket_archive',
      locked: true,
      // GLACIER_IR is read at once. Nothing expires: when an archive may go is for people to decide.
      lifecycle: [
        {
          id: 'archive',
          transitions: [
            { days: 30, to: 'STANDARD_IA' },
            { days: 90, to: 'GLACIER_IR' },
          ],
        },
      ],
    });
    new S3BucketObjectLockConfigurationA(this, 'lock', {
      bucket: bucket.name,
      rule: { defaultRetention: { mode: 'GOVERNANCE', days: props.lockDays } },
      dependsOn: bucket.versioning && [bucket.versioning],
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
  }
}
