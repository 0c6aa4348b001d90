import { at, startPack } from '../../../../test/estate/pack.ts';
import { loadPolicy } from '../policy/policy.ts';

/** The policy and resources of worked example 1. */
const policy = loadPolicy(
  {
    version: '1',
    last_updated: '2026-11-20',
    required_tags: [
      { name: 'Owner', validation_regex: '[^@ ]+@[^@ ]+\\.[a-z]+$', applies_to: ['ec2:instance', 's3:bucket'] },
      {
        name: 'Environment',
        allowed_values: ['production', 'staging', 'development', 'test'],
        applies_to: ['ec2:instance', 's3:bucket'],
      },
    ],
  },
  'file',
);
const account = '123456789012';
const instance = (n: number) => `arn:aws:ec2:us-east-1:${account}:instance/i-${n}`;
const bucket = 'arn:aws:s3:::ops-bucket';

const open = async () => {
  const pack = await startPack({ policy });
  const put = (arn: string, type: 'ec2:instance' | 's3:bucket' | 'lambda:function', tags: object, state = 'running') =>
    pack.resources.put({
      ...{ arn, type, accountId: account, region: 'us-east-1', id: arn.split(/[:/]/).at(-1) ?? '', state },
      tags: { ...tags },
      createdAt: '2026-11-01T00:00:00.000Z',
      monthlyUsd: 1,
    });
  await put(instance(1), 'ec2:instance', { Owner: 'a@x.io', Environment: 'production' });
  await put(instance(2), 'ec2:instance', { Owner: 'a@x.io', Environment: 'prod' });
  await put(instance(3), 'ec2:instance', {});
  await put(instance(4), 'ec2:instance', {}, 'terminated');
  await put(bucket, 's3:bucket', { Owner: 'ops', Environment: 'test' });
  await put(`arn:aws:lambda:us-east-1:${account}:function:f`, 'lambda:function', {});
  return pack;
};
const example = [instance(1), instance(2), instance(3), instance(4), bucket];

const validate = (pack: Awaited<ReturnType<typeof open>>, resource_arns: string[], more: object = {}) =>
  pack.call('validate_resource_tags', { resource_arns, ...more });
const resultOf = (answer: unknown, arn: string): unknown => {
  const results = at(answer, 'results');
  return Array.isArray(results) ? results.find((each) => at(each, 'resource_arn') === arn) : undefined;
};

describe('validate_resource_tags', () => {
  it('judges worked example 1: four counted, one compliant, two tags missing, a value and a format wrong', async () => {
    const told = await validate(await open(), example);
    expect(told).toMatchObject({
      total_resources: 4,
      compliant_resources: 1,
      non_compliant_resources: 3,
      not_judged: 1,
      policy_version: policy.version,
    });
    expect(resultOf(told, instance(1))).toMatchObject({ status: 'ok', is_compliant: true, violations: [] });
    expect(resultOf(told, instance(2))).toMatchObject({
      is_compliant: false,
      current_tags: { Owner: 'a@x.io', Environment: 'prod' },
      violations: [{ violation_type: 'invalid_value', tag_name: 'Environment', current_value: 'prod' }],
    });
    expect(at(resultOf(told, instance(3)), 'violations')).toHaveLength(2);
    expect(at(resultOf(told, bucket), 'violations')).toMatchObject([{ violation_type: 'invalid_format' }]);
    expect(resultOf(told, instance(4))).toMatchObject({ status: 'not_found', is_compliant: null, current_tags: null });
  });

  it('tells each ARN that it cannot judge as such, and judges the others', async () => {
    const pack = await open();
    pack.behaviour.throttledRegions.add('eu-west-1');
    const [abroad] = (await pack.resources.ofAccount(account)).filter(
      (each) => each.region === 'eu-west-1' && each.state !== 'terminated',
    );
    const rows = [
      ['arn:aws:ec2:us-east-1:123456789012:instance/i-none', 'not_found', undefined],
      ['arn:aws:s3:::no-such-bucket', 'not_found', undefined],
      [`arn:aws:kms:us-east-1:${account}:key/1`, 'unsupported', 'kms:key is not enabled'],
      [`arn:aws:ec2:ap-south-1:${account}:instance/i-9`, 'unsupported', 'region ap-south-1 is not enabled'],
      [`arn:aws:ecs:us-east-1:${account}:service/old`, 'unsupported', 'long ARN'],
      ['not an arn', 'unsupported', 'no ARN'],
      [abroad?.arn ?? '', 'error', 'rate is exceeded'],
    ] as const;
    const told = await validate(pack, [...rows.map(([arn]) => arn), instance(1)]);
    expect(told).toMatchObject({ total_resources: 1, compliant_resources: 1, not_judged: rows.length });
    for (const [arn, status, reason] of rows) {
      expect(resultOf(told, arn)).toMatchObject({ status, is_compliant: null, violations: [] });
      if (reason !== undefined) expect(at(resultOf(told, arn), 'reason')).toContain(reason);
    }
  });

  it('knows nothing of a type that the policy asks nothing of: that is not compliant', async () => {
    const arn = `arn:aws:lambda:us-east-1:${account}:function:f`;
    const told = await validate(await open(), [arn]);
    expect(told).toMatchObject({ total_resources: 0, not_judged: 1 });
    expect(resultOf(told, arn)).toMatchObject({ status: 'ok', is_compliant: null, current_tags: {} });
  });

  it('counts a resource once, however often it is named, and pages through all', async () => {
    const pack = await open();
    const first = await validate(pack, [...example, ...example], { limit: 2 });
    expect(first).toMatchObject({ total_resources: 4, results: [{ is_compliant: false }, { is_compliant: false }] });
    const second = await validate(pack, example, { limit: 3, cursor: first.next_cursor });
    expect(at(second, 'results')).toMatchObject([
      { is_compliant: false },
      { status: 'not_found' },
      { is_compliant: true },
    ]);
    expect(second.next_cursor).toBeUndefined();
  });

  it('takes a hundred ARNs and no more', async () => {
    const pack = await open();
    const many = Array.from({ length: 101 }, (_, n) => instance(n + 1000));
    expect((await validate(pack, many.slice(1))).not_judged).toBe(100);
    await expect(validate(pack, many)).rejects.toThrow('100');
  });
});
