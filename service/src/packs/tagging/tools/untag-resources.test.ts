/** Writes beside setting tags: removing them, and setting only what is missing; from the request to the way back. */
import { z } from 'zod';
import { contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import { type OnePack, openOnePack } from '../../../../test/rigs/one-pack.ts';
import { generateEstate } from '../sandbox/generate.ts';

const Found = z.looseObject({
  resources: z.array(
    z.looseObject({
      arn: z.string(),
      current_tags: z.record(z.string(), z.string()),
      missing_required_tags: z.array(z.string()),
    }),
  ),
});
const Previewed = z.looseObject({
  preview: z.looseObject({
    resources: z.array(z.looseObject({ arn: z.string(), current_tags: z.record(z.string(), z.string()) })),
  }),
});

let pack: OnePack;
beforeAll(async () => {
  pack = await openOnePack('tagging');
});
afterAll(() => pack.close());

const ownerless = async (count: number): Promise<string[]> => {
  const { resources } = Found.parse(
    await pack.call('find_untagged_resources', { resource_types: ['ec2:instance'], limit: 200 }),
  );
  const found = resources.filter(({ missing_required_tags: missing }) => missing.includes('Owner'));
  expect(found.length).toBeGreaterThanOrEqual(count);
  return found.slice(0, count).map(({ arn }) => arn);
};
const tagsNow = async (arns: readonly string[]): Promise<Record<string, string>[]> => {
  const { preview } = Previewed.parse(
    await pack.call('preview_bulk_tagging', { resource_arns: arns, tags: { 'probe-of-test': 'x' } }),
  );
  return arns.map((arn) => preview.resources.find((each) => each.arn === arn)?.current_tags ?? {});
};
const set = async (resource_arns: string[], tags: object) =>
  pack.approve(await pack.ask('bulk_tag_resources', { resource_arns, tags }));

describe('untag_resources', () => {
  it('removes keys after somebody agreed, warns of what the policy requires, and gives back what was there', async () => {
    const arns = await ownerless(3);
    const untagged = await tagsNow(arns);
    await set(arns, { Owner: 'platform@example.com', Team: 'a' });
    const tagged = await tagsNow(arns);
    const planned = await pack.ask('untag_resources', { resource_arns: arns, tag_keys: ['Owner', 'Absent', 'Owner'] });
    expect(planned.plan.summary).toContain('Remove Owner and Absent from 3 resources in');
    expect(planned.plan.changes[0]).toMatchObject({
      before: { Owner: 'platform@example.com', Absent: null },
      after: { Owner: null, Absent: null },
    });
    expect(planned.plan.warnings).toContain(
      'New error on 3 resources: Owner would be missing_required_tag, because the policy requires it.',
    );
    expect(await tagsNow(arns)).toEqual(tagged);
    const removed = await pack.approve(planned);
    expect(removed).toMatchObject({ status: 'applied', result: { applied: 3 } });
    expect(await tagsNow(arns)).toEqual(untagged.map((tags) => ({ ...tags, Team: 'a' })));
    expect(await pack.approve(await pack.revert(removed))).toMatchObject({ status: 'applied' });
    expect(await tagsNow(arns)).toEqual(tagged);
  });

  it('says what it leaves out, and refuses where nothing would be removed', async () => {
    const [one = '', two = ''] = await ownerless(2);
    await set([one], { Team: 'a' });
    const { plan } = await pack.ask('untag_resources', { resource_arns: [one, two], tag_keys: ['Team'] });
    expect(plan.changes.map(({ resourceId }) => resourceId)).toEqual([one]);
    expect(plan.warnings).toContain('Left out, without these tags already: 1 resource.');
    await expect(pack.ask('untag_resources', { resource_arns: [two], tag_keys: ['Team'] })).rejects.toThrow(
      'no resource carries these tags',
    );
  });

  it('does not try keys that AWS keeps for itself', async () => {
    const { resources, change } = await startPack();
    const one = generateEstate(startOfTests).find(({ state }) => state !== 'terminated');
    if (one === undefined) throw new Error('estate changed');
    await resources.put({ ...one, tags: { ...one.tags, 'aws:createdBy': 'x' } });
    const tool = change('untag_resources');
    const input = tool.input.parse({ resource_arns: [one.arn], tag_keys: ['aws:createdBy'] });
    await expect(tool.plan(input, contextFor())).rejects.toThrow('1 reserved_prefix. The key "aws:createdBy" begins');
  });
});

describe('only_if_missing', () => {
  it('plans missing keys alone, resource by resource, and says what keeps its value', async () => {
    const [one = '', two = '', three = ''] = await ownerless(3);
    await set([one], { Owner: 'other@example.com' });
    await set([three], { Owner: 'other@example.com', Note: 'kept' });
    const input = { resource_arns: [one, two, three], tags: { Owner: 'platform@example.com', Note: 'new' } };
    const { plan } = await pack.ask('bulk_tag_resources', { ...input, only_if_missing: true });
    expect(plan.summary).toContain('where missing on 2 resources');
    expect(plan.changes.map(({ resourceId, before, after }) => [resourceId, before, after])).toEqual([
      [one, { Note: null }, { Note: 'new' }],
      [two, { Owner: null, Note: null }, { Owner: 'platform@example.com', Note: 'new' }],
    ]);
    expect(plan.warnings).toEqual(
      expect.arrayContaining([
        '2 resources keep another value.',
        'Left out, because nothing is missing: 1 resource.',
        'What is no longer missing when this is applied is left out then, and told.',
      ]),
    );
    expect(plan.warnings.filter((warning) => warning.includes('overwritten'))).toEqual([]);
    const { preview } = z
      .looseObject({ preview: z.looseObject({ resources_affected: z.number(), warnings: z.array(z.string()) }) })
      .parse(await pack.call('preview_bulk_tagging', { ...input, only_if_missing: true }));
    expect(preview).toMatchObject({
      resources_affected: 2,
      warnings: expect.arrayContaining(['2 resources keep another value.']),
    });
    await expect(
      pack.ask('bulk_tag_resources', { ...input, resource_arns: [three], only_if_missing: true }),
    ).rejects.toThrow('missing on no resource');
  });

  it('leaves alone what somebody set between the approval’s plan and its apply, writes the others, and takes back only those', async () => {
    const [one = '', two = ''] = await ownerless(2);
    const tags = { Purpose: 'mine' };
    const planned = await pack.ask('bulk_tag_resources', { resource_arns: [one, two], tags, only_if_missing: true });
    await set([one], { Purpose: 'theirs' });
    const done = await pack.approve(planned);
    expect(done).toMatchObject({ status: 'partially-applied', result: { applied: 1, skipped: 1 } });
    expect(done.result?.outcomes).toContainEqual({ resourceId: one, outcome: 'skipped', code: 'already_present' });
    expect((await tagsNow([one, two])).map(({ Purpose }) => Purpose)).toEqual(['theirs', 'mine']);
    const back = await pack.revert(done);
    expect(back.plan.changes.map(({ resourceId, onlyIfMissing }) => [resourceId, onlyIfMissing])).toEqual([
      [two, undefined],
    ]);
    await pack.approve(back);
    expect((await tagsNow([one, two])).map(({ Purpose }) => Purpose)).toEqual(['theirs', undefined]);
  });

  it('takes no credit for the same value that somebody else set meanwhile', async () => {
    const [one = '', two = ''] = await ownerless(2);
    const tags = { Stage: 'x' };
    const planned = await pack.ask('bulk_tag_resources', { resource_arns: [one, two], tags, only_if_missing: true });
    await set([one], tags);
    expect((await pack.approve(planned)).result).toMatchObject({ applied: 1, skipped: 1 });
  });

  it('without it, all of it is planned anew when a value appears', async () => {
    const [one = '', two = ''] = await ownerless(2);
    const planned = await pack.ask('bulk_tag_resources', { resource_arns: [one, two], tags: { Area: 'mine' } });
    await set([one], { Area: 'theirs' });
    expect(await pack.approve(planned)).toMatchObject({ status: 'awaiting-countersign' });
  });
});

describe('a rollback', () => {
  it('of different values says that it takes a call for each, and gives back each of them', async () => {
    const arns = await ownerless(3);
    for (const [index, arn] of arns.entries()) await set([arn], { Rack: `r${index}` });
    const done = await set(arns, { Rack: 'all' });
    const back = await pack.revert(done);
    expect(back.plan.cost.apiCalls).toBe(3);
    await pack.approve(back);
    expect((await tagsNow(arns)).map(({ Rack }) => Rack)).toEqual(['r0', 'r1', 'r2']);
  });

  it('takes back the one of them that is chosen', async () => {
    const [one = '', two = ''] = await ownerless(2);
    const done = await set([one, two], { Shelf: 'x' });
    await pack.approve(await pack.revert(done, [two]));
    expect((await tagsNow([one, two])).map(({ Shelf }) => Shelf)).toEqual(['x', undefined]);
  });
});

it('a change of more than 500 resources is split, each resource in one part', async () => {
  const { change } = await startPack();
  const tool = change('bulk_tag_resources');
  const arns = Array.from({ length: 1100 }, (_, n) => `arn:aws:ec2:us-east-1:123456789012:instance/i-${n}`);
  const input = tool.input.parse({ resource_arns: [...arns, ...arns.slice(0, 100)], tags: { Owner: 'a@example.com' } });
  const parts = tool.split?.(input) ?? [];
  expect(parts.map(({ resource_arns }) => Object(resource_arns).length)).toEqual([500, 500, 100]);
  expect(parts.flatMap(({ resource_arns }) => resource_arns)).toEqual(arns);
  const most = (count: number) => ({ resource_arns: Array(count).fill(arns[0]), tags: {} });
  expect([2500, 2501].map((count) => tool.input.safeParse(most(count)).success)).toEqual([true, false]);
});
