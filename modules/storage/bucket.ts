/** A private, encrypted bucket that is reached over TLS alone. */
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { Construct } from 'constructs';
import { inTerraform, type LifecycleRule } from './lifecycle.ts';

export interface BucketProps {
  /** Unique in the world. */
  readonly name: string;
  /** Keeps its address whatever the code around it becomes: `bucket_data`. */
  readonly address: string;
  /** Key to encrypt with. Default: one that S3 manages. */
  readonly keyArn?: string | undefined;
  /** Keeps what is overwritten or deleted. Default: false. */
  readonly versioned?: boolean;
  /** Made with object lock, which implies versions and cannot be switched off again. Default: false. */
  readonly locked?: boolean;
  /** What becomes of objects, besides unfinished uploads, which go after 7 days. */
  readonly lifecycle?: readonly LifecycleRule[];
  /** Whether a destroy refuses while there are objects in it. */
  readonly deletionProtection: boolean;
  /** Statements of its policy, for its ARN. */
  readonly grants?: (arn: string) => readonly DataAwsIamPolicyDocumentStatement[];
  /** Bucket that each request is logged to, and the prefix of those logs. */
  readonly accessLogs?: { readonly bucket: string; readonly prefix: string } | undefined;
}

const onlyTls = (arn: string): DataAwsIamPolicyDocumentStatement => ({
  sid: 'OnlyTls',
  effect: 'Deny',
  principals: [{ type: 'AWS', identifiers: ['*'] }],
  actions: ['s3:*'],
  resources: [arn, `${arn}/*`],
  condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
});

const abortUploads: LifecycleRule = { id: 'unfinished-uploads', abortUploadDays: 7 };

export class Bucket extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly resource: S3Bucket;
  /** For what takes versions. */
  readonly versioning: S3BucketVersioningA | undefined;
  /** For writers that are refused until it is there. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { name, address, versioned = false, locked = false, deletionProtection } = props;
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: name,
      forceDestroy: !deletionProtection,
      ...(locked && { objectLockEnabled: true }),
    });
    bucket.overrideLogicalId(address);
    this.name = bucket.id;
    this.arn = bucket.arn;
    this.resource = bucket;
    this.policy = this.#protect(props);
    this.versioning =
      versioned || locked
        ? new S3BucketVersioningA(this, 'versioning', {
            bucket: bucket.id,
            versioningConfiguration: { status: 'Enabled' },
          })
        : undefined;
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.id,
      rule: this.#rules(props),
      // S3 refuses rules for versions of a bucket that has none yet.
      dependsOn: this.versioning && [this.versioning],
    });
  }

  #rules({ lifecycle = [] }: BucketProps): S3BucketLifecycleConfigurationRule[] {
    return [abortUploads, ...lifecycle].map(inTerraform);
  }

  #protect({ keyArn, grants = () => [], accessLogs }: BucketProps): S3BucketPolicy {
    const bucket = this.resource.id;
    const access = new S3BucketPublicAccessBlock(this, 'public-access', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    // Access by policies alone: no object has an ACL.
    new S3BucketOwnershipControls(this, 'ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        keyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : {
              applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
              // One call to KMS for many objects.
              bucketKeyEnabled: true,
            },
      ],
    });
    const policy = new DataAwsIamPolicyDocument(this, 'policy', {
      statement: [onlyTls(this.arn), ...grants(this.arn)],
    });
    // S3 answers 409 while the other change is going on.
    const applied = new S3BucketPolicy(this, 'bucket-policy', { bucket, policy: policy.json, dependsOn: [access] });
    if (accessLogs !== undefined)
      new S3BucketLoggingA(this, 'access-logs', {
        bucket,
        targetBucket: accessLogs.bucket,
        targetPrefix: accessLogs.prefix,
      });
    return applied;
  }
}
