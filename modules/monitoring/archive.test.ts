import { synthesized } from '../testing/synthesized.ts';
import { LogArchive, type LogArchiveProps } from './archive.ts';

const props: LogArchiveProps = {
  name: 'marketing-mcp-log-archive',
  roleNames: { hand: 'marketing-mcp-log-hand', deliver: 'marketing-mcp-log-deliver' },
  accountId: '111122223333',
  bucketArn: 'arn:aws:s3:::archive',
  logGroups: { api: '/aws/apigateway/marketing-mcp', service: '/aws/ecs/marketing-mcp-server' },
};
const made = (changes: Partial<LogArchiveProps> = {}) =>
  synthesized((stack) => new LogArchive(stack, 'archive', { ...props, ...changes }));

/** Actions and resources of the statements of each document, by the path of its construct. */
const documents = (synth: ReturnType<typeof made>): Record<string, unknown> =>
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
    expect(filters.map(({ log_group_name }) => log_group_name)).toEqual(Object.values(props.logGroups));
    for (const filter of filters)
      expect(filter).toMatchObject({ filter_pattern: '', depends_on: [expect.stringContaining('hand_policy')] });
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
    const bucket = [
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], ['arn:aws:s3:::archive']],
      [
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        ['arn:aws:s3:::archive/logs/*', 'arn:aws:s3:::archive/logs-failed/*'],
      ],
    ];
    expect(documents(made()).deliver_permissions).toEqual(bucket);
    expect(documents(made({ keyArn: 'arn:key' })).deliver_permissions).toEqual([
      ...bucket,
      [['kms:Decrypt', 'kms:GenerateDataKey'], ['arn:key']],
    ]);
    expect(documents(made()).hand_permissions).toEqual([
      [['firehose:PutRecord', 'firehose:PutRecordBatch'], [expect.stringContaining('aws_kinesis_firehose')]],
    ]);
  });
});
