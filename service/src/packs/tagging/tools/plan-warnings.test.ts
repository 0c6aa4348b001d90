/** What preview and plan say alike before anything is written. */
import { z } from 'zod';
import { at, contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import { generateEstate } from '../sandbox/generate.ts';

type Pack = Awaited<ReturnType<typeof startPack>>;
const instances = generateEstate(startOfTests).filter(
  ({ type, state, tags }) => type === 'ec2:instance' && state === 'running' && tags.Owner && !tags.owner,
);
const [one, two] = instances;
if (one === undefined || two === undefined) throw new Error('estate changed');

const planned = async (pack: Pack, input: object) => {
  const tool = pack.change('bulk_tag_resources');
  return (await tool.plan(tool.input.parse(input), contextFor())).warnings;
};
const previewed = async (pack: Pack, input: object) => {
  const { preview } = z
    .looseObject({ preview: z.looseObject({ warnings: z.array(z.string()), new_violations: z.array(z.unknown()) }) })
    .parse(await pack.call('preview_bulk_tagging', input));
  return preview;
};

describe('a change that the next scan would report', () => {
  it.each([[{ owner: 'platform@example.com' }], [{ Owner: 'platform@example.com', owner: 'platform@example.com' }]])(
    'is warned of in preview and plan: %j',
    async (tags) => {
      const pack = await startPack();
      const input = { resource_arns: [one.arn], tags };
      const warning = 'New warning on 1 resource: owner would be invalid_format, because the policy spells it Owner.';
      expect(await planned(pack, input)).toContain(warning);
      const preview = await previewed(pack, input);
      expect(preview.warnings).toContain(warning);
      expect(preview.new_violations).toEqual([
        {
          tag_name: 'owner',
          violation_type: 'invalid_format',
          severity: 'warning',
          resources: 1,
          because: 'the policy spells it Owner',
        },
      ]);
    },
  );

  it('is what the next scan reports', async () => {
    const pack = await startPack();
    const count = async () => at(await pack.call('check_tag_compliance', { force_refresh: true }), 'total_violations');
    const before = Number(await count());
    const tags = { owner: 'platform@example.com', 'a+b': 'x' };
    const { new_violations } = await previewed(pack, { resource_arns: [one.arn], tags });
    await pack.resources.put({ ...one, tags: { ...one.tags, ...tags } });
    expect(await count()).toBe(before + new_violations.length);
  });
});

describe('a change that fights another owner', () => {
  it('is warned of in preview and plan, with the stack named', async () => {
    const pack = await startPack();
    await pack.resources.put({ ...one, tags: { ...one.tags, 'aws:cloudformation:stack-name': 'web-prod' } });
    await pack.resources.put({ ...two, tags: { ...two.tags, ManagedBy: 'terraform' } });
    const input = { resource_arns: [one.arn, two.arn], tags: { Application: 'shop' } };
    const warnings = [
      '1 resource belongs to the CloudFormation stack "web-prod". The next apply there undoes this: change the tags in its template as well.',
      '1 resource belongs to "terraform" (tag "ManagedBy"). The next apply there undoes this: change the tags in its configuration as well.',
    ];
    expect(await planned(pack, input)).toEqual(expect.arrayContaining(warnings));
    expect((await previewed(pack, input)).warnings).toEqual(expect.arrayContaining(warnings));
  });
});

describe('a tag that no service can keep', () => {
  it.each(['a\u0000b', 'a\nb', 'a\ud800b'])('is refused in the plan, with the reason: %j', async (value) => {
    const pack = await startPack();
    const input = { resource_arns: [one.arn, two.arn], tags: { Note: value } };
    await expect(planned(pack, input)).rejects.toThrow(/2 invalid_characters. The value of the tag "Note" holds U\+/);
    const preview = await pack.call('preview_bulk_tagging', input);
    expect(at(preview, 'preview', 'resources', 0)).toMatchObject({
      would_fail: 'invalid_characters',
      remedy: expect.stringContaining('The value of the tag "Note" holds U+'),
    });
  });

  it('and blanks at an end are told', async () => {
    const input = { resource_arns: [one.arn], tags: { Note: 'x ', ' Team': 'y' } };
    expect(await planned(await startPack(), input)).toContain('Blanks begin or end "Note" and " Team".');
  });
});
