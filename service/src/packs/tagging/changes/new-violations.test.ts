import { loadPolicy } from '../policy/policy.ts';
import { newViolations, newViolationWarnings } from './new-violations.ts';

const policy = loadPolicy(
  {
    version: '1',
    last_updated: '2026-11-29',
    required_tags: [
      { name: 'Owner', validation_regex: '.+@example\\.com$' },
      { name: 'Environment', allowed_values: ['dev', 'prod'], applies_to: ['ec2:instance'] },
    ],
    optional_tags: [{ name: 'Backup', allowed_values: ['daily'] }],
    tag_naming_rules: { max_value_length: 20 },
  },
  'file',
);
const good = { Owner: 'a@example.com', Environment: 'dev' };
const change = (before: Record<string, string>, set: Record<string, string>) => ({
  type: 'ec2:instance' as const,
  before,
  after: { ...before, ...set },
});
const found = (...changes: ReturnType<typeof change>[]) =>
  newViolations(changes, policy).map(({ tagName, violationType, severity, resources }) =>
    [tagName, violationType, severity, resources].join(' '),
  );

describe('newViolations', () => {
  it.each([
    [{ owner: 'b@example.com' }, ['owner invalid_format warning 1']],
    [{ OWNER: 'x', BACKUP: 'daily' }, ['OWNER invalid_format warning 1', 'BACKUP invalid_format warning 1']],
    [{ Owner: 'b@example.com', owner: 'b@example.com' }, ['owner invalid_format warning 1']],
    [{ Owner: 'nobody' }, ['Owner invalid_format error 1']],
    [{ Environment: 'test' }, ['Environment invalid_value error 1']],
    [{ Backup: 'weekly' }, ['Backup invalid_value warning 1']],
    [{ 'cost+centre': '1' }, ['cost+centre invalid_format warning 1']],
    [{ Note: 'x'.repeat(21) }, ['Note invalid_format warning 1']],
    [{ Backup: 'daily', Note: 'fine' }, []],
  ])('of setting %j on a good resource are %j', (set, expected) => {
    expect(found(change(good, set))).toEqual(expected);
  });

  it('leave out what is held against the resource already, and what the change cures', () => {
    expect(found(change({ ...good, owner: 'x' }, { owner: 'y' }))).toEqual([]);
    expect(found(change({ Environment: 'dev' }, { Owner: 'a@example.com' }))).toEqual([]);
    // Another fault of the same tag is a new one.
    expect(found(change({ Environment: 'dev' }, { Owner: 'nobody' }))).toEqual(['Owner invalid_format error 1']);
  });

  it('are counted over resources, and said with their reason', () => {
    const set = { owner: 'b@example.com' };
    const violations = newViolations([change(good, set), change({}, set)], policy);
    expect(violations).toMatchObject([{ resources: 2 }]);
    expect(newViolationWarnings(violations)).toEqual([
      'New warning on 2 resources: owner would be invalid_format, because the policy spells it Owner.',
    ]);
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`a+${at}`, '']));
    expect(newViolationWarnings(newViolations([change(good, many)], policy)).at(-1)).toBe(
      '3 more kinds of new violations; preview_bulk_tagging lists them.',
    );
  });
});
