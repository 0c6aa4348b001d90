import { loadPolicy } from './policy.ts';
import { accessWarnings, countOfTags, faultOfChange, faultOfTag } from './tag-rules.ts';

const policy = loadPolicy(
  {
    version: '1',
    last_updated: 'x',
    required_tags: [
      { name: 'Environment', allowed_values: ['production', 'test'], applies_to: ['ec2:instance'] },
      { name: 'Owner', validation_regex: '[^@]+@[^@]+$' },
    ],
    optional_tags: [{ name: 'Backup', allowed_values: ['daily'] }],
  },
  'file',
);
const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`key-${at}`, '']));

describe('one tag', () => {
  it.each([
    ['s3:bucket', 'aws:x', '', 'reserved_prefix'],
    ['ec2:instance', 'AWS:x', '', 'reserved_prefix'],
    ['rds:db', 'rds:x', '', 'reserved_prefix'],
    ['s3:bucket', 'rds:x', '', undefined],
    ['s3:bucket', 'a'.repeat(129), '', 'invalid_length'],
    ['s3:bucket', 'a', 'v'.repeat(257), 'invalid_length'],
    ['s3:bucket', 'a', 'é ü_.:/=+-@ 9', undefined],
    ['s3:bucket', 'a', '<b>', 'invalid_characters'],
    ['ec2:instance', 'a', '<b>\u0007', undefined],
    ['bedrock:agent', 'a', 'é', 'invalid_characters'],
  ] as const)('on %s: %s=%s is %s', (type, key, value, fault) => {
    expect(faultOfTag(type, key, value)).toBe(fault);
  });
});

describe('a change', () => {
  const fault = (set: Record<string, string>, current: Record<string, string> = {}, type = 'ec2:instance' as const) =>
    faultOfChange(type, current, set, policy);

  it('fits in 50 tags, of which aws: ones are not counted and known keys count once', () => {
    expect(fault({ extra: '' }, fifty)).toBe('tag_limit');
    expect(fault({ 'key-0': 'x' }, { ...fifty, 'aws:a': '' })).toBeUndefined();
    expect(countOfTags({ ...fifty, 'aws:a': '', 'AWS:b': '' })).toBe(50);
  });

  it('may not set a value the policy refuses, where the policy applies', () => {
    expect(fault({ Environment: 'prod' })).toBe('value_not_allowed');
    expect(fault({ Owner: 'ops' })).toBe('value_not_allowed');
    expect(fault({ Backup: 'weekly' })).toBe('value_not_allowed');
    expect(faultOfChange('s3:bucket', {}, { Environment: 'prod' }, policy)).toBeUndefined();
    expect(fault({ Environment: 'test' }, { Owner: 'bad already' })).toBeUndefined();
  });
});

it('warns where tags decide about access', () => {
  expect(accessWarnings(['ec2:instance'])).toEqual([]);
  expect(accessWarnings(['s3:bucket', 'kms:key', 's3:bucket'])).toHaveLength(2);
});
