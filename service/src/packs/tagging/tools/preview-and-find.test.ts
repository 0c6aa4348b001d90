import { z } from 'zod';
import { contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import { defaultPolicy } from '../policy/policy.ts';
import { generateEstate } from '../sandbox/generate.ts';

const living = generateEstate(startOfTests).filter((each) => each.state !== 'terminated');
const gone = 'arn:aws:rds:us-east-1:123456789012:db:nowhere';

const Preview = z.looseObject({
  preview: z.looseObject({
    current_compliance: z.number().nullable(),
    projected_compliance: z.number().nullable(),
    compliance_improvement: z.number(),
    cost_attribution_gap_reduction: z.number().nullable(),
    resources: z.array(
      z.looseObject({
        arn: z.string(),
        current_tags: z.record(z.string(), z.string()),
        new_tags: z.record(z.string(), z.string()),
      }),
    ),
  }),
  next_cursor: z.string().optional(),
});

describe('preview_bulk_tagging', () => {
  it('shows each resource before and after, and what compliance becomes', async () => {
    const pack = await startPack();
    await pack.call('check_tag_compliance', {});
    const mixed = living.find((each) => each.tags.Owner === undefined && each.tags.CostCenter === 'Platform');
    const right = living.find(
      (each) => each.tags.Owner === 'platform@example.com' && each.tags.CostCenter === 'Platform',
    );
    if (mixed === undefined || right === undefined) throw new Error('estate changed');
    const tags = { Owner: 'platform@example.com', CostCenter: 'Data' };
    const result = Preview.parse(
      await pack.call('preview_bulk_tagging', { resource_arns: [mixed.arn, right.arn, gone], tags }),
    );
    const byArn = new Map(result.preview.resources.map((each) => [each.arn, each]));
    expect(byArn.get(mixed.arn)).toMatchObject({
      current_tags: mixed.tags,
      new_tags: { ...mixed.tags, ...tags },
      tags_added: ['Owner'],
      tags_changed: ['CostCenter'],
    });
    expect(byArn.get(right.arn)).toMatchObject({ tags_added: [], tags_changed: ['CostCenter'] });
    expect(byArn.get(gone)).toMatchObject({ would_fail: 'not_found', new_tags: {} });
    expect(result.preview).toMatchObject({
      resources_affected: 2,
      resources_expected_to_fail: 1,
      resources_unchanged: 0,
    });
    expect(result.preview.compliance_improvement).toBeGreaterThan(0);
    expect(result.preview.cost_attribution_gap_reduction).toBeGreaterThan(0);
  });

  it('counts what a refused value would break as a loss', async () => {
    const pack = await startPack();
    await pack.call('check_tag_compliance', {});
    const good = living.filter((each) => each.tags.Environment === 'production').slice(0, 40);
    const result = Preview.parse(
      await pack.call('preview_bulk_tagging', {
        resource_arns: good.map((each) => each.arn),
        tags: { Environment: 'prod' },
      }),
    );
    expect(result.preview.compliance_improvement).toBeLessThan(0);
    expect(result.preview).toMatchObject({ resources_affected: 0, resources_expected_to_fail: 40 });
    expect(result.preview.resources.every((each) => each.would_fail === 'value_not_allowed')).toBe(true);
  });

  it('writes nothing, and pages long lists', async () => {
    const pack = await startPack();
    const arns = living.slice(0, 150).map((each) => each.arn);
    const input = { resource_arns: arns, tags: { Owner: 'platform@example.com' } };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = Preview.parse(await pack.call('preview_bulk_tagging', { ...input, ...(cursor && { cursor }) }));
      expect(page.preview.resources.length).toBeLessThanOrEqual(20);
      seen.push(...page.preview.resources.map((each) => each.arn));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(arns.toSorted());
    for (const each of living.slice(0, 3)) expect((await pack.resources.find(each.arn))?.tags).toEqual(each.tags);
  });

  it('starts from a scan by the policy that holds, never from one by another', async () => {
    const [first] = living;
    const pack = await startPack();
    await pack.call('check_tag_compliance', {});
    const { scans, estate } = pack.parts;
    const later = await startPack({ policy: defaultPolicy(), services: { scans, estate } });
    const input = { resource_arns: [first?.arn], tags: { Owner: 'a@example.com' } };
    const { preview } = Preview.parse(await later.call('preview_bulk_tagging', input));
    expect(preview).toMatchObject({ based_on: { source: 'targets_only', scan_timestamp: null } });
    const same = await startPack({ services: { scans, estate } });
    expect(Preview.parse(await same.call('preview_bulk_tagging', input)).preview).toMatchObject({
      based_on: { source: 'scan' },
    });
  });

  it('completes keys of the policy and the values it allows', async () => {
    const { find } = await startPack();
    const complete = find('preview_bulk_tagging').complete;
    const { caller } = contextFor();
    expect(await complete?.('tags', 'env', caller)).toEqual(['Environment']);
    expect(await complete?.('tags', 'Environment=p', caller)).toEqual(['Environment=production']);
  });
});

const Found = z.looseObject({
  total_untagged: z.number(),
  without_any_tag: z.number(),
  total_monthly_cost: z.number().nullable(),
  data_quality: z.looseObject({ cost_data: z.string() }),
  resources: z.array(
    z.looseObject({
      arn: z.string(),
      missing_required_tags: z.array(z.string()),
      age_days: z.number().nullable(),
      monthly_cost_estimate: z.number().nullable(),
      cost_source: z.string().nullable(),
    }),
  ),
});
type Pack = Awaited<ReturnType<typeof startPack>>;
const find = async (pack: Pack, input: object) => Found.parse(await pack.call('find_untagged_resources', input));

describe('find_untagged_resources', () => {
  it('finds what lacks a required tag, never-tagged resources included, and asks for no costs unless told', async () => {
    const pack = await startPack();
    const result = await find(pack, { limit: 200 });
    const bare = living.filter((each) => Object.keys(each.tags).length === 0);
    expect(bare.length).toBeGreaterThan(0);
    expect(result.without_any_tag).toBe(bare.length);
    expect(result.resources.map((each) => each.arn)).toEqual(expect.arrayContaining(bare.map((each) => each.arn)));
    expect(result.resources.every((each) => each.missing_required_tags.length > 0)).toBe(true);
    expect(result.resources.every((each) => each.monthly_cost_estimate === null && each.cost_source === null)).toBe(
      true,
    );
    expect(result).toMatchObject({ total_monthly_cost: null, data_quality: { cost_data: 'not_requested' } });
  });

  it('tells cost with its source, dearest first, and above a threshold only what is known to be', async () => {
    const pack = await startPack();
    const all = await find(pack, { include_costs: true, limit: 200 });
    const costs = all.resources.map((each) => each.monthly_cost_estimate ?? 0);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    const sources = new Set(all.resources.map((each) => each.cost_source));
    expect(sources).toEqual(new Set(['actual', 'actual_by_name', 'service_average', 'stopped']));
    const dear = await find(pack, { min_cost_threshold: 200 });
    expect(dear.total_untagged).toBe(costs.filter((usd) => usd >= 200).length);
    expect(dear.total_untagged).toBeGreaterThan(0);
  });

  it('does not pass an unknown age or cost off as 0', async () => {
    const { parts } = await startPack();
    const pack = await startPack({
      services: {
        costs: { price: () => ({ requests: 0, charges: [] }), spend: () => Promise.reject(new Error('no permission')) },
        estate: {
          ...parts.estate,
          list: async function* (extent, context) {
            for await (const slice of parts.estate.list(extent, context))
              yield { ...slice, resources: slice.resources.map((each) => ({ ...each, createdAt: null })) };
          },
        },
      },
    });
    const result = await find(pack, { include_costs: true });
    expect(result.resources.every((each) => each.age_days === null && each.monthly_cost_estimate === null)).toBe(true);
    expect(result).toMatchObject({
      total_monthly_cost: null,
      data_quality: { status: 'complete', cost_data: 'failed' },
    });
    expect((await find(pack, { min_cost_threshold: 1 })).total_untagged).toBe(0);
  });
});

describe('get_tagging_policy', () => {
  it('tells the policy, its version and source, and the types it concerns', async () => {
    const { call } = await startPack();
    const result = await call('get_tagging_policy', {});
    expect(result).toMatchObject({ source: 'sandbox', version: expect.stringMatching(/^2\.1\+[0-9a-f]{12}$/) });
    expect(
      z.looseObject({ all_applicable_resource_types: z.array(z.string()) }).parse(result).all_applicable_resource_types,
    ).toHaveLength(52);
    expect(result).toMatchObject({ scannable_resource_types: expect.arrayContaining(['ecs:service', 's3:bucket']) });
  });
});
