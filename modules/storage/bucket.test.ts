import { type Block, synthesized } from '../testing/synthesized.ts';
import { Bucket, type BucketProps } from './bucket.ts';

const made = (changes: Partial<BucketProps> = {}) =>
  synthesized(
    (stack) => new Bucket(stack, 'bucket', { name: 'a-b', address: 'bucket_a', deletionProtection: true, ...changes }),
  );
const key = 'arn:aws:kms:::key/1';

describe('a bucket', () => {
  it('is private, without ACLs, and cannot be deleted with its objects', () => {
    expect(made().all('aws_s3_bucket').bucket_a).toMatchObject({ bucket: 'a-b', force_destroy: false });
    expect(made().one('aws_s3_bucket_public_access_block')).toMatchObject({
      bucket: `\${aws_s3_bucket.bucket_a.id}`,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(made().one('aws_s3_bucket_ownership_controls').rule).toEqual({ object_ownership: 'BucketOwnerEnforced' });
    expect(made({ deletionProtection: false }).one('aws_s3_bucket').force_destroy).toBe(true);
  });

  it('refuses plain http, and grants what it is told to', () => {
    const grants = (arn: string) => [{ sid: 'Read', actions: ['s3:GetObject'], resources: [`${arn}/*`] }];
    const [document] = Object.values(made({ grants }).data('aws_iam_policy_document'));
    const statements = document?.statement as Block[];
    expect(statements[0]).toMatchObject({
      effect: 'Deny',
      actions: ['s3:*'],
      resources: [`\${aws_s3_bucket.bucket_a.arn}`, `\${aws_s3_bucket.bucket_a.arn}/*`],
      condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
    });
    expect(statements.map(({ sid }) => sid)).toEqual(['OnlyTls', 'Read']);
    expect(made().one('aws_s3_bucket_policy').depends_on).toEqual([
      expect.stringContaining('aws_s3_bucket_public_access_block'),
    ]);
  });

  it('is encrypted with S3’s key, or with the one handed in', () => {
    const rule = (changes?: Partial<BucketProps>) =>
      made(changes).one('aws_s3_bucket_server_side_encryption_configuration').rule;
    expect(rule()).toEqual([{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }]);
    expect(rule({ keyArn: key })).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: 'aws:kms', kms_master_key_id: key },
        bucket_key_enabled: true,
      },
    ]);
  });

  it('gives up unfinished uploads after a week, before what else is asked', () => {
    const { rule } = made({
      versioned: true,
      lifecycle: [
        { id: 'old', prefix: 'old/', transitions: [{ days: 30, to: 'GLACIER' }], expireDays: 90 },
        { id: 'versions', expireOldVersionsDays: 30 },
      ],
    }).one('aws_s3_bucket_lifecycle_configuration');
    expect(rule).toEqual([
      {
        id: 'unfinished-uploads',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
      {
        id: 'old',
        status: 'Enabled',
        filter: [{ prefix: 'old/' }],
        transition: [{ days: 30, storage_class: 'GLACIER' }],
        expiration: [{ days: 90 }],
      },
      {
        id: 'versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      },
    ]);
  });

  it('has versions, a lock and logs only when asked for', () => {
    expect(made().all('aws_s3_bucket_versioning')).toEqual({});
    expect(made().all('aws_s3_bucket_logging')).toEqual({});
    expect(made().one('aws_s3_bucket')).not.toHaveProperty('object_lock_enabled');
    const all = made({ locked: true, accessLogs: { bucket: 'logs', prefix: 's3/a/' } });
    expect(all.one('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
    expect(all.one('aws_s3_bucket').object_lock_enabled).toBe(true);
    expect(all.one('aws_s3_bucket_logging')).toMatchObject({ target_bucket: 'logs', target_prefix: 's3/a/' });
  });
});
