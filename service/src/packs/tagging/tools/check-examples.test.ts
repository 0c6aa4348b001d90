/** The worked example of a check, and what an answer must not be mixed up with, through the tool. */
import { contextFor, heldPolicy, startPack } from '../../../../test/estate/pack.ts';
import type { Estate, Resource, Slice } from '../estate/estate.ts';
import { loadPolicy } from '../policy/policy.ts';

const account = '123456789012';
const types = ['ec2:instance', 's3:bucket', 'kms:key'] as const;
const on = { applies_to: ['ec2:instance', 's3:bucket'] };
const policyOf = (version: string, environments: readonly string[]) =>
  loadPolicy(
    {
      version,
      last_updated: '2026-11-20',
      required_tags: [
        { name: 'Owner', validation_regex: '[^@\\s]+@[^@\\s]+\\.[a-z]+$', ...on },
        { name: 'Environment', allowed_values: environments, ...on },
      ],
    },
    'file',
  );
const first = policyOf('1', ['production', 'staging', 'development', 'test']);

const resource = (id: string, type: Resource['type'], tags: Record<string, string>, state = 'running'): Resource => ({
  ...{ arn: `arn:aws:x:us-east-1:${account}:${id}`, id, type, tags, state },
  accountId: account,
  region: 'us-east-1',
  createdAt: null,
});
const resources = [
  resource('i-1', 'ec2:instance', { Owner: 'a@x.io', Environment: 'production' }),
  resource('i-2', 'ec2:instance', { Owner: 'a@x.io', Environment: 'prod' }),
  resource('i-3', 'ec2:instance', {}),
  resource('b-1', 's3:bucket', { Owner: 'ops', Environment: 'test' }),
  resource('i-4', 'ec2:instance', {}, 'terminated'),
  resource('k-1', 'kms:key', {}),
];

const started = async (policy = heldPolicy(first)) => {
  async function* list(...[extent]: Parameters<Estate['list']>): AsyncGenerator<Slice> {
    for (const accountId of extent.accounts)
      for (const region of extent.regions)
        for (const type of extent.types)
          yield { accountId, region, type, resources: resources.filter((each) => each.type === type) };
  }
  const { parts } = await startPack();
  const estate: Estate = {
    ...parts.estate,
    accounts: async () => [{ accountId: account, name: 'Example' }],
    regions: async () => ['us-east-1'],
    types: () => types,
    list,
  };
  const { call } = await startPack({ services: { estate, policy } });
  return (tool: string, input: object = {}) => call(tool, input, contextFor());
};

describe('worked example 1', () => {
  it('counts four resources, one of them compliant, and four violations of three kinds', async () => {
    const call = await started();
    const result = await call('check_tag_compliance');
    expect(result).toMatchObject({ total_resources: 4, compliant_resources: 1, compliance_score: 0.25 });
    expect(result).toMatchObject({ total_violations: 4, total_errors: 4, compliance_status: 'non_compliant' });
    const kinds = Array.from(Object(result).violations, (each) => Object(each).violation_type);
    expect(kinds.sort()).toEqual(['invalid_format', 'invalid_value', 'missing_required_tag', 'missing_required_tag']);
  });

  it('lists nothing for warnings_only, and the score stays', async () => {
    const result = await (await started())('check_tag_compliance', { severity: 'warnings_only' });
    expect(result).toMatchObject({ violations: [], total_violations: 0, compliance_score: 0.25 });
  });
});

it('an answer of the last hour is judged anew when the policy changes', async () => {
  let policy = first;
  const call = await started({ ...heldPolicy(first), current: async () => policy });
  await call('check_tag_compliance');
  policy = policyOf('2', ['prod', 'test']);
  expect(await call('check_tag_compliance')).toMatchObject({ compliance_score: 0.25, total_violations: 4 });
  policy = policyOf('3', ['production', 'prod', 'test']);
  expect(await call('check_tag_compliance')).toMatchObject({ compliance_score: 0.5, policy_version: policy.version });
});

it('find_untagged_resources tells an unknown age and an unknown cost as unknown, not as 0', async () => {
  const result = await (await started())('find_untagged_resources');
  expect(result).toMatchObject({
    total_untagged: 1,
    total_monthly_cost: null,
    resources: [{ age_days: null, monthly_cost_estimate: null, cost_source: null, current_tags: {} }],
  });
});
