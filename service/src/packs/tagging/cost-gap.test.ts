import { accountGap, type CostResource } from './cost-gap.ts';
import type { Spend } from './costs.ts';
import type { ResourceType } from './resource-types.ts';

const account = '123456789012';
const spend = (lines: Record<string, number>, names: Record<string, number> = {}): Spend => ({
  period: { start: '2026-10-21', end: '2026-11-20' },
  lines: Object.entries(lines).map(([service, usd]) => ({ accountId: account, service, usd })),
  byResource: new Map(),
  byName: Object.entries(names).map(([name, usd]) => ({ accountId: account, service: compute, name, usd })),
  failures: [],
});
const compute = 'Amazon Elastic Compute Cloud - Compute';
const resource = (
  type: ResourceType,
  arn: string,
  compliant: boolean,
  more: Partial<CostResource> = {},
): CostResource => ({
  arn,
  id: arn,
  type,
  accountId: account,
  state: 'running',
  name: undefined,
  compliant,
  ...more,
});
const four = (type: ResourceType): CostResource[] => [1, 2, 3, 4].map((n) => resource(type, `${type}-${n}`, n === 1));

const example4 = [
  resource('ec2:instance', 'i-1', true, { name: 'web' }),
  resource('ec2:instance', 'i-2', false),
  resource('ec2:instance', 'i-3', false, { state: 'stopped' }),
  resource('ec2:instance', 'i-4', true),
  ...four('ec2:volume'),
  ...four('s3:bucket'),
];
const example4Spend = spend(
  {
    [compute]: 600,
    'EC2 - Other': 100,
    'Amazon Simple Storage Service': 200,
    'AWS Lambda': 100,
    Tax: 60,
    'AWS Support (Business)': 40,
  },
  { web: 250 },
);

describe('the cost gap', () => {
  it('worked example 4: 500 of 1000 taggable, 100 of it unmapped', () => {
    const { gap, costs } = accountGap(account, example4, example4Spend, 'all');
    expect(gap).toEqual({
      total_spend: 1100,
      taggable_spend: 1000,
      attributable_spend: 500,
      attribution_gap: 500,
      attribution_gap_percentage: 50,
      unmapped_spend: 100,
      unattributable_services: [
        { service: 'Tax', usd: 60 },
        { service: 'AWS Support (Business)', usd: 40 },
      ],
    });
    expect(costs.get('i-1')).toEqual({ usd: 250, source: 'actual_by_name' });
    expect(costs.get('i-2')).toEqual({ usd: 175, source: 'service_average' });
    expect(costs.get('i-3')).toEqual({ usd: 0, source: 'stopped' });
    expect(costs.get('ec2:volume-2')).toEqual({ usd: 25, source: 'service_average' });
  });

  it('worked example 5: a Name two instances bear is divided between them', () => {
    const both = [
      resource('ec2:instance', 'i-1', true, { name: 'web' }),
      resource('ec2:instance', 'i-2', false, { name: 'web' }),
    ];
    const { gap, costs } = accountGap(account, both, spend({ [compute]: 300 }, { web: 300 }), 'all');
    expect([costs.get('i-1')?.usd, costs.get('i-2')?.usd]).toEqual([150, 150]);
    expect(gap).toMatchObject({ attribution_gap: 150, attribution_gap_percentage: 50, unmapped_spend: 0 });
  });

  it('of some types counts only the services of those types', () => {
    const buckets = example4.filter((each) => each.type === 's3:bucket');
    const { gap } = accountGap(account, buckets, example4Spend, new Set<ResourceType>(['s3:bucket']));
    expect(gap).toMatchObject({ total_spend: 200, taggable_spend: 200, attributable_spend: 50, unmapped_spend: 0 });
  });

  it('prefers what is known per resource, and never gives out more than a pool holds', () => {
    const known: Spend = { ...example4Spend, byResource: new Map([['i-2', { usd: 900, source: 'actual' }]]) };
    const { costs, gap } = accountGap(account, example4, known, 'all');
    expect(costs.get('i-2')).toEqual({ usd: 600, source: 'actual' });
    expect(costs.get('i-1')?.usd).toBe(0);
    expect(gap.taggable_spend).toBe(1000);
    expect(gap.attribution_gap).toBe(gap.taggable_spend - gap.attributable_spend);
  });

  it('leaves spend unmapped when nobody runs, or a service is unknown', () => {
    const stopped = [resource('ec2:instance', 'i-3', false, { state: 'stopped' })];
    const { gap } = accountGap(account, stopped, spend({ [compute]: 80, 'Amazon Nimbus': 20 }), 'all');
    expect(gap).toMatchObject({ unmapped_spend: 100, attribution_gap: 100, attributable_spend: 0 });
  });

  it('keeps accounts apart, and knows no percentage of nothing', () => {
    const { gap } = accountGap('999999999999', example4, example4Spend, 'all');
    expect(gap).toMatchObject({ total_spend: 0, attribution_gap_percentage: null });
  });
});
