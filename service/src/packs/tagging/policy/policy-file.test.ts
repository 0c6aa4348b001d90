import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolicyFile } from './policy-file.ts';

const minimal = {
  version: '1',
  last_updated: '2026-01-01',
  required_tags: [{ name: 'Owner', description: 'für alle' }],
};
const json = JSON.stringify(minimal);
const tags = {
  costcenter: {
    tag_key: { '@@assign': 'CostCenter' },
    tag_value: { '@@assign': ['100', '200', '300*'] },
    enforced_for: { '@@assign': ['secretsmanager:*'] },
  },
};

describe('a policy file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const read = async (content: string | Buffer) => {
    await writeFile(join(folder, 'policy.json'), content);
    return readPolicyFile(join(folder, 'policy.json'));
  };

  it.each([
    ['as it is', json],
    ['with the byte order mark of Windows editors', `\ufeff${json}`],
    ['with Windows line ends', JSON.stringify(minimal, null, 2).replaceAll('\n', '\r\n')],
  ])('is read %s', async (_, content) => {
    expect(await read(content)).toMatchObject({ source: 'file', policy: minimal });
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${json}`, 'utf16le'), 'is UTF-16 or binary. Save it as UTF-8.'],
    ['UTF-16 without a mark', Buffer.from(json, 'utf16le'), 'is UTF-16 or binary. Save it as UTF-8.'],
    ['UTF-16, big end first', Buffer.from(`\ufeff${json}`, 'utf16le').swap16(), 'is UTF-16 or binary.'],
    ['Latin-1', Buffer.from(json, 'latin1'), 'is not UTF-8. Save it as UTF-8.'],
    ['nothing', '\n', 'is empty.'],
    ['YAML', 'version: "1"\nrequired_tags:\n  - name: Owner\n', 'is YAML. Write it as JSON.'],
    ['YAML with a head', '---\nversion: 1\n', 'is YAML. Write it as JSON.'],
    ['broken JSON', '{"version": ', 'is not JSON: '],
    ['an AWS tag policy', JSON.stringify({ tags }), 'is an AWS Organizations tag policy'],
    ['an AWS tag policy with a mark', `\ufeff${JSON.stringify({ tags })}`, 'is an AWS Organizations tag policy'],
    [
      'an AWS tag policy with operators beside its tags',
      JSON.stringify({ tags: { '@@operators_allowed_for_child_policies': ['@@none'], owner: {} } }),
      'is an AWS Organizations tag policy',
    ],
    [
      'an effective AWS tag policy',
      JSON.stringify({ tags: { costcenter: { tag_key: 'CostCenter', tag_value: ['100'] } } }),
      'Convert it with npm run policy:convert',
    ],
    [
      'the answer of describe-policy',
      JSON.stringify({ Policy: { PolicySummary: {}, Content: JSON.stringify({ tags }) } }),
      'is an AWS Organizations tag policy',
    ],
    [
      'the answer of describe-effective-policy',
      JSON.stringify({ EffectivePolicy: { PolicyContent: JSON.stringify({ tags }), PolicyType: 'TAG_POLICY' } }),
      'is an AWS Organizations tag policy',
    ],
    ['parameters of AWS Config', JSON.stringify({ tag1Key: 'CostCenter' }), 'the parameters of an AWS Config rule'],
    [
      'a Cloud Custodian policy',
      JSON.stringify({ policies: [{ name: 'tags', resource: 'aws.ec2' }] }),
      'is a Cloud Custodian policy',
    ],
    [
      'an answer of get_tagging_policy',
      JSON.stringify({ policy: minimal, version: '1+0' }),
      'Keep what its member "policy" holds',
    ],
    ['another object', JSON.stringify({ tags: [] }), 'cannot be used:'],
  ])('that holds %s is refused and named', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
    await expect(read(content)).rejects.toThrow(`TAG_POLICY_FILE ${join(folder, 'policy.json')} `);
  });

  it('that cannot be read is named with the reason', async () => {
    const absent = join(folder, 'absent.json');
    await expect(readPolicyFile(absent)).rejects.toThrow(
      `TAG_POLICY_FILE ${absent} cannot be read: it does not exist.`,
    );
    await mkdir(join(folder, 'inner'));
    await expect(readPolicyFile(join(folder, 'inner'))).rejects.toThrow('cannot be read: it is a folder.');
  });
});
