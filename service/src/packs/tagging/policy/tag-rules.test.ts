import { loadPolicy } from './policy.ts';
import { accessWarnings, countOfTags, faultOfChange, faultOfTag, reasonOf } from './tag-rules.ts';

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
    ['ec2:instance', 'a', '<b>*?', undefined],
    ['bedrock:agent', 'a', 'é', 'invalid_characters'],
    ['bedrock:knowledge-base', 'a', 'é', 'invalid_characters'],
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

describe('text that no tag can be', () => {
  const types = ['ec2:instance', 's3:bucket', 'lambda:function', 'kms:key', 'bedrock:agent'] as const;
  const texts = {
    NUL: 'a\u0000b',
    'a line feed': 'a\nb',
    'a carriage return': 'a\rb',
    'a tab': 'a\tb',
    DEL: 'a\u007fb',
    'a C1 control': 'a\u0085b',
    'a line separator': 'a\u2028b',
    'a paragraph separator': 'a\u2029b',
    'a high surrogate alone': 'a\ud83d',
    'a low surrogate alone': '\ude00b',
    'a noncharacter': 'a\ufffeb',
  };

  it.each(Object.entries(texts))('with %s is refused in keys and values of every service', (_, text) => {
    for (const type of types) {
      expect(faultOfTag(type, 'Owner', text)).toBe('invalid_characters');
      expect(faultOfTag(type, text, 'ok')).toBe('invalid_characters');
    }
  });

  it('is told with its tag and its character', () => {
    expect(reasonOf('ec2:instance', { Fine: 'x', Owner: 'a\nb' })).toBe(
      'The value of the tag "Owner" holds U+000A, which ec2:instance does not take in tags.',
    );
    expect(reasonOf('s3:bucket', { 'a*b': 'x' })).toBe(
      'The key of the tag "a*b" holds U+002A, which s3:bucket does not take in tags.',
    );
    expect(reasonOf('rds:db', { 'RDS:x': '' })).toContain('a prefix that AWS keeps for itself');
    expect(reasonOf('rds:db', { x: 'y'.repeat(257) })).toContain('values up to 256');
    expect(reasonOf('rds:db', { x: 'y' })).toBeUndefined();
  });

  it('does not hit what EC2 takes and others do not, nor characters of two units', () => {
    expect(faultOfTag('ec2:instance', 'Note', 'what? 100% <ok> 😀')).toBeUndefined();
    expect(faultOfTag('s3:bucket', 'Note', '😀')).toBe('invalid_characters');
    expect(faultOfTag('ec2:instance', '𝒜'.repeat(128), '😀'.repeat(256))).toBeUndefined();
    expect(faultOfTag('ec2:instance', 'Note', '😀'.repeat(257))).toBe('invalid_length');
  });
});
