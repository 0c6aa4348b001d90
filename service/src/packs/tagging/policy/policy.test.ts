import { defaultPolicy, judgedTypes, loadPolicy } from './policy.ts';

const minimal = { version: '1', last_updated: '2026-01-01', required_tags: [{ name: 'Owner' }] };

describe('a policy', () => {
  it('fills in what is left out', () => {
    const { policy } = loadPolicy(minimal, 'file');
    expect(policy.required_tags).toEqual([
      { name: 'Owner', description: '', allowed_values: null, validation_regex: null, applies_to: [] },
    ]);
    expect(policy.tag_naming_rules).toEqual({
      case_sensitivity: false,
      allow_special_characters: false,
      max_key_length: 128,
      max_value_length: 256,
    });
  });

  it('has a version that moves with its content, not with the order of its keys', () => {
    const { version } = loadPolicy(minimal, 'file');
    const reordered = { required_tags: minimal.required_tags, last_updated: '2026-01-01', version: '1' };
    expect(version).toMatch(/^1\+[0-9a-f]{12}$/);
    expect(loadPolicy(reordered, 'file').version).toBe(version);
    expect(loadPolicy({ ...minimal, required_tags: [{ name: 'owner' }] }, 'file').version).not.toBe(version);
  });

  it.each([
    [
      'a broken pattern',
      { ...minimal, required_tags: [{ name: 'Owner', validation_regex: '(' }] },
      'required_tags.0.validation_regex: "(" cannot be used: missing closing )',
    ],
    [
      'a pattern of another dialect',
      { ...minimal, required_tags: [{ name: 'Owner', validation_regex: 'prod\\Z' }] },
      'required_tags.0.validation_regex: "prod\\\\Z" cannot be used: \\Z does not exist here. Write $',
    ],
    [
      'an unknown type',
      { ...minimal, required_tags: [{ name: 'Owner', applies_to: ['ec2:cat'] }] },
      'required_tags.0.applies_to.0: is not a resource type',
    ],
    ['an unknown field', { ...minimal, requiredTags: [] }, 'requiredTags'],
    ['a tag listed twice', { ...minimal, optional_tags: [{ name: 'Owner' }] }, 'the tag Owner is listed twice'],
    [
      'two required tags that differ by case',
      { ...minimal, required_tags: [{ name: 'Owner' }, { name: 'owner' }] },
      'required_tags.1.name: the tags Owner and owner are one tag in two spellings',
    ],
    [
      'a required and an optional tag that differ by case',
      { ...minimal, optional_tags: [{ name: 'OWNER' }] },
      'optional_tags.0.name: the tags Owner and OWNER are one tag in two spellings',
    ],
    [
      'two keys that differ by Unicode form',
      { ...minimal, required_tags: [{ name: 'Zust\u00e4ndig' }, { name: 'Zusta\u0308ndig' }] },
      'required_tags.1.name',
    ],
    [
      'a wildcard among the allowed values',
      { ...minimal, required_tags: [{ name: 'CostCenter', allowed_values: ['100', '300*'] }] },
      'required_tags.0.allowed_values.1: "300*" is compared letter by letter: * is no wildcard. Use validation_regex',
    ],
    [
      'an allowed value that its own pattern refuses',
      { ...minimal, required_tags: [{ name: 'Stage', allowed_values: ['dev', 'prod'], validation_regex: 'dev$' }] },
      'required_tags.0.allowed_values.1: "prod" does not match the validation_regex',
    ],
    ['no tags at all', { version: '1', last_updated: 'x' }, 'required_tags'],
  ])('with %s does not load and says so', (_, candidate, message) => {
    expect(() => loadPolicy(candidate, 'file')).toThrow(message);
  });

  it('without applies_to concerns all 52 types; the default requires three tags', () => {
    const { policy } = defaultPolicy();
    expect(judgedTypes(policy)).toHaveLength(52);
    expect(policy.required_tags.map((tag) => tag.name)).toEqual(['CostCenter', 'Owner', 'Environment']);
    const some = loadPolicy({ ...minimal, required_tags: [{ name: 'Owner', applies_to: ['kms:key'] }] }, 'file');
    expect(judgedTypes(some.policy)).toEqual(['kms:key']);
  });
});
