import { createRandom } from '../../../../random.ts';
import { loadPolicy, Policy } from '../policy.ts';
import { errorsOf } from '../violations.ts';
import { convertTagPolicy } from './convert.ts';

const about = { version: '1', lastUpdated: '2026-11-30' };
const convert = (tags: unknown) => convertTagPolicy({ tags }, about);
const assign = (value: unknown) => ({ '@@assign': value });
const codesOf = ({ differences }: ReturnType<typeof convert>) => differences.map(({ code, tag }) => [code, tag]);

const written = {
  costcenter: {
    tag_key: assign('CostCenter'),
    tag_value: assign(['100', '200', '300*']),
    enforced_for: assign(['secretsmanager:ALL_SUPPORTED']),
  },
  owner: { tag_key: assign('Owner') },
};
const effective = {
  costcenter: {
    tag_key: 'CostCenter',
    tag_value: ['100', '200', '300*'],
    enforced_for: ['secretsmanager:ALL_SUPPORTED'],
  },
  owner: { tag_key: 'Owner' },
};

describe('converting a tag policy of AWS', () => {
  it.each([
    ['written with operators', written],
    ['merged, with plain values', effective],
  ])('makes of one %s required tags where it is enforced, and optional ones elsewhere', (_, tags) => {
    const converted = convert(tags);
    expect(converted.policy).toMatchObject({
      required_tags: [{ name: 'CostCenter', allowed_values: ['100', '200'], applies_to: ['secretsmanager:secret'] }],
      optional_tags: [{ name: 'Owner', allowed_values: null }],
    });
    expect(codesOf(converted)).toEqual([
      ['enforced_is_not_required', 'CostCenter'],
      ['wildcard_dropped', 'CostCenter'],
    ]);
    expect(converted.enforcedServices).toEqual(['secretsmanager']);
    const judged = errorsOf('secretsmanager:secret', { CostCenter: '300-eu' }, loadPolicy(converted.policy, 'request'));
    expect(judged).toMatchObject([{ violationType: 'invalid_value', tagName: 'CostCenter' }]);
  });

  it.each([
    ['a type', ['ec2:instance'], ['ec2:instance']],
    ['a type in another case', ['elasticloadbalancing:loadBalancer'], ['elasticloadbalancing:loadbalancer']],
    ['every type of a service', ['rds:ALL_SUPPORTED'], ['rds:cluster', 'rds:db']],
    ['every type of a service, as it was written before', ['rds:*'], ['rds:cluster', 'rds:db']],
    [
      'a service that ARNs call otherwise',
      ['es:domain', 'states:stateMachine', 'elasticmapreduce:cluster'],
      ['emr:cluster', 'opensearch:domain', 'stepfunctions:statemachine'],
    ],
    ['a type twice', ['s3:bucket', 's3:*'], ['s3:bucket']],
  ])('applies a tag to %s', (_, entries, types) => {
    expect(convert({ owner: { tag_key: 'Owner', enforced_for: entries } }).policy.required_tags).toMatchObject([
      { applies_to: types },
    ]);
  });

  it.each([
    [
      'an unknown type beside a known one',
      { tag_key: 'Owner', enforced_for: ['ec2:instance', 'ec2:fleet'] },
      ['enforced_is_not_required', 'unmapped_type'],
      ['ec2:instance'],
    ],
    [
      'unknown types alone',
      { tag_key: 'Owner', enforced_for: ['iot:*', 'ec2:fleet', '', '*'] },
      ['unmapped_type'],
      undefined,
    ],
    ['a list of no types', { tag_key: 'Owner', enforced_for: [] }, [], undefined],
    [
      'required tags of the source',
      { tag_key: 'Owner', report_required_tag_for: assign(['ec2:ALL_SUPPORTED']) },
      ['required_in_source'],
      undefined,
    ],
    [
      'operators of inheritance',
      {
        tag_key: { ...assign('Owner'), '@@operators_allowed_for_child_policies': ['@@none'] },
        tag_value: { '@@append': ['a'], '@@remove': ['b'] },
      },
      ['operators_ignored'],
      undefined,
    ],
    ['no spelling of the key', {}, ['key_case_defaulted'], undefined],
    ['a member that no tag policy has', { tag_key: 'Owner', colour: 'red' }, ['unknown_member'], undefined],
  ])('says what becomes of %s', (_, tag, codes, appliesTo) => {
    const converted = convert({ Owner: tag });
    expect(codesOf(converted).map(([code]) => code)).toEqual(codes);
    expect(converted.policy.required_tags.map((each) => each.applies_to)).toEqual(
      appliesTo === undefined ? [] : [appliesTo],
    );
    expect(converted.policy.optional_tags).toHaveLength(appliesTo === undefined ? 1 : 0);
  });

  it('spells a key without tag_key in lower case', () => {
    expect(convert({ CostCenter: {} }).policy.optional_tags).toMatchObject([{ name: 'costcenter' }]);
  });

  it('allows any value where only wildcards were listed', () => {
    const converted = convert({ owner: { tag_key: 'Owner', tag_value: ['team-*', '*'] } });
    expect(converted.policy.optional_tags).toMatchObject([{ name: 'Owner', allowed_values: null }]);
    expect(converted.differences).toMatchObject([
      { code: 'wildcard_dropped', detail: expect.stringContaining('any value is allowed') },
    ]);
  });

  it('names operators beside the tags once', () => {
    expect(
      codesOf(convert({ '@@operators_allowed_for_child_policies': ['@@none'], owner: { tag_key: 'Owner' } })),
    ).toEqual([['operators_ignored', null]]);
  });

  it.each([
    ['no object', 'text', 'tags: must be an object'],
    ['a policy without tags', {}, 'tags: names no tag'],
    ['a tag that is no object', { owner: 'Owner' }, 'tags.owner: must be an object'],
    [
      'two tags that differ by case',
      { costcenter: { tag_key: 'CostCenter' }, CostCenter: {} },
      'tags.CostCenter: is the tag of tags.costcenter in another case',
    ],
    [
      'a key that is not its entry',
      { owner: { tag_key: 'Team' } },
      'tags.owner.tag_key: "Team" must be owner in some case',
    ],
    ['a list of keys', { owner: { tag_key: ['Owner', 'owner'] } }, 'tags.owner.tag_key: must be one key'],
    ['values that are no texts', { owner: { tag_key: 'Owner', tag_value: [1] } }, 'tags.owner.tag_value: must be text'],
    ['a list in place of an operator', { owner: { tag_value: { assign: ['a'] } } }, 'has assign, which is no operator'],
    [
      'a value that AWS would not take',
      { owner: { tag_key: 'Owner', tag_value: ['x'.repeat(257)] } },
      'optional_tags.0.allowed_values.0',
    ],
  ])('refuses %s, and says where', (_, tags, message) => {
    expect(() => convert(tags)).toThrow(message);
  });

  it('never requires a tag of every type where the source names some', () => {
    const random = createRandom(7);
    const entries = [
      'ec2:instance',
      'ec2:*',
      'iot:ALL_SUPPORTED',
      'nothing',
      ':',
      '*',
      '',
      's3:bucket',
      'RDS:DB',
      'made:up',
    ] as const;
    for (let round = 0; round < 500; round += 1) {
      const some = Array.from({ length: random.between(0, 4) }, () => random.pick([...entries]));
      const enforced_for = random.chance(0.5) ? some : assign(some);
      const { policy } = convert({ owner: { tag_key: 'Owner', enforced_for }, team: {} });
      expect(policy.required_tags.every(({ applies_to }) => applies_to.length > 0)).toBe(true);
      expect(policy.required_tags.length + policy.optional_tags.length).toBe(2);
      expect(Policy.safeParse(policy).success).toBe(true);
    }
  });
});
