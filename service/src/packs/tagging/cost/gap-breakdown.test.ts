import type { ResourceType } from '../estate/resource-types.ts';
import { type Allocation, allocate, type CostResource, sum } from './allocation.ts';
import { accountGap, joinGaps } from './cost-gap.ts';
import type { Pool } from './cost-services.ts';
import type { Spend } from './costs.ts';
import { type GapFindings, type GapGroup, gapBreakdown, gapGroups } from './gap-breakdown.ts';

const [one, two] = ['111111111111', '222222222222'] as const;
const compute = 'Amazon Elastic Compute Cloud - Compute';

interface Holding extends CostResource {
  readonly compliant: boolean;
  readonly region: string;
}
const holding = (type: ResourceType, id: string, compliant: boolean, more: Partial<Holding> = {}): Holding => ({
  arn: id,
  id,
  type,
  accountId: one,
  region: 'us-east-1',
  state: 'running',
  name: undefined,
  compliant,
  ...more,
});
const four = (type: ResourceType) => [1, 2, 3, 4].map((n) => holding(type, `${type}-${n}`, n === 1));

/** Worked example 4, and a second account with a bucket. */
const resources = [
  holding('ec2:instance', 'i-1', true, { name: 'web' }),
  holding('ec2:instance', 'i-2', false, { region: 'eu-west-1' }),
  holding('ec2:instance', 'i-3', false, { state: 'stopped' }),
  holding('ec2:instance', 'i-4', true),
  ...four('ec2:volume'),
  ...four('s3:bucket'),
  holding('s3:bucket', 'other', false, { accountId: two, region: 'eu-west-1' }),
];
const lines = [
  [one, compute, 600],
  [one, 'EC2 - Other', 100],
  [one, 'Amazon Simple Storage Service', 200],
  [one, 'AWS Lambda', 100],
  [one, 'Tax', 60],
  [one, 'AWS Support (Business)', 40],
  [two, 'Amazon Simple Storage Service', 30],
  [two, 'Amazon Nimbus', 10],
] as const;
const spend: Spend = {
  period: { start: '2026-10-21', end: '2026-11-20' },
  lines: lines.map(([accountId, service, usd]) => ({ accountId, service, usd })),
  byResource: new Map(),
  byName: [{ accountId: one, service: compute, name: 'web', usd: 250 }],
  failures: [],
};

const costed = (allocations: ReadonlyMap<string, Allocation>, of: readonly Holding[] = resources) =>
  of.map((each) => ({ ...each, usd: allocations.get(each.accountId)?.costs.get(each.arn)?.usd ?? 0 }));

const findings = (unread: readonly Pool[] = []): GapFindings => {
  const allocations = new Map([one, two].map((id) => [id, allocate(id, resources, spend, new Set(unread))] as const));
  const gaps = [...allocations].map(([id, allocation]) => {
    const own = resources.filter((each) => each.accountId === id);
    return [id, accountGap(allocation, own)] as const;
  });
  const types: ResourceType[] = ['ec2:instance', 'ec2:volume', 's3:bucket', 'lambda:function'];
  return { resources: costed(allocations), gaps: new Map(gaps), allocations, wholeAccounts: true, types };
};
const of = (by: GapGroup, unread?: readonly Pool[]) => Object.fromEntries(gapBreakdown(findings(unread), by));

describe('the gap in parts', () => {
  it('by service: each service of the bill once, with what no resource carries, and nothing that no tag could attribute', () => {
    expect(of('service')).toEqual({
      [compute]: { total: 600, attributable: 425, gap: 175, resources_scanned: 4, resources_compliant: 2 },
      'Amazon Simple Storage Service': {
        total: 230,
        attributable: 50,
        gap: 180,
        resources_scanned: 5,
        resources_compliant: 1,
      },
      'AWS Lambda': { total: 100, attributable: 0, gap: 100, resources_scanned: 0, resources_compliant: 0 },
      'EC2 - Other': { total: 100, attributable: 25, gap: 75, resources_scanned: 4, resources_compliant: 1 },
      'Amazon Nimbus': { total: 10, attributable: 0, gap: 10, resources_scanned: 0, resources_compliant: 0 },
    });
    expect([...gapBreakdown(findings(), 'service').keys()].slice(0, 2)).toEqual([
      'Amazon Simple Storage Service',
      compute,
    ]);
  });

  it('by account and by service adds up to the gap of the whole, by type and region to it without unmapped spend', () => {
    const whole = joinGaps([...findings().gaps.values()]);
    expect(whole).toMatchObject({ total_spend: 1140, taggable_spend: 1040, attribution_gap: 540, unmapped_spend: 110 });
    const total = (by: GapGroup) => sum(Object.values(of(by)).map((part) => part.gap ?? Number.NaN));
    expect(gapGroups.map(total)).toEqual([430, 430, 540, 540]);
  });

  it('by type, region and account counts each resource in one part', () => {
    expect(of('resource_type')['ec2:instance']).toMatchObject({ total: 600, gap: 175, resources_scanned: 4 });
    expect(of('region')['eu-west-1']).toEqual({
      total: 205,
      attributable: 0,
      gap: 205,
      resources_scanned: 2,
      resources_compliant: 0,
    });
    expect(of('account')[two]).toMatchObject({ total: 40, gap: 40, resources_scanned: 1 });
  });

  it('knows no gap where spend of unread resources may belong, and that of the other parts', () => {
    const unread: Pool[] = ['ec2-compute'];
    expect(of('service', unread)).toMatchObject({ [compute]: { total: 600, gap: null }, 'EC2 - Other': { gap: 75 } });
    expect(of('resource_type', unread)).toMatchObject({ 'ec2:instance': { gap: null }, 's3:bucket': { gap: 180 } });
    expect(of('region', unread)).toMatchObject({ 'us-east-1': { gap: null }, 'eu-west-1': { gap: null } });
    expect(of('account', unread)).toMatchObject({ [one]: { gap: null }, [two]: { gap: 40 } });
    expect(joinGaps([...findings(unread).gaps.values()])).toMatchObject({
      attribution_gap: null,
      attribution_gap_percentage: null,
      unread_spend: 600,
      unmapped_spend: 110,
    });
  });

  it('of some types has only what they carry: the rest of a bill belongs to no type', () => {
    const all = findings();
    const some = { ...all, wholeAccounts: false, types: ['s3:bucket'] as const };
    const buckets = { ...some, resources: [...all.resources].filter((each) => each.type === 's3:bucket') };
    expect([...gapBreakdown(buckets, 'service').keys()]).toEqual(['Amazon Simple Storage Service']);
    expect(joinGaps([])).toBeUndefined();
  });

  it('calls a service that was renamed by one name', () => {
    const both: Spend = {
      ...spend,
      lines: ['Amazon OpenSearch Service', 'Amazon Elasticsearch Service'].map((service) => ({
        accountId: one,
        service,
        usd: 5,
      })),
    };
    const domain = holding('opensearch:domain', 'd', true);
    const allocations = new Map([[one, allocate(one, [domain], both, new Set())]]);
    const found = {
      ...findings(),
      resources: costed(allocations, [domain]),
      allocations,
      types: ['opensearch:domain'] as const,
    };
    expect([...gapBreakdown(found, 'service')]).toEqual([
      [
        'Amazon OpenSearch Service',
        { total: 10, attributable: 10, gap: 0, resources_scanned: 1, resources_compliant: 1 },
      ],
    ]);
  });
});
