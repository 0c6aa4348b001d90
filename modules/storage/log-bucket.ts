/** Where AWS itself writes: logs of load balancers, of CloudFront, of the trail, and of requests to other buckets. */
import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { Construct } from 'constructs';
import { Bucket, type BucketProps } from './bucket.ts';

/** Start of the keys of each writer's logs; `alb/` is followed by a kind of log of the load balancer's own. */
export const logPrefixes = {
  loadBalancer: 'alb',
  distribution: 'cloudfront',
  trail: 'cloudtrail',
  buckets: 's3',
} as const;

export interface LogBucketProps extends Pick<BucketProps, 'name' | 'deletionProtection'> {
  readonly accountId: string;
  /** Who writes to it. Buckets always may. */
  readonly writers: { readonly loadBalancer: boolean; readonly distribution: boolean; readonly trail: boolean };
}

type Statement = DataAwsIamPolicyDocumentStatement;
type Conditions = readonly { readonly test: string; readonly variable: string; readonly values: string[] }[];

const equals = (variable: string, value: string) => ({ test: 'StringEquals', variable, values: [value] });
const from = (pattern: string) => ({ test: 'ArnLike', variable: 'aws:SourceArn', values: [pattern] });
// These writers ask for it with each object, and are to be allowed nothing else.
const ownersControl = equals('s3:x-amz-acl', 'bucket-owner-full-control');

const allow = (
  sid: string,
  service: string,
  actions: string[],
  resource: string,
  condition: Conditions,
): Statement => ({
  sid,
  principals: [{ type: 'Service', identifiers: [service] }],
  actions,
  resources: [resource],
  condition: [...condition],
});

// The services act for every customer: unless told whose logs these are, another account could have them write here.
const buckets = (arn: string, account: string): Statement[] => [
  allow('Buckets', 'logging.s3.amazonaws.com', ['s3:PutObject'], `${arn}/${logPrefixes.buckets}/*`, [
    equals('aws:SourceAccount', account),
  ]),
];

// docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html: the path alone tells whose,
// for load balancers write below their own account's number only, and name no source account.
const loadBalancers = (arn: string, account: string): Statement[] => [
  allow(
    'LoadBalancers',
    'logdelivery.elasticloadbalancing.amazonaws.com',
    ['s3:PutObject'],
    `${arn}/${logPrefixes.loadBalancer}/*/AWSLogs/${account}/*`,
    [],
  ),
];

// docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
const distributions = (arn: string, account: string): Statement[] => {
  const service = 'delivery.logs.amazonaws.com';
  const own = [equals('aws:SourceAccount', account), from(`arn:aws:logs:*:${account}:delivery-source:*`)];
  return [
    allow('Distributions', service, ['s3:PutObject'], `${arn}/${logPrefixes.distribution}/*`, [ownersControl, ...own]),
    allow('DistributionsCheck', service, ['s3:GetBucketAcl', 's3:ListBucket'], arn, own),
  ];
};

// docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
const trails = (arn: string, account: string): Statement[] => {
  const service = 'cloudtrail.amazonaws.com';
  const own = from(`arn:aws:cloudtrail:*:${account}:trail/*`);
  return [
    allow('Trails', service, ['s3:PutObject'], `${arn}/${logPrefixes.trail}/*`, [ownersControl, own]),
    allow('TrailsCheck', service, ['s3:GetBucketAcl'], arn, [own]),
  ];
};

export class LogBucket extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);
    const { name, deletionProtection, accountId, writers } = props;
    const bucket = new Bucket(this, 'bucket', {
      name,
      deletionProtection,
      address: 'bucket_logs',
      // No key: load balancers write to buckets with S3's own keys only.
      lifecycle: [
        {
          id: 'logs',
          transitions: [
            { days: 30, to: 'STANDARD_IA' },
            { days: 90, to: 'GLACIER_IR' },
          ],
          expireDays: 365,
        },
      ],
      grants: (arn) => [
        ...buckets(arn, accountId),
        ...(writers.loadBalancer ? loadBalancers(arn, accountId) : []),
        ...(writers.distribution ? distributions(arn, accountId) : []),
        ...(writers.trail ? trails(arn, accountId) : []),
      ],
    });
    // By way of its policy: who writes asks at once whether it may.
    this.name = bucket.policy.bucket;
    this.arn = `arn:aws:s3:::${this.name}`;
  }
}
