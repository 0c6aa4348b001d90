/** Sends log groups on to the archive bucket, as they are written. */
import { CloudwatchLogSubscriptionFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter/index.js';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { KinesisFirehoseDeliveryStream } from '@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream/index.js';
import { Construct } from 'constructs';

export interface LogArchiveProps {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly bucketArn: string;
  /** Key the bucket is encrypted with, where it is a customer managed one. */
  readonly keyArn?: string | undefined;
  /** Log groups, by short name; the name becomes a folder. */
  readonly logGroups: Readonly<Record<string, string>>;
}

type Statements = DataAwsIamPolicyDocumentStatement[];

export class LogArchive extends Construct {
  /** The delivery stream's name, for alarms. */
  readonly streamName: string;

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const { name, accountId, region, bucketArn, keyArn, logGroups } = props;
    const deliver = this.#role('deliver', `${name}-deliver-${region}`, 'firehose.amazonaws.com', accountId);
    this.#allow('deliver', deliver, mayWrite(bucketArn, keyArn));
    const stream = new KinesisFirehoseDeliveryStream(this, 'stream', {
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
    });
    const hand = this.#role('hand', `${name}-hand-${region}`, 'logs.amazonaws.com', accountId);
    const granted = this.#allow('hand', hand, [
      { actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'], resources: [stream.arn] },
    ]);
    for (const [group, logGroupName] of Object.entries(logGroups))
      new CloudwatchLogSubscriptionFilter(this, group, {
        name,
        logGroupName,
        filterPattern: '',
        destinationArn: stream.arn,
        roleArn: hand.arn,
        // CloudWatch Logs tries the role at once.
        dependsOn: [granted],
      });
    this.streamName = name;
  }

  #role(id: string, name: string, service: string, accountId: string): IamRole {
    const trust = new DataAwsIamPolicyDocument(this, `${id}-trust`, {
      statement: [
        {
          principals: [{ type: 'Service', identifiers: [service] }],
          actions: ['sts:AssumeRole'],
          condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [accountId] }],
        },
      ],
    });
    return new IamRole(this, `${id}-role`, { name: name.slice(0, 64), assumeRolePolicy: trust.json });
  }

  #allow(id: string, role: IamRole, statement: Statements): IamRolePolicy {
    const document = new DataAwsIamPolicyDocument(this, `${id}-permissions`, { statement });
    return new IamRolePolicy(this, `${id}-policy`, { name: id, role: role.id, policy: document.json });
  }
}

const mayWrite = (bucketArn: string, keyArn: string | undefined): Statements => [
  {
    actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    resources: [bucketArn],
  },
  {
    actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    resources: [`${bucketArn}/logs/*`, `${bucketArn}/logs-failed/*`],
  },
  ...(keyArn === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] }]),
];
