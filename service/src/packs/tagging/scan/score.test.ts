import type { ResourceType } from '../estate/resource-types.ts';
import { loadPolicy } from '../policy/policy.ts';
import { errorsOf, isJudged } from '../policy/violations.ts';
import { aggregate, countBy, scoreOf } from './score.ts';

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

  it('worked example 2: nothing to judge is no data, and weighs nothing in the sum', () => {
    expect(scoreOf({ total: 0, compliant: 0 })).toEqual({
      compliance_status: 'no_data',
      compliance_score: null,
      compliance_score_compat: 1,
    });
    const sum = aggregate([
      { total: 0, compliant: 0 },
      { total: 4, compliant: 3 },
    ]);
    expect(scoreOf(sum).compliance_score).toBe(0.75);
  });

  it('worked example 3: 1769 of 2490 is .7104, not the mean of the scores', () => {
    const sum = aggregate([
      { total: 1250, compliant: 900 },
      { total: 890, compliant: 578.5 },
      { total: 350, compliant: 290.5 },
    ]);
    expect(sum).toEqual({ total: 2490, compliant: 1769 });
    expect(scoreOf(sum).compliance_score).toBe(0.7104);
  });

  it('is compliant only when everything is', () => {
    expect(scoreOf({ total: 3, compliant: 3 }).compliance_status).toBe('compliant');
    expect(scoreOf({ total: 100_000, compliant: 99_999 }).compliance_status).toBe('non_compliant');
  });

  it('is counted per region', () => {
    const of = [
      { region: 'a', ok: true },
      { region: 'a', ok: false },
      { region: 'b', ok: true },
    ];
    expect([
      ...countBy(
        of,
        (each) => each.region,
        (each) => each.ok,
      ),
    ]).toEqual([
      ['a', { total: 2, compliant: 1 }],
      ['b', { total: 1, compliant: 1 }],
    ]);
  });
});
