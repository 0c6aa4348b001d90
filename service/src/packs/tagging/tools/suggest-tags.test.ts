import { z } from 'zod';
import { startPack } from '../../../../test/estate/pack.ts';
import { createSandboxEstate } from '../sandbox/estate.ts';

const account = '123456789012';
const Answer = z.looseObject({
  suggestions: z.array(
    z.object({ tag_key: z.string(), suggested_value: z.string(), confidence: z.number(), reasoning: z.string() }),
  ),
  without_suggestion: z.array(z.string()),
  snapshot_timestamp: z.string().nullable(),
  not_read: z.array(z.string()),
});

type Pack = Awaited<ReturnType<typeof startPack>>;
const put = (pack: Pack, arn: string, type: 'ec2:instance' | 's3:bucket', tags: Record<string, string>) =>
  pack.resources.put({
    ...{ arn, type, tags, accountId: account, region: 'us-east-1', id: arn.split(/[:/]/).at(-1) ?? '' },
    ...{ state: 'running', createdAt: '2026-11-01T00:00:00.000Z', monthlyUsd: 1 },
  });
const suggest = async (pack: Pack, resource_arn: string) =>
  Answer.parse(await pack.call('suggest_tags', { resource_arn }));
const instance = `arn:aws:ec2:us-east-1:${account}:instance/i-0aaaaaaaaaaaaaaaa`;

describe('suggest_tags', () => {
  it('suggests what the VPC, the name and resources like it say, and names what nothing is known of', async () => {
    const pack = await startPack();
    await put(pack, instance, 'ec2:instance', { Name: 'landing-web-77' });
    expect((await suggest(pack, instance)).snapshot_timestamp).toBeNull();
    await pack.call('check_tag_compliance', { store_snapshot: true });
    const told = await suggest(pack, instance);
    expect(told.suggestions[0]).toEqual({
      tag_key: 'Environment',
      suggested_value: 'production',
      confidence: 0.85,
      reasoning: 'Its VPC is called “production-main”, which names production.',
    });
    const owner = told.suggestions.find((each) => each.tag_key === 'Owner');
    expect(owner).toMatchObject({
      suggested_value: 'campaigns@example.com',
      reasoning: expect.stringMatching(/^\d+ of \d+ resources of its type, account and application have it\.$/),
    });
    expect(told.suggestions.find((each) => each.tag_key === 'CostCenter')?.suggested_value).toBe('Marketing');
    expect(told.snapshot_timestamp).not.toBeNull();
  });

  it('takes the ARN of a bucket, which names no account', async () => {
    const pack = await startPack();
    const bucket = 'arn:aws:s3:::example-staging-ledger-exports';
    await put(pack, bucket, 's3:bucket', {});
    const told = await suggest(pack, bucket);
    expect(told.suggestions.map((each) => [each.tag_key, each.suggested_value, each.confidence])).toEqual([
      ['Environment', 'staging', 0.75],
    ]);
    expect(told.without_suggestion).toContain('Owner');
  });

  it('has nothing to suggest for a resource whose tags are right', async () => {
    const pack = await startPack();
    await put(pack, instance, 'ec2:instance', {
      ...{ Name: 'x', Owner: 'a@example.com', Environment: 'production', CostCenter: 'Platform' },
    });
    expect(await suggest(pack, instance)).toMatchObject({ suggestions: [], without_suggestion: [] });
  });

  it('hands on what others wrote as data', async () => {
    const pack = await startPack();
    await put(pack, instance, 'ec2:instance', { Name: 'prod\u202e\u0000', owner: 'a@example.com' });
    const { suggestions } = await suggest(pack, instance);
    expect(JSON.stringify(suggestions)).not.toMatch(/\u202e/);
    expect(suggestions.find((each) => each.tag_key === 'Owner')?.suggested_value).toBe('a@example.com');
  });

  it('does without the VPC where that cannot be read, and says so', async () => {
    const pack = await startPack();
    await put(pack, instance, 'ec2:instance', { Name: 'landing-prod-77' });
    const estate = {
      ...createSandboxEstate({ tables: pack.tables }),
      surroundings: () => Promise.reject(new Error('denied')),
    };
    const own = await startPack({ services: { estate } });
    const told = await suggest(own, instance);
    expect(told.not_read).toEqual(['its VPC and role']);
    expect(told.suggestions[0]).toMatchObject({ suggested_value: 'production', confidence: 0.75 });
  });

  it.each([
    ['arn:aws:ec2:us-east-1:123456789012:instance/i-none', 'there is no such resource'],
    ['arn:aws:s3:::no-such-bucket', 'there is no such resource'],
    ['nothing', 'are not ARNs of a known resource type'],
  ])('refuses %s', async (arn, message) => {
    await expect(suggest(await startPack(), arn)).rejects.toThrow(message);
  });
});
