/** What an instance tells of itself beyond CloudWatch's own metrics: its processes each minute, and its slow queries. */
import type { DbInstanceConfig } from '@cdktf/provider-aws/lib/db-instance/index.js';
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { type Statement, service } from '../roles/statement.ts';

export interface InsightsProps {
  /** Name of the role by which RDS writes to CloudWatch Logs; unique in the account, whatever the region. */
  readonly roleName: string;
  readonly accountId: string;
  readonly region: string;
  /** Key to encrypt the kept queries with. Default: the one AWS manages for RDS. */
  readonly keyArn?: string | undefined;
}

/** What AmazonRDSEnhancedMonitoringRole allows, in this account and region alone. */
const writing = (region: string, accountId: string): readonly Statement[] => {
  const group = `arn:aws:logs:${region}:${accountId}:log-group:RDSOSMetrics`;
  return [
    {
      sid: 'MetricsGroup',
      actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
      // CloudWatch Logs asks IAM about `group:log-stream:`, in the documentation also about the group alone.
      resources: [group, `${group}:*`],
    },
    {
      sid: 'MetricsStreams',
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'],
      resources: [group, `${group}:log-stream:*`],
    },
  ];
};

export class Insights extends Construct {
  /** What the instance is given. */
  readonly settings: Partial<DbInstanceConfig>;

  constructor(scope: Construct, id: string, { roleName, accountId, region, keyArn }: InsightsProps) {
    super(scope, id);
    const role = new AssumableRole(this, 'role', {
      name: roleName,
      description: 'RDS writes enhanced monitoring to CloudWatch Logs',
      trust: [service('monitoring.rds.amazonaws.com', accountId)],
      statements: writing(region, accountId),
    });
    this.settings = {
      monitoringInterval: 60,
      monitoringRoleArn: role.arn,
      performanceInsightsEnabled: true,
      // Days; seven cost nothing.
      performanceInsightsRetentionPeriod: 7,
      performanceInsightsKmsKeyId: keyArn,
      dependsOn: role.ready && [role.ready],
    };
  }
}
