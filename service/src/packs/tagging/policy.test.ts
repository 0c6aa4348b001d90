import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy, judgedTypes, loadPolicy, readPolicyFile } from './policy.ts';

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
    ['no tags at all', { version: '1', last_updated: 'x' }, 'required_tags'],
  ])('with %s does not load and says so', (_, candidate, message) => {
    expect(() => loadPolicy(candidate, 'file')).toThrow(message);
  });

  it('is read from a file, and the file is named when it cannot be', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'policy-'));
    const path = join(folder, 'policy.json');
    await expect(readPolicyFile(path)).rejects.toThrow(`TAG_POLICY_FILE ${path} cannot be read.`);
    await writeFile(path, '{');
    await expect(readPolicyFile(path)).rejects.toThrow(`TAG_POLICY_FILE ${path} is not JSON.`);
    await writeFile(path, JSON.stringify(minimal));
    expect(await readPolicyFile(path)).toMatchObject({ source: 'file', policy: { version: '1' } });
    await rm(folder, { recursive: true });
  });

  it('without applies_to concerns all 52 types; the default requires three tags', () => {
    const { policy } = defaultPolicy();
    expect(judgedTypes(policy)).toHaveLength(52);
    expect(policy.required_tags.map((tag) => tag.name)).toEqual(['CostCenter', 'Owner', 'Environment']);
    const some = loadPolicy({ ...minimal, required_tags: [{ name: 'Owner', applies_to: ['kms:key'] }] }, 'file');
    expect(judgedTypes(some.policy)).toEqual(['kms:key']);
  });
});
