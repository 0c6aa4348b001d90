/** Reports that people download through links that are valid for 24 hours. */
import { Construct } from 'constructs';
import { Bucket, type BucketProps } from './bucket.ts';

export type ExportBucketProps = Pick<BucketProps, 'name' | 'keyArn' | 'deletionProtection' | 'accessLogs'>;

export class ExportBucket extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ExportBucketProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'bucket', {
      ...props,
      address: 'bucket_exports',
      // S3 counts from the midnight after: an object is there for 24 to 48 hours, so no link outlives it.
      lifecycle: [{ id: 'exports', expireDays: 1 }],
    });
    this.name = bucket.name;
    this.arn = bucket.arn;
  }
}
