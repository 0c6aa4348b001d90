import { synthesized } from '../testing/synthesized.ts';
import { Trail, type TrailProps } from './trail.ts';

const props: TrailProps = {
  name: 'marketing-mcp-trail',
  accountId: '111122223333',
  bucket: 'logs',
  prefix: 'cloudtrail',
  keyArn: 'arn:trail-key',
  logs: { roleName: 'marketing-mcp-trail-logs', retentionDays: 90, keyArn: 'arn:key' },
};
const made = synthesized((stack) => new Trail(stack, 'trail', props));

describe('the trail', () => {
  it('records every region, and signs what it writes', () => {
    expect(made.one('aws_cloudtrail')).toMatchObject({
      name: 'marketing-mcp-trail',
      s3_bucket_name: 'logs',
      s3_key_prefix: 'cloudtrail',
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
    });
  });

  it('takes a key', () => {
    expect(made.one('aws_cloudtrail')).toMatchObject({ kms_key_id: 'arn:trail-key' });
  });

  it('writes to CloudWatch Logs too, with a role for that alone', () => {
    expect(made.one('aws_cloudwatch_log_group')).toMatchObject({
      name: '/aws/cloudtrail/marketing-mcp-trail',
      retention_in_days: 90,
      kms_key_id: 'arn:key',
    });
    expect(made.one('aws_cloudtrail')).toMatchObject({
      cloud_watch_logs_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/),
      cloud_watch_logs_role_arn: expect.stringMatching(/^\$\{aws_iam_role\..*\.arn\}$/),
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\./)],
    });
    expect(made.one('aws_iam_role')).toMatchObject({ name: 'marketing-mcp-trail-logs' });
  });
});
