/** Sends log groups on to the archive bucket, as they are written. */
import { CloudwatchLogSubscriptionFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter/index.js';
import { KinesisFirehoseDeliveryStream } from '@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream/index.js';
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { type Statement, service } from '../roles/statement.ts';

export interface LogArchiveProps {
  readonly name: string;
  /** Names of the roles that hand records over and deliver them; each unique in the account. */
  readonly roleNames: { readonly hand: string; readonly deliver: string };
  readonly accountId: string;
  readonly bucketArn: string;
  /** Key the bucket is encrypted with, where it is a customer managed one. */
  readonly keyArn?: string | undefined;
  /** Log groups, by short name. */
  readonly logGroups: Readonly<Record<string, string>>;
}

const mayWrite = ({ bucketArn, keyArn }: LogArchiveProps): Statement[] => [
  {
    sid: 'Bucket',
    actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    resources: [bucketArn],
  },
  {
    sid: 'Logs',
    actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    resources: [`${bucketArn}/logs/*`, `${bucketArn}/logs-failed/*`],
  },
  {
    sid: 'Key',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: keyArn === undefined ? [] : [keyArn],
  },
];

export class LogArchive extends Construct {
  /** The delivery stream's name, for alarms. */
  readonly streamName: string;

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const { name, roleNames, accountId, logGroups } = props;
    const stream = this.#stream(props);
    const hand = new AssumableRole(this, 'hand', {
      name: roleNames.hand,
      description: `Hands log records over to ${name}`,
      trust: [service('logs.amazonaws.com', accountId)],
      statements: [
        { sid: 'Stream', actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'], resources: [stream.arn] },
      ],
    });
    for (const [group, logGroupName] of Object.entries(logGroups))
      new CloudwatchLogSubscriptionFilter(this, group, {
        name,
        logGroupName,
        filterPattern: '',
        destinationArn: stream.arn,
        roleArn: hand.arn,
        // CloudWatch Logs tries the role at once.
        dependsOn: hand.ready && [hand.ready],
      });
    this.streamName = name;
  }

  #stream(props: LogArchiveProps): KinesisFirehoseDeliveryStream {
    const { name, roleNames, accountId, bucketArn, keyArn } = props;
    const deliver = new AssumableRole(this, 'deliver', {
      name: roleNames.deliver,
      description: `Delivers log records of ${name} to the archive`,
      trust: [service('firehose.amazonaws.com', accountId)],
      statements: mayWrite(props),
    });
    return new KinesisFirehoseDeliveryStream(this, 'stream', {
      name,
      destination: 'extended_s3',
      serverSideEncryption: { enabled: true, keyType: 'AWS_OWNED_CMK' },
      extendedS3Configuration: {
        roleArn: deliver.arn,
        bucketArn,
        prefix: 'logs/!{timestamp:yyyy/MM/dd}/',
        errorOutputPrefix: 'logs-failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/',
        bufferingInterval: 300,
        bufferingSize: 64,
        // CloudWatch Logs hands records over compressed already.
        compressionFormat: 'UNCOMPRESSED',
        fileExtension: '.json.gz',
        ...(keyArn !== undefined && { kmsKeyArn: keyArn }),
      },
      dependsOn: deliver.ready && [deliver.ready],
    });
  }
}
