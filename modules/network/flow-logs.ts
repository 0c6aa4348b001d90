/** Who spoke with whom: all traffic of the VPC, every minute, to CloudWatch Logs. */
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { Construct } from 'constructs';
import { EncryptionKey } from '../keys/key.ts';
import { LogGroup } from '../logs/log-group.ts';

export interface FlowLogsProps {
  readonly vpcId: string;
  readonly namePrefix: string;
  readonly region: string;
  readonly accountId: string;
  readonly retentionDays: number;
  /** Encrypts the log group with a customer managed key of its own. Default: with CloudWatch's. */
  readonly customerManagedKey?: boolean;
}

export class FlowLogs extends Construct {
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { vpcId, namePrefix, retentionDays } = props;
    const group = new LogGroup(this, 'logs', {
      name: `/aws/vpc/${namePrefix}-flow-logs`,
      retentionDays,
      keyArn: this.#keyArn(props),
    });
    new FlowLog(this, 'flow-log', {
      vpcId,
      trafficType: 'ALL',
      // Seconds; the alternative is ten minutes.
      maxAggregationInterval: 60,
      logDestinationType: 'cloud-watch-logs',
      logDestination: group.arn,
      iamRoleArn: this.#role(props, group.arn),
      tags: { Name: `${namePrefix}-flow-logs` },
    });
    this.logGroupName = group.name;
  }

  #keyArn({ customerManagedKey = false, namePrefix, region, accountId }: FlowLogsProps): string | undefined {
    if (!customerManagedKey) return undefined;
    return new EncryptionKey(this, 'key', {
      name: `${namePrefix}-flow-logs`,
      description: `Flow logs of ${namePrefix}`,
      accountId,
      services: [`logs.${region}.amazonaws.com`],
    }).arn;
  }

  #role({ namePrefix, region, accountId }: FlowLogsProps, groupArn: string): string {
    const trust = new DataAwsIamPolicyDocument(this, 'trust', {
      statement: [
        {
          principals: [{ type: 'Service', identifiers: ['vpc-flow-logs.amazonaws.com'] }],
          actions: ['sts:AssumeRole'],
          // Only for flow logs of this account: the service acts for every customer.
          condition: [
            { test: 'StringEquals', variable: 'aws:SourceAccount', values: [accountId] },
            {
              test: 'ArnLike',
              variable: 'aws:SourceArn',
              values: [`arn:aws:ec2:${region}:${accountId}:vpc-flow-log/*`],
            },
          ],
        },
      ],
    });
    // Roles are the account's, not the region's.
    const name = `${namePrefix}-flow-logs-${region}`;
    const role = new IamRole(this, 'role', { name, assumeRolePolicy: trust.json });
    const write = new DataAwsIamPolicyDocument(this, 'write', {
      statement: [
        {
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams'],
          resources: [groupArn, `${groupArn}:*`],
        },
      ],
    });
    new IamRolePolicy(this, 'write-logs', { name: 'write-flow-logs', role: role.name, policy: write.json });
    return role.arn;
  }
}
