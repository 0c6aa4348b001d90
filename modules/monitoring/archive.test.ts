import { synthesized } from '../testing/synthesized.ts';
import { LogArchive, type LogArchiveProps } from './archive.ts';

const props: LogArchiveProps = {
  name: 'wpp-mcp-log-archive',
  accountId: '111122223333',
  region: 'us-east-1',
  bucketArn: 'arn:aws:s3:::archive',
  logGroups: { service: '/aws/ecs/wpp-mcp-server', api: '/aws/apigateway/wpp-mcp' },
};
const made = (changes: Partial<LogArchiveProps> = {}) =>
  synthesized((stack) => new LogArchive(stack, 'archive', { ...props, ...changes }));

const actionsOf = (synth: ReturnType<typeof made>) =>
  Object.fromEntries(
    Object.entries(synth.data('aws_iam_policy_document')).map(([name, { statement }]) => [
      name.replace(/^archive_|_[0-9A-F]{8}$/g, ''),
      (statement as { actions: string[]; resources?: string[] }[]).map(({ actions, resources }) => [
        actions,
        resources,
      ]),
    ]),
  );

describe('the log archive', () => {
  it('takes every log group, once its role may hand records over', () => {
    const filters = Object.values(made().all('aws_cloudwatch_log_subscription_filter'));
    expect(filters.map(({ log_group_name }) => log_group_name).toSorted()).toEqual(
      Object.values(props.logGroups).toSorted(),
    );
    for (const filter of filters)
      expect(filter).toMatchObject({ filter_pattern: '', depends_on: [expect.stringContaining('hand-policy')] });
  });

  it('writes encrypted into folders of days, as it comes', () => {
    expect(made().one('aws_kinesis_firehose_delivery_stream')).toMatchObject({
      destination: 'extended_s3',
      server_side_encryption: { enabled: true },
      extended_s3_configuration: {
        bucket_arn: 'arn:aws:s3:::archive',
        prefix: 'logs/!{timestamp:yyyy/MM/dd}/',
        compression_format: 'UNCOMPRESSED',
        file_extension: '.json.gz',
      },
    });
  });

  it('may write logs and nothing else, and use the key only where there is one', () => {
    const folders = ['arn:aws:s3:::archive/logs/*', 'arn:aws:s3:::archive/logs-failed/*'];
    const bucket = [
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], ['arn:aws:s3:::archive']],
      [['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'], folders],
    ];
    expect(actionsOf(made())['deliver-permissions']).toEqual(bucket);
    expect(actionsOf(made({ keyArn: 'arn:key' }))['deliver-permissions']).toEqual([
      ...bucket,
      [['kms:Decrypt', 'kms:GenerateDataKey'], ['arn:key']],
    ]);
    expect(actionsOf(made())['hand-permissions']).toEqual([
      [['firehose:PutRecord', 'firehose:PutRecordBatch'], [expect.stringContaining('aws_kinesis_firehose')]],
    ]);
  });

  it('lets the services take the roles for this account alone', () => {
    const trusts = Object.entries(made().data('aws_iam_policy_document')).filter(([name]) => name.includes('trust'));
    expect(trusts).toHaveLength(2);
    for (const [, { statement }] of trusts)
      expect(statement).toMatchObject([
        { condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111122223333'] }] },
      ]);
  });
});
