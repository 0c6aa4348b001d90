import { synthesized } from '../testing/synthesized.ts';
import { Trail, type TrailProps } from './trail.ts';

const props: TrailProps = { name: 'marketing-mcp-trail', bucket: 'logs', prefix: 'cloudtrail' };
const made = (changes: Partial<TrailProps> = {}) =>
  synthesized((stack) => new Trail(stack, 'trail', { ...props, ...changes })).one('aws_cloudtrail');

describe('the trail', () => {
  it('records every region, and signs what it writes', () => {
    expect(made()).toMatchObject({
      name: 'marketing-mcp-trail',
      s3_bucket_name: 'logs',
      s3_key_prefix: 'cloudtrail',
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      enable_logging: true,
    });
    expect(made()).not.toHaveProperty('kms_key_id');
  });

  it('takes a key', () => {
    expect(made({ keyArn: 'arn:key' })).toMatchObject({ kms_key_id: 'arn:key' });
  });
});
