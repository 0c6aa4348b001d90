import { firstTypeNames, taggableTypeNames } from '../../../../../contracts/packs/tagging/types/index.ts';
import { defaultPolicy, loadPolicy } from '../policy/policy.ts';
import { notScanned } from './not-scanned.ts';

const policyOn = (...applies_to: string[]) =>
  loadPolicy(
    {
      version: '1',
      last_updated: '2026-11-20',
      required_tags: [{ name: 'Owner', description: 'x', applies_to }],
      optional_tags: [],
    },
    'file',
  ).policy;

describe('types of the policy that are not scanned', () => {
  it('are those that the operator did not enable', () => {
    const policy = policyOn('ec2:instance', 'ec2:volume', 'rds:cluster');
    expect(notScanned(policy, firstTypeNames)).toEqual({ not_enabled: ['ec2:volume', 'rds:cluster'] });
    expect(notScanned(policy, ['ec2:instance', 'ec2:volume', 'rds:cluster'])).toEqual({});
  });

  it('are none of which the policy asks nothing', () => {
    expect(notScanned(policyOn('ec2:instance'), firstTypeNames)).toEqual({});
  });

  it('are all others of the 52 where the policy names no types', () => {
    const { policy } = defaultPolicy();
    const left = Object.values(notScanned(policy, firstTypeNames)).flat();
    expect(left).toHaveLength(52 - firstTypeNames.length);
    expect(Object.values(notScanned(policy, taggableTypeNames)).flat()).not.toContain('ec2:volume');
  });
});
