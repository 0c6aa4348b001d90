import { loadPolicy } from './policy.ts';
import { errorsOf, isJudged, warningsOf } from './violations.ts';

const policy = loadPolicy(
  {
    version: '1',
    last_updated: '2026-11-20',
    required_tags: [
      { name: 'Owner', validation_regex: '[a-z]+@[a-z.]+', applies_to: ['ec2:instance', 's3:bucket'] },
      {
        name: 'Environment',
        allowed_values: ['production', 'staging', 'development', 'test'],
        applies_to: ['ec2:instance', 's3:bucket'],
      },
    ],
    optional_tags: [{ name: 'Backup', allowed_values: ['daily', 'none'] }],
  },
  'file',
);
const types = (tags: Record<string, string>) =>
  errorsOf('ec2:instance', tags, policy).map((each) => each.violationType);

describe('errors', () => {
  it('are none for good tags', () => {
    expect(types({ Owner: 'a@x.io', Environment: 'production' })).toEqual([]);
  });

  it('name the first thing wrong with each required tag', () => {
    expect(types({})).toEqual(['missing_required_tag', 'missing_required_tag']);
    expect(types({ Owner: 'ops', Environment: 'prod' })).toEqual(['invalid_format', 'invalid_value']);
  });

  it('match keys and values exactly in their case, and never through the prototype', () => {
    expect(types({ owner: 'a@x.io', Environment: 'Production' })).toEqual(['missing_required_tag', 'invalid_value']);
    const odd = loadPolicy({ version: '1', last_updated: 'x', required_tags: [{ name: 'constructor' }] }, 'file');
    expect(errorsOf('ec2:instance', {}, odd)).toHaveLength(1);
  });

  it('concern only the types a tag applies to', () => {
    expect(errorsOf('kms:key', {}, policy)).toEqual([]);
  });
});

describe('warnings', () => {
  it('tell optional values off their list, keys in the wrong case, odd keys and long ones', () => {
    const warned = warningsOf(
      { Backup: 'weekly', owner: 'a@x.io', 'a+b': '', ['k'.repeat(129)]: '', Fine: 'x', 'aws:x+': '' },
      policy,
    );
    expect(warned.map((each) => [each.tagName.slice(0, 6), each.violationType])).toEqual([
      ['Backup', 'invalid_value'],
      ['owner', 'invalid_format'],
      ['a+b', 'invalid_format'],
      ['kkkkkk', 'invalid_format'],
    ]);
    expect(warned.every((each) => each.severity === 'warning')).toBe(true);
  });
});

describe('what counts', () => {
  const judged = (
    type: 'ec2:instance' | 'kms:key' | 'sqs:queue' | 'glue:table',
    state = 'available',
    named: ('sqs:queue' | 'glue:table')[] = [],
  ) =>
    isJudged(
      { type, state },
      loadPolicy({ version: '1', last_updated: 'x', required_tags: [{ name: 'Owner' }] }, 'file'),
      new Set(named),
    );

  it('leaves out terminated instances, types without a required tag, and free types nobody named', () => {
    expect(isJudged({ type: 'kms:key', state: 'available' }, policy, new Set())).toBe(false);
    expect(judged('ec2:instance', 'stopped')).toBe(true);
    expect(judged('ec2:instance', 'terminated')).toBe(false);
    expect(judged('sqs:queue')).toBe(false);
    expect(judged('sqs:queue', 'available', ['sqs:queue'])).toBe(true);
  });

  it('leaves out types that AWS has no tags for, even where they are named', () => {
    expect(judged('glue:table', 'available', ['glue:table'])).toBe(false);
  });
});
