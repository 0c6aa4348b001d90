import type { ResourceType } from '../estate/resource-types.ts';
import { loadPolicy } from '../policy/policy.ts';
import { errorsOf, isJudged } from '../policy/violations.ts';
import { scoreOf } from './score.ts';

describe('the score', () => {
  it('worked example 1: four count, one is compliant, four violations', () => {
    const on = { applies_to: ['ec2:instance', 's3:bucket'] };
    const policy = loadPolicy(
      {
        version: '1',
        last_updated: '2026-11-20',
        required_tags: [
          { name: 'Owner', validation_regex: '[^@\\s]+@[^@\\s]+\\.[a-z]+$', ...on },
          { name: 'Environment', allowed_values: ['production', 'staging', 'development', 'test'], ...on },
        ],
      },
      'file',
    );
    const resource = (type: ResourceType, tags: Record<string, string>, state = 'running') => ({ type, tags, state });
    const estate = [
      resource('ec2:instance', { Owner: 'a@x.io', Environment: 'production' }),
      resource('ec2:instance', { Owner: 'a@x.io', Environment: 'prod' }),
      resource('ec2:instance', {}),
      resource('s3:bucket', { Owner: 'ops', Environment: 'test' }),
      resource('ec2:instance', {}, 'terminated'),
      resource('kms:key', {}),
    ].filter((each) => isJudged(each, policy, new Set()));
    const found = estate.map((each) => errorsOf(each.type, each.tags, policy));
    const kinds = found.flat().map((each) => each.violationType);

    expect(scoreOf({ total: estate.length, compliant: found.filter((each) => each.length === 0).length })).toEqual({
      compliance_status: 'non_compliant',
      compliance_score: 0.25,
      compliance_score_compat: 0.25,
    });
    expect(estate).toHaveLength(4);
    expect(kinds.sort()).toEqual(['invalid_format', 'invalid_value', 'missing_required_tag', 'missing_required_tag']);
  });

  it('is compliant only when everything is', () => {
    expect(scoreOf({ total: 3, compliant: 3 }).compliance_status).toBe('compliant');
    expect(scoreOf({ total: 100_000, compliant: 99_999 }).compliance_status).toBe('non_compliant');
  });
});
