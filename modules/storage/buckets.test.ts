import { type Block, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { AuditArchive } from './audit-archive.ts';
import { DataBucket, type DataBucketProps } from './data-bucket.ts';
import { LogBucket, type LogBucketProps } from './log-bucket.ts';

const common = { name: 'a-b', deletionProtection: true };
const rules = (made: Synthesized) => made.one('aws_s3_bucket_lifecycle_configuration').rule as Block[];
const rule = (made: Synthesized, id: string) => rules(made).find((block) => block.id === id);

describe('the data bucket', () => {
  const made = (changes: Partial<DataBucketProps> = {}) =>
    synthesized(
      (stack) =>
        new DataBucket(stack, 'data', {
          ...{ ...common, versioned: true, lifecycle: true, ofPacks: {}, corsOrigins: [] },
          ...changes,
        }),
    );

  it('has its folders from the start', () => {
    const keys = Object.values(made().all('aws_s3_object')).map(({ key }) => key);
    expect(keys.toSorted()).toEqual(['alerts/', 'configs/', 'data/', 'logs/', 'temp/']);
  });

  it('moves logs to infrequent access and Glacier and ends them, temporary files and old versions', () => {
    expect(rule(made(), 'logs')).toMatchObject({
      filter: [{ prefix: 'logs/' }],
      transition: [
        { days: 30, storage_class: 'STANDARD_IA' },
        { days: 90, storage_class: 'GLACIER' },
      ],
      expiration: [{ days: 365 }],
    });
    expect(rule(made(), 'temp')).toMatchObject({ filter: [{ prefix: 'temp/' }], expiration: [{ days: 7 }] });
    expect(rule(made(), 'old-versions')).toMatchObject({ noncurrent_version_expiration: [{ noncurrent_days: 30 }] });
  });

  it('keeps everything without a lifecycle, and no versions without versioning', () => {
    expect(rules(made({ lifecycle: false })).map(({ id }) => id)).toEqual(['unfinished-uploads']);
    const plain = made({ versioned: false });
    expect(rule(plain, 'old-versions')).toBeUndefined();
    expect(plain.all('aws_s3_bucket_versioning')).toEqual({});
  });

  it('removes objects and versions of packs by their contracts, without a lifecycle of its own too', () => {
    const ofPacks = {
      'packs/notes/': { keepVersionsDays: 30 },
      'packs/notes/temp/': { removeAfterDays: 7, keepVersionsDays: 1 },
    };
    const [, all, temp, ...others] = rules(made({ lifecycle: false, ofPacks }));
    expect([all, temp]).toMatchObject([
      {
        ...{ id: 'packs-notes', filter: [{ prefix: 'packs/notes/' }] },
        ...{ expiration: [{ expired_object_delete_marker: true }] },
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      },
      {
        ...{ id: 'packs-notes-temp', filter: [{ prefix: 'packs/notes/temp/' }] },
        ...{ expiration: [{ days: 7 }], noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
      },
    ]);
    expect(others).toEqual([]);
    const [, plain, ...none] = rules(made({ lifecycle: false, versioned: false, ofPacks }));
    expect(plain).toMatchObject({ id: 'packs-notes-temp', expiration: [{ days: 7 }] });
    expect(plain).not.toHaveProperty('noncurrent_version_expiration');
    expect(none).toEqual([]);
  });

  it('lets browsers of the given origins in, and no others', () => {
    expect(made().all('aws_s3_bucket_cors_configuration')).toEqual({});
    expect(made({ corsOrigins: ['https://a.example'] }).one('aws_s3_bucket_cors_configuration').cors_rule).toEqual([
      expect.objectContaining({
        allowed_origins: ['https://a.example'],
        allowed_methods: ['GET', 'HEAD', 'PUT', 'POST'],
      }),
    ]);
  });
});

describe('the audit archive', () => {
  const made = synthesized((stack) => new AuditArchive(stack, 'archive', { ...common, lockDays: 730 }));

  it('lets nothing be deleted before its time', () => {
    expect(made.one('aws_s3_bucket').object_lock_enabled).toBe(true);
    expect(made.one('aws_s3_bucket_object_lock_configuration').rule).toEqual({
      default_retention: { mode: 'GOVERNANCE', days: 730 },
    });
    expect(made.one('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
  });

  it('gets cheaper, and ends nothing by itself', () => {
    expect(rule(made, 'archive')?.transition).toEqual([
      { days: 30, storage_class: 'STANDARD_IA' },
      { days: 90, storage_class: 'GLACIER_IR' },
    ]);
    expect(rules(made).filter(({ expiration }) => expiration !== undefined)).toEqual([]);
  });
});

describe('the log bucket', () => {
  const nobody = { loadBalancer: false, distribution: false, trail: false };
  const made = (writers: Partial<LogBucketProps['writers']> = {}) =>
    synthesized(
      (stack) =>
        new LogBucket(stack, 'logs', { ...common, accountId: '111122223333', writers: { ...nobody, ...writers } }),
    );
  const statements = (writers?: Partial<LogBucketProps['writers']>) =>
    Object.values(made(writers).data('aws_iam_policy_document'))[0]?.statement as Block[];

  it('is encrypted with S3’s key, the only one load balancers write with', () => {
    expect(made().one('aws_s3_bucket_server_side_encryption_configuration').rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } },
    ]);
    expect(rule(made(), 'logs')).toMatchObject({ expiration: [{ days: 365 }] });
  });

  it.each([
    ['loadBalancer', ['LoadBalancers']],
    ['distribution', ['Distributions', 'DistributionsCheck']],
    ['trail', ['Trails', 'TrailsCheck']],
  ] as const)('lets the %s write only where there is one', (writer, sids) => {
    expect(statements().map(({ sid }) => sid)).toEqual(['OnlyTls', 'Buckets']);
    expect(statements({ [writer]: true }).map(({ sid }) => sid)).toEqual(['OnlyTls', 'Buckets', ...sids]);
  });

  it('lets nobody write for another account', () => {
    const [, ...allowed] = statements({ loadBalancer: true, distribution: true, trail: true });
    for (const { resources, condition } of allowed)
      expect(JSON.stringify([resources, condition])).toContain('111122223333');
  });

  it('lets each writer write below its own prefix', () => {
    const writes = statements({ loadBalancer: true, distribution: true, trail: true }).filter(({ actions }) =>
      String(actions).includes('s3:PutObject'),
    );
    expect(writes.map(({ sid, resources }) => [sid, String(resources).replace(/^.*arn}/, '')])).toEqual([
      ['Buckets', '/s3/*'],
      ['LoadBalancers', '/alb/*/AWSLogs/111122223333/*'],
      ['Distributions', '/cloudfront/*'],
      ['Trails', '/cloudtrail/*'],
    ]);
  });
});
