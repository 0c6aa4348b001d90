import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPolicyFile } from '../service/src/packs/tagging/policy/policy-file.ts';
import { runCommand } from './platform/command.ts';
import { policyConvert } from './policy-convert.ts';

const tags = {
  costcenter: { tag_key: { '@@assign': 'CostCenter' }, enforced_for: { '@@assign': ['ec2:instance'] } },
  owner: { tag_key: { '@@assign': 'Owner' } },
};
const wildcard = { costcenter: { ...tags.costcenter, tag_value: { '@@assign': ['100', '300*'] } } };
const own = { version: '3', last_updated: '2026-01-31', required_tags: [{ name: 'Owner' }] };

describe('policy:convert', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-policy-convert-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = async (content: unknown, ...args: string[]) => {
    const file = join(folder, 'source.json');
    await writeFile(file, JSON.stringify(content));
    const [out, err]: [string[], string[]] = [[], []];
    const host = {
      root: `${import.meta.dirname}/..`,
      env: {},
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      ask: undefined,
      now: () => new Date('2026-11-30T09:00:00Z'),
    };
    const code = await runCommand(policyConvert, [file, ...args], host);
    return { code, out: out.join('\n'), err: err.join('\n') };
  };

  it.each([
    ['the content of a tag policy', { tags }],
    ['the answer of describe-policy', { Policy: { Content: JSON.stringify({ tags }) } }],
    ['the answer of describe-effective-policy', { EffectivePolicy: { PolicyContent: JSON.stringify({ tags }) } }],
  ])('prints the policy that %s becomes, and what it means otherwise', async (_, content) => {
    const { code, out, err } = await run(content, '--policy-version', '7');
    expect(JSON.parse(out)).toMatchObject({
      version: '7',
      last_updated: '2026-11-30',
      required_tags: [{ name: 'CostCenter', applies_to: ['ec2:instance'] }],
      optional_tags: [{ name: 'Owner' }],
    });
    expect(err).toContain('Converted it has 1 required tag and 1 optional tag.');
    expect(err).toContain('CostCenter: enforced_is_not_required.');
    expect(code).toBe(0);
  });

  it('writes a file that the service can use, and never over one that is there', async () => {
    const output = join(folder, 'policy.json');
    expect((await run({ tags }, '--output', output)).code).toBe(0);
    expect((await readPolicyFile(output)).policy.required_tags).toMatchObject([{ name: 'CostCenter' }]);
    const before = await readFile(output, 'utf8');
    const again = await run({ tags: wildcard }, '--output', output);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(await readFile(output, 'utf8')).toBe(before);
  });

  it('answers 2 where something of the source is lost', async () => {
    const { code, err } = await run({ tags: wildcard });
    expect([code, err]).toEqual([2, expect.stringContaining('CostCenter: wildcard_dropped.')]);
  });

  it('reports for machines', async () => {
    const { out } = await run({ tags: wildcard }, '--json');
    expect(JSON.parse(out)).toMatchObject({
      format: 'aws',
      semantic_differences: [{ code: 'enforced_is_not_required' }, { code: 'wildcard_dropped', tag: 'CostCenter' }],
      enforced_services: ['ec2'],
    });
  });

  it('checks a policy of this service and leaves it alone', async () => {
    const { code, out, err } = await run(own, '--output', join(folder, 'unwritten.json'));
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('is a policy of this service already, with 1 required tag and 0 optional tags.');
    await expect(readFile(join(folder, 'unwritten.json'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['neither kind of policy', { tag1Key: 'Owner' }, 'is the parameters of an AWS Config rule'],
    ['twins', { tags: { owner: {}, Owner: {} } }, 'tags.Owner: is the tag of tags.owner in another case'],
    ['a policy with a mistake', { ...own, required_tags: [{ name: '' }] }, 'required_tags.0.name'],
  ])('refuses %s', async (_, content, message) => {
    const { code, err } = await run(content);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});
