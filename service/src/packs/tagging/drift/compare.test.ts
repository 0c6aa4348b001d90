import { loadPolicy } from '../policy/policy.ts';
import { compareTags, type Looks } from './compare.ts';

const { policy } = loadPolicy(
  { version: '1', last_updated: '2026-11-20', required_tags: [{ name: 'Owner' }, { name: 'Environment' }] },
  'file',
);
const arnOf = (id: string) => `arn:aws:ec2:us-east-1:123456789012:instance/${id}`;
const instance = (id: string, tags: Record<string, string>) =>
  ({ arn: arnOf(id), id, tags, type: 'ec2:instance', accountId: '123456789012', region: 'us-east-1' }) as const;
const before = new Map([
  [arnOf('r1'), { Environment: 'production', Owner: 'a' }],
  [arnOf('r2'), { Environment: 'test', Owner: 'b' }],
  [arnOf('r3'), { Environment: 'test', Owner: 'c' }],
]);
const now = [
  instance('r1', { Environment: 'prod', Owner: 'a', Project: 'x' }),
  instance('r2', { Environment: 'test' }),
  instance('r4', {}),
];
const compared = (more: Partial<Looks> = {}) => {
  const { drifts, ...counts } = compareTags({ before, now, failures: [], policy, keys: undefined, ...more });
  const lines = drifts.map(({ resource, tag, driftType, oldValue, newValue, severity }) =>
    [resource.id, tag, driftType, oldValue, newValue, severity].join(' '),
  );
  return { lines, ...counts };
};

describe('drift', () => {
  it('worked example 8: one tag changed, one removed, one resource new and one deleted', () => {
    expect(compared()).toEqual({
      lines: ['r1 Environment changed production prod warning', 'r2 Owner removed b  critical'],
      resourcesNew: 1,
      resourcesDeleted: 1,
    });
  });

  it('of keys that are named counts each, and what the policy does not require is info', () => {
    expect(compared({ keys: ['Project', 'Owner'] }).lines).toEqual([
      'r1 Project added  x info',
      'r2 Owner removed b  critical',
    ]);
  });

  it('a required tag that was added is info', () => {
    const later = [instance('r2', { Environment: 'test', Owner: 'b' })];
    expect(compared({ before: new Map([[arnOf('r2'), { Environment: 'test' }]]), now: later }).lines).toEqual([
      'r2 Owner added  b info',
    ]);
  });

  it('a breach of the policy that was there before is none', () => {
    expect(compared({ before: new Map([[arnOf('r2'), { Environment: 'test' }]]) }).lines).toEqual([]);
  });

  it('an empty value is a value, and a key named as a member of every object is none', () => {
    const was = new Map([[arnOf('r1'), { Owner: '' }]]);
    expect(compared({ before: was, now: [instance('r1', {})], keys: ['Owner', 'constructor'] }).lines).toEqual([
      'r1 Owner removed   critical',
    ]);
  });

  it('a tag that another type must have is not looked at', () => {
    const ofBuckets = loadPolicy(
      { version: '1', last_updated: '2026', required_tags: [{ name: 'Owner', applies_to: ['s3:bucket'] }] },
      'file',
    );
    expect(compared({ policy: ofBuckets.policy }).lines).toEqual([]);
  });

  it.each([
    ['the type there', { type: 'ec2:instance', region: 'us-east-1' }, 0],
    ['the account', {}, 0],
    ['another type', { type: 'rds:db', region: 'us-east-1' }, 1],
    ['another region', { region: 'eu-west-1' }, 1],
  ] as const)(
    'what is gone from a place is not counted as deleted where %s could not be read',
    (_what, where, gone) => {
      const failure = { accountId: '123456789012', ...where, code: 'throttled', message: 'x' };
      expect(compared({ failures: [failure] }).resourcesDeleted).toBe(gone);
    },
  );
});
