/** What an instance tells of itself beyond CloudWatch's own metrics: its processes each minute, and its slow queries. */
import type { DbInstanceConfig } from '@cdktf/provider-aws/lib/db-instance/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { Role } from '../roles/role.ts';
import { service } from '../roles/statement.ts';

export interface InsightsProps {
  /** Name of the role by which RDS writes to CloudWatch Logs; unique in the account, whatever the region. */
  readonly roleName: string;
  readonly accountId: string;
  /** Key to encrypt the kept queries with. Default: the one AWS manages for RDS. */
  readonly keyArn?: string | undefined;
}

export class Insights extends Construct {
  /** What the instance is given. */
  readonly settings: Partial<DbInstanceConfig>;

  constructor(scope: Construct, id: string, { roleName, accountId, keyArn }: InsightsProps) {
    super(scope, id);
    const role = new Role(this, 'role', {
      name: roleName,
      description: 'RDS writes enhanced monitoring to CloudWatch Logs',
      trust: [service('monitoring.rds.amazonaws.com', accountId)],
      statements: [],
    });
    const attachment = new IamRolePolicyAttachment(this, 'write-logs', {
      role: role.id,
      policyArn: 'arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole',
    });
    this.settings = {
      monitoringInterval: 60,
      monitoringRoleArn: role.arn,
      performanceInsightsEnabled: true,
      // Days; seven cost nothing.
      performanceInsightsRetentionPeriod: 7,
      performanceInsightsKmsKeyId: keyArn,
      dependsOn: [attachment],
    };
  }
}
