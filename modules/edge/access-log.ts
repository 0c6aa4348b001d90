/** A line for each request of a distribution, in a bucket. */
import { CloudwatchLogDelivery } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery/index.js';
import { CloudwatchLogDeliveryDestination } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination/index.js';
import { CloudwatchLogDeliverySource } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-source/index.js';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';

export interface AccessLogProps {
  /** At most 60 letters, digits, hyphens. */
  readonly name: string;
  readonly distributionArn: string;
  /** Bucket that lets delivery.logs.amazonaws.com write below `cloudfront/`. */
  readonly bucketArn: string;
  /** Provider of us-east-1, where distributions log from. Default: the stack's, which then is of that region. */
  readonly provider?: AwsProvider | undefined;
}

/** Neither cookies nor query strings: those of the sign-in hold codes. */
const fields = [
  'date',
  'time',
  'x-edge-location',
  'c-ip',
  'c-port',
  'cs-method',
  'cs-protocol',
  'cs-protocol-version',
  'x-host-header',
  'cs-uri-stem',
  'cs(User-Agent)',
  'cs-bytes',
  'sc-status',
  'sc-bytes',
  'time-taken',
  'time-to-first-byte',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'x-edge-request-id',
];

export class AccessLog extends Construct {
  constructor(scope: Construct, id: string, { name, distributionArn, bucketArn, provider }: AccessLogProps) {
    super(scope, id);
    const source = new CloudwatchLogDeliverySource(this, 'source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: distributionArn,
      provider,
      // A distribution has one source for a type of log.
      lifecycle: { createBeforeDestroy: false },
    });
    const destination = new CloudwatchLogDeliveryDestination(this, 'destination', {
      name,
      outputFormat: 'json',
      deliveryDestinationConfiguration: [{ destinationResourceArn: `${bucketArn}/cloudfront` }],
      provider,
    });
    new CloudwatchLogDelivery(this, 'delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      recordFields: fields,
      s3DeliveryConfiguration: [{ suffixPath: '/{yyyy}/{MM}/{dd}/{HH}', enableHiveCompatiblePath: false }],
      provider,
      // Because its source is.
      lifecycle: { createBeforeDestroy: false },
    });
  }
}
