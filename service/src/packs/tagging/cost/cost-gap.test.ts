import type { ResourceType } from '../estate/resource-types.ts';
import { allocate, type CostResource } from './allocation.ts';
import { type Attributed, accountGap, partGap } from './cost-gap.ts';
import type { Pool } from './cost-services.ts';
import type { Spend } from './costs.ts';

const account = '123456789012';
const spend = (lines: Record<string, number>, names: Record<string, number> = {}): Spend => ({
  period: { start: '2026-10-21', end: '2026-11-20' },
  lines: Object.entries(lines).map(([service, usd]) => ({ accountId: account, service, usd })),
  byResource: new Map(),
  byName: Object.entries(names).map(([name, usd]) => ({ accountId: account, service: compute, name, usd })),
  failures: [],
});
const compute = 'Amazon Elastic Compute Cloud - Compute';
type Costed = CostResource & Attributed;
const resource = (type: ResourceType, arn: string, compliant: boolean, more: Partial<Costed> = {}): Costed => ({
  arn,
  id: arn,
  type,
  accountId: account,
  state: 'running',
  name: undefined,
  compliant,
  ...more,
});
const four = (type: ResourceType): Costed[] => [1, 2, 3, 4].map((n) => resource(type, `${type}-${n}`, n === 1));

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

const ofAccount = (resources: readonly Costed[], told: Spend, unread: readonly Pool[] = [], accountId = account) => {
  const allocation = allocate(accountId, resources, told, new Set(unread));
  return { costs: allocation.costs, gap: accountGap(allocation, resources) };
};

describe('the cost gap', () => {
  it('worked example 4: 500 of 1000 taggable, 100 of it unmapped', () => {
    const { gap, costs } = ofAccount(example4, example4Spend);
    expect(gap).toEqual({
      total_spend: 1100,
      taggable_spend: 1000,
      attributable_spend: 500,
      attribution_gap: 500,
      attribution_gap_percentage: 50,
      unmapped_spend: 100,
      unread_spend: 0,
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
    const { gap, costs } = ofAccount(both, spend({ [compute]: 300 }, { web: 300 }));
    expect([costs.get('i-1')?.usd, costs.get('i-2')?.usd]).toEqual([150, 150]);
    expect(gap).toMatchObject({ attribution_gap: 150, attribution_gap_percentage: 50, unmapped_spend: 0 });
  });

  it('of some types counts what their resources carry', () => {
    const buckets = example4.filter((each) => each.type === 's3:bucket');
    const allocation = allocate(account, example4, example4Spend, new Set());
    expect(partGap(allocation, buckets, ['s3:bucket'])).toMatchObject({
      taggable_spend: 200,
      attributable_spend: 50,
      attribution_gap: 150,
      unmapped_spend: 0,
    });
  });

  it('of parts adds up to that of the whole, to the cent, with what no resource carries', () => {
    const cluster = [1, 2, 3].map((n) => resource('ecs:cluster', `cluster-${n}`, n === 2));
    const services = [1, 2, 3, 4].map((n) => resource('ecs:service', `service-${n}`, n === 3));
    const buckets = [1, 2, 3, 4, 5, 6, 7].map((n) => resource('s3:bucket', `bucket-${n}`, false));
    const all = [...cluster, ...services, ...buckets];
    const told = spend({
      'Amazon Elastic Container Service': 6.67,
      'Amazon Simple Storage Service': 10.005,
      'AWS Lambda': 3.33,
    });
    const allocation = allocate(account, all, told, new Set());
    const whole = accountGap(allocation, all);
    const parts = [cluster, services, buckets].map((part) =>
      partGap(allocation, part, [...new Set(part.map((e) => e.type))]),
    );
    const inCents = (usd: number | null) => Math.round((usd ?? Number.NaN) * 100);
    const total = parts.reduce((cents, part) => cents + inCents(part.attribution_gap), 0);
    expect(total + inCents(whole.unmapped_spend)).toBe(inCents(whole.attribution_gap));
    expect(inCents(whole.unmapped_spend)).toBe(333);
    const both = partGap(allocation, [...cluster, ...services], ['ecs:cluster', 'ecs:service']);
    expect(inCents(both.taggable_spend)).toBe(667);
  });

  it('knows nothing of a service some of whose resources could not be read, and keeps its spend apart', () => {
    const rest = example4.filter((each) => each.type !== 'ec2:instance');
    const { gap, costs } = ofAccount(rest, example4Spend, ['ec2-compute']);
    expect(gap).toMatchObject({
      attribution_gap: null,
      attribution_gap_percentage: null,
      unread_spend: 600,
      // The same as with the instances: what is not read is no finding.
      unmapped_spend: 100,
      taggable_spend: 1000,
    });
    expect(costs.get('s3:bucket-1')?.usd).toBe(50);
  });

  it('still tells a cost that is known for a single resource of such a service', () => {
    const known: Spend = { ...example4Spend, byResource: new Map([['i-2', { usd: 80, source: 'actual' }]]) };
    const { gap, costs } = ofAccount(example4, known, ['ec2-compute']);
    expect(costs.get('i-2')).toEqual({ usd: 80, source: 'actual' });
    expect(costs.has('i-1')).toBe(false);
    expect(gap.unread_spend).toBe(520);
  });

  it('prefers what is known per resource, and never gives out more than a pool holds', () => {
    const known: Spend = { ...example4Spend, byResource: new Map([['i-2', { usd: 900, source: 'actual' }]]) };
    const { costs, gap } = ofAccount(example4, known);
    expect(costs.get('i-2')).toEqual({ usd: 600, source: 'actual' });
    expect(costs.get('i-1')?.usd).toBe(0);
    expect(gap.taggable_spend).toBe(1000);
    expect(gap.attribution_gap).toBe(gap.taggable_spend - gap.attributable_spend);
  });

  it('leaves spend unmapped when nobody runs, or a service is unknown', () => {
    const stopped = [resource('ec2:instance', 'i-3', false, { state: 'stopped' })];
    const { gap } = ofAccount(stopped, spend({ [compute]: 80, 'Amazon Nimbus': 20 }));
    expect(gap).toMatchObject({ unmapped_spend: 100, attribution_gap: 100, attributable_spend: 0 });
  });

  it('keeps accounts apart, and knows no percentage of nothing', () => {
    const { gap } = ofAccount(example4, example4Spend, [], '999999999999');
    expect(gap).toMatchObject({ total_spend: 0, attribution_gap_percentage: null });
  });
});
