/**
 * A trail of the account's API calls in every region, its files signed so that a change shows, and a copy in CloudWatch
 * Logs, where they can be searched and alarmed on within minutes.
 */
import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail/index.js';
import { Construct } from 'constructs';
import { LogGroup } from '../logs/log-group.ts';
import { AssumableRole } from '../roles/role.ts';
import { service } from '../roles/statement.ts';

export interface TrailProps {
  readonly name: string;
  readonly accountId: string;
  /** Bucket whose policy lets CloudTrail write for this trail. */
  readonly bucket: string;
  /** Start of its keys there. */
  readonly prefix: string;
  /** Key to encrypt with; its policy must let CloudTrail in. */
  readonly keyArn: string;
  readonly logs: {
    /** Role with which CloudTrail writes them. */
    readonly roleName: string;
    readonly retentionDays: number;
    /** Key to encrypt them with. Default: CloudWatch's own. */
    readonly keyArn?: string | undefined;
  };
}

export class Trail extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    const { name, bucket, prefix, keyArn, logs } = props;
    const group = new LogGroup(this, 'logs', {
      name: `/aws/cloudtrail/${name}`,
      retentionDays: logs.retentionDays,
      keyArn: logs.keyArn,
    });
    const role = this.#role(props, group.arn);
    const trail = new Cloudtrail(this, 'trail', {
      name,
      s3BucketName: bucket,
      s3KeyPrefix: prefix,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      kmsKeyId: keyArn,
      cloudWatchLogsGroupArn: `${group.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      // CloudTrail tries the role at once.
      dependsOn: role.ready && [role.ready],
    });
    this.arn = trail.arn;
  }

  // docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
  #role({ name, accountId, logs }: TrailProps, groupArn: string): AssumableRole {
    return new AssumableRole(this, 'role', {
      name: logs.roleName,
      description: `Writes what ${name} records to CloudWatch Logs`,
      trust: [service('cloudtrail.amazonaws.com', accountId)],
      statements: [
        {
          sid: 'LogsWrite',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${groupArn}:log-stream:*`],
        },
      ],
    });
  }
}
