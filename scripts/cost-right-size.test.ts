/** Whether tasks have the right size, by what they used, on a stand-in for AWS. */
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateNatGatewayCommand, EC2Client } from '@aws-sdk/client-ec2';
import { fargateMemory } from '../contracts/settings/fargate.ts';
import type { Settings } from '../contracts/settings/resolve.ts';
import { primaryDeploymentOf } from '../modules/testing/synthesized.ts';
import { costRightSize } from './cost-right-size.ts';
import { makeNetwork } from './emulator/balancer.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { runningNames } from './operate/running.ts';
import { judge, LEAST_MINUTES, percentile, together, type Usage } from './operate/size/judge.ts';
import { type JudgedNat, judgeNat, LEAST_HOURS, wantedNat } from './operate/size/nat.ts';
import { doubled, halved } from './operate/size/pair.ts';
import { type JudgedStore, judgeStore, memoryUsed, wantedStores } from './operate/size/stores.ts';
import { usageOf } from './operate/size/usage.ts';

/** A day of minutes, of which 5 % have the peak. */
const minutes = (usual: number, peak = usual, share = 0.05): number[] =>
  Array.from({ length: LEAST_MINUTES }, (_, index) => (index < LEAST_MINUTES * share ? peak : usual));
const size = { cpu: 1024, memory: 3072 };

describe('a percentile', () => {
  it('is a value that was measured, by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([percentile(hundred, 95), percentile(hundred, 100), percentile([7], 95)]).toEqual([95, 100, 7]);
  });
});

describe('tasks', () => {
  const of = (cpu: number[], memory: number[]): Usage => ({ cpu, memory });

  it.each<[title: string, usage: Usage, verdict: string, wanted: string]>([
    ['hardly used are halved, to a pair that Fargate takes', of(minutes(10), minutes(20)), 'halve', '512/2048'],
    ['may have a peak in one minute of twenty', of(minutes(29.9, 100), minutes(20)), 'halve', '512/2048'],
    ['but not in more', of(minutes(29.9, 100, 0.051), minutes(20)), 'double', '2048/4096'],
    ['at 30 % of the CPU stay', of(minutes(30), minutes(20)), 'keep', 'as it is'],
    [
      'that filled half their memory in one minute stay',
      of(minutes(10), [...minutes(20).slice(1), 50]),
      'keep',
      'as it is',
    ],
    ['at 70 % stay', of(minutes(70), minutes(70)), 'keep', 'as it is'],
    [
      'over 70 % of the CPU get twice, and the memory that goes with it',
      of(minutes(70.1), minutes(20)),
      'double',
      '2048/4096',
    ],
    [
      'over 70 % of the memory get twice of that alone',
      of(minutes(10), [...minutes(20).slice(1), 71]),
      'double',
      '1024/6144',
    ],
    ['of too few minutes are not judged', of(minutes(10).slice(1), minutes(20)), 'unknown', 'as it is'],
  ])('%s', (_, usage, verdict, wanted) => {
    const judged = judge(usage, size);
    const found = judged.wanted === undefined ? 'as it is' : `${judged.wanted.cpu}/${judged.wanted.memory}`;
    expect([judged.verdict, found]).toEqual([verdict, wanted]);
  });

  it('of the smallest and the largest size stay, with what to do instead', () => {
    expect(judge(of(minutes(10), minutes(20)), { cpu: 256, memory: 512 }).why).toContain('run fewer tasks');
    expect(judge(of(minutes(90), minutes(20)), { cpu: 16_384, memory: 122_880 }).why).toContain('run more tasks');
  });
});

it('every size that is suggested is one that Fargate takes', () => {
  const takes = (found: { cpu: number; memory: number } | undefined): boolean =>
    found === undefined || fargateMemory[found.cpu]?.includes(found.memory) === true;
  for (const [units, memories] of Object.entries(fargateMemory))
    for (const memory of memories) {
      const given = { cpu: Number(units), memory };
      for (const short of [
        { cpu: true, memory: false },
        { cpu: false, memory: true },
        { cpu: true, memory: true },
      ])
        expect([given, short, takes(doubled(given, short))]).toEqual([given, short, true]);
      expect([given, takes(halved(given))]).toEqual([given, true]);
    }
});

it('one size is for all services: it shrinks where each may, and grows where one must', () => {
  const idle = judge({ cpu: minutes(1), memory: minutes(1) }, size);
  const busy = judge({ cpu: minutes(80), memory: minutes(1) }, size);
  const right = judge({ cpu: minutes(50), memory: minutes(1) }, size);
  const silent = judge({ cpu: [], memory: [] }, size);
  expect(together([idle, silent])).toEqual({ cpu: 512, memory: 2048 });
  expect(together([idle, right])).toBeUndefined();
  expect(together([idle, busy])).toEqual({ cpu: 2048, memory: 4096 });
  expect(together([silent])).toBeUndefined();
});

