/** A trail of the account's API calls in every region, its files signed so that a change shows. */
import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail/index.js';
import { Construct } from 'constructs';

export interface TrailProps {
  readonly name: string;
  /** Bucket whose policy lets CloudTrail write for this trail. */
  readonly bucket: string;
  /** Start of its keys there. */
  readonly prefix: string;
  /** Key to encrypt with; its policy must let CloudTrail in. Default: the bucket's own encryption. */
  readonly keyArn?: string | undefined;
}

export class Trail extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, bucket, prefix, keyArn }: TrailProps) {
    super(scope, id);
    const trail = new Cloudtrail(this, 'trail', {
      name,
      s3BucketName: bucket,
      s3KeyPrefix: prefix,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      ...(keyArn !== undefined && { kmsKeyId: keyArn }),
    });
    this.arn = trail.arn;
  }
}
