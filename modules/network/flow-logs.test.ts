import { synthesized } from '../testing/synthesized.ts';
import { FlowLogs } from './flow-logs.ts';

const made = (customerManagedKey = false) =>
  synthesized(
    (stack) =>
      new FlowLogs(stack, 'flow-logs', {
        vpcId: 'vpc-1',
        namePrefix: 'app',
        region: 'eu-west-1',
        accountId: '111122223333',
        retentionDays: 30,
        customerManagedKey,
      }),
  );

describe('flow logs', () => {
  it('hold all traffic of every minute, for as long as told', () => {
    const { logs, flow } = { logs: made().one('aws_cloudwatch_log_group'), flow: made().one('aws_flow_log') };
    expect(logs).toMatchObject({ name: '/aws/vpc/app-flow-logs', retention_in_days: 30 });
    expect(logs.kms_key_id).toBeUndefined();
    expect(flow).toMatchObject({ vpc_id: 'vpc-1', traffic_type: 'ALL', max_aggregation_interval: 60 });
  });

  it('are written by a role for flow logs of the account, which writes to this group alone', () => {
    const [trust, write] = Object.values(made().data('aws_iam_policy_document')).map(({ statement }) => statement);
    expect(trust).toEqual([
      expect.objectContaining({
        principals: [{ type: 'Service', identifiers: ['vpc-flow-logs.amazonaws.com'] }],
        condition: [
          { test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111122223333'] },
          {
            test: 'ArnLike',
            variable: 'aws:SourceArn',
            values: ['arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*'],
          },
        ],
      }),
    ]);
    const [group] = Object.keys(made().all('aws_cloudwatch_log_group'));
    expect(write).toEqual([
      expect.objectContaining({
        resources: [`\${aws_cloudwatch_log_group.${group}.arn}`, `\${aws_cloudwatch_log_group.${group}.arn}:*`],
      }),
    ]);
    // Roles are named once an account, VPCs once a region.
    expect(made().one('aws_iam_role').name).toBe('app-flow-logs-eu-west-1');
  });

  it('have a key of their own when asked', () => {
    const logs = made(true);
    const [key] = Object.keys(logs.all('aws_kms_key'));
    expect(logs.one('aws_cloudwatch_log_group').kms_key_id).toBe(`\${aws_kms_key.${key}.arn}`);
    expect(made().all('aws_kms_key')).toEqual({});
  });
});