it('a database of the smallest class stays, one of another family is not known, and one size is for all nodes', () => {
  const idle = { cpu: minutes(5), memory: minutes(20) };
  expect(judgeStore(idle, 'db.t4g.small')).toMatchObject({ verdict: 'halve', wanted: 'db.t4g.micro' });
  expect([memoryUsed('db.t4g.small', 2 ** 29), memoryUsed('db.r6g.large', 1)]).toEqual([75, undefined]);
  expect(judgeStore(idle, 'db.t4g.micro')).toMatchObject({
    verdict: 'keep',
    why: expect.stringContaining('has nothing smaller'),
  });
  const node = (verdict: object) =>
    ({ region: 'us-east-1', name: 'n', setting: 'cache_node', size: 'cache.t4g.small', ...verdict }) as JudgedStore;
  const [small, busy] = [
    judgeStore(idle, 'cache.t4g.small'),
    judgeStore({ cpu: minutes(90), memory: minutes(1) }, 'cache.t4g.small'),
  ];
  expect(wantedStores([node(small), node(small)])).toEqual({ cache_node: 'cache.t4g.micro' });
  expect(wantedStores([node(small), node(busy)])).toEqual({ cache_node: 'cache.t4g.medium' });
  expect(wantedStores([node(judgeStore({ cpu: [], memory: [] }, 'cache.t4g.small'))])).toEqual({});
});

describe('NAT gateways', () => {
  const GB = 1e9;
  const month = 730;
  const settings = async (changes: Partial<Settings>): Promise<Settings> => ({
    ...(await primaryDeploymentOf('prod')).settings,
    availability_zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    ...changes,
  });
  const judged = async (kind: 'dev' | 'prod', nat_mode: 'single' | 'per-az', gb: number) =>
    judgeNat(await settings({ kind, nat_mode }), { hours: month, bytes: gb * GB });

  it('cost by the hour, by the GB, and by what crosses zones', async () => {
    const { usd, gb } = await judged('prod', 'per-az', 100);
    expect(gb).toBeCloseTo(100);
    // 3 x 36.50 + 4.50; 36.50 + 4.50 + two thirds of 100 GB at 0.02; 3.07 + 3.65 + 0.64 + 1.33.
    expect(usd).toEqual({ now: 114, perZone: 114, single: 42.33, instance: 8.69 });
  });

  it.each([
    ['dev', 'per-az', 100, 'fewer', 'single', 'one costs 71.67 USD a month less. One NAT instance would cost 8.69'],
    ['prod', 'per-az', 100, 'keep', undefined, 'outbound calls of all zones would end with its zone'],
    // 2 x 36.50 are what 5,475 GB cost between zones.
    ['dev', 'per-az', 5474, 'fewer', 'single', 'less'],
    ['dev', 'per-az', 5476, 'keep', undefined, 'is the cheapest with gateways'],
    ['prod', 'single', 5474, 'keep', undefined, 'is the cheapest with gateways'],
    ['dev', 'single', 5500, 'more', 'per-az', 'one per zone costs 0.33 USD a month less'],
  ] as const)('in %s as %s with %i GB a month: %s', async (kind, mode, gb, verdict, wanted, why) => {
    const found = await judged(kind, mode, gb);
    expect([found.verdict, found.wanted, found.why]).toEqual([verdict, wanted, expect.stringContaining(why)]);
  });

  it('are not judged by a few hours, and one mode is for all regions', async () => {
    const few = judgeNat(await settings({ nat_mode: 'per-az' }), { hours: LEAST_HOURS - 1, bytes: 1 });
    expect([few.verdict, few.why]).toEqual(['unknown', '23 hours say too little: 24 are needed']);
    const at = (region: string, found: Omit<JudgedNat, 'region'>): JudgedNat => ({ region, ...found });
    const fewer = at('us-east-1', await judged('dev', 'per-az', 1));
    expect(wantedNat([fewer, at('eu-west-1', few)])).toBe('single');
    expect(wantedNat([fewer, at('eu-west-1', await judged('dev', 'per-az', 9999))])).toBeUndefined();
    expect(wantedNat([fewer, at('eu-west-1', await judged('dev', 'single', 9999))])).toBe('per-az');
    expect(wantedNat([])).toBeUndefined();
  });
});

describe('the command', () => {
  const environment = 'examples/tag-governance/prod';
  const region = 'us-east-1';
  const [cluster, service] = ['tagging-mcp-cluster', 'tagging-mcp-server'];
  const standIn = onStandIn(environment);

  it('reads the averages of each minute of the service, and says how many say too little', async () => {
    const cloudwatch = new CloudWatchClient({ region });
    const now = new Date();
    const put = (MetricName: string, values: readonly number[], at: number) =>
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: 'AWS/ECS',
          MetricData: values.map((Value) => ({
            MetricName,
            Dimensions: [
              { Name: 'ClusterName', Value: cluster },
              { Name: 'ServiceName', Value: service },
            ],
            Timestamp: new Date(now.getTime() - at),
            Value,
          })),
        }),
      );
    await put('CPUUtilization', [10, 20], 300_000);
    await put('CPUUtilization', [40], 600_000);
    await put('MemoryUtilization', [55], 300_000);
    const from = new Date(now.getTime() - 3_600_000);
    const usage = await usageOf(cloudwatch, { cluster, service }, { from, to: now });
    expect([usage.cpu.toSorted(), usage.memory]).toEqual([[15, 40], [55]]);
    expect(await standIn.run(costRightSize, ['--environment', environment])).toBe(0);
    expect(standIn.said()).toMatch(/us-east-1 +tagging-mcp-server +1 +- +- +unknown +1 minutes say too little/);
    expect(standIn.said()).toContain('Leave task_cpu = 2048 and task_memory = 4096 as they are.');
  });

  it('reads what the database and each node of the cache used, from metrics of their own', async () => {
    const cloudwatch = new CloudWatchClient({ region });
    const to = new Date();
    const put = (Namespace: string, Name: string, Value: string, metrics: Readonly<Record<string, number>>) =>
      cloudwatch.send(
        new PutMetricDataCommand({
          Namespace,
          MetricData: Object.entries(metrics).flatMap(([MetricName, value]) =>
            [300_000, 600_000].map((ago) => ({
              MetricName,
              Dimensions: [{ Name, Value }],
              Timestamp: new Date(to.getTime() - ago),
              Value: value,
            })),
          ),
        }),
      );
    const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const { database, cache } = runningNames(deployment);
    const nodes = Array.from({ length: deployment.settings.cache_nodes }, (_, index) => `${cache}-00${index + 1}`);
    await put('AWS/RDS', 'DBInstanceIdentifier', database, { CPUUtilization: 80, FreeableMemory: 1e9 });
    for (const node of nodes)
      await put('AWS/ElastiCache', 'CacheClusterId', node, { CPUUtilization: 2, DatabaseMemoryUsagePercentage: 90 });
    await standIn.run(costRightSize, ['--environment', environment, '--json']);
    const { stores } = JSON.parse(standIn.lines.at(-1) ?? '{}');
    expect(stores.map(({ name, minutes: read }: { name: string; minutes: number }) => [name, read])).toEqual([
      [database, 2],
      ...nodes.map((node) => [node, 2]),
    ]);
  });

  it('reads what went through the NAT gateways of the environment, in both directions, and no other’s', async () => {
    const ec2 = new EC2Client({ region });
    const { subnets } = await makeNetwork(region);
    const gateway = async (Project: string) => {
      const Tags = Object.entries({ Project, Environment: 'prod' }).map(([Key, Value]) => ({ Key, Value }));
      const TagSpecifications = [{ ResourceType: 'natgateway' as const, Tags }];
      const made = await ec2.send(
        new CreateNatGatewayCommand({ SubnetId: subnets[0], ConnectivityType: 'private', TagSpecifications }),
      );
      return made.NatGateway?.NatGatewayId ?? '';
    };
    const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const [own, other] = [await gateway(deployment.settings.project_name), await gateway('payroll')];
    // One moment for all, or an hour that begins between two calls is another hour.
    const at = Date.now() - 1_800_000;
    const put = (id: string, MetricName: string, gb: number) =>
      new CloudWatchClient({ region }).send(
        new PutMetricDataCommand({
          Namespace: 'AWS/NATGateway',
          MetricData: Array.from({ length: 24 }, (_, hour) => ({
            MetricName,
            Dimensions: [{ Name: 'NatGatewayId', Value: id }],
            Timestamp: new Date(at - hour * 3_600_000),
            Value: gb * 1e9,
          })),
        }),
      );
    await put(own, 'BytesInFromSource', 1);
    await put(own, 'BytesInFromDestination', 3);
    await put(own, 'BytesOutToDestination', 1);
    await put(other, 'BytesInFromSource', 50);
    await standIn.run(costRightSize, ['--environment', environment, '--json']);
    const { nat } = JSON.parse(standIn.lines.at(-1) ?? '{}');
    expect(nat).toMatchObject([{ region, gateways: 3, hours: 24, gb: 4 * 730, verdict: 'keep' }]);
    expect(standIn.said()).toContain('outbound calls of all zones would end with its zone');
  });

  it('refuses what AWS measures no memory of', async () => {
    expect(await standIn.run(costRightSize, ['--environment', 'examples/startup/prod'])).toBe(1);
    expect(standIn.said()).toContain('compute_mode is lambda, of which AWS measures no memory by itself');
  });
});
