/** The stand-in for a load balancer's traffic, over the emulator's API, with small servers as targets. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { describeWith } from '../../../service/test/servers/programs.ts';
import { freePort } from '../../../service/test/servers/server.ts';
import { makeBalancer } from '../balancer.ts';
import { type Emulator, startEmulator } from '../moto.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

const region = 'us-east-1';
const DELAY_SECONDS = 10;
const SECOND_MS = 50;

await describeWith(['moto_server'], 'the data plane', () => {
  let emulator: Emulator;
  let plane: DataPlane;
  let folder: string;
  let balancing: ElasticLoadBalancingV2Client;
  let loadBalancer: string;
  let rule: string;
  const groups = { blue: '', green: '' };
  const servers: Server[] = [];
  const config = () => ({ endpoint: emulator.url, region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

  /** A server of its own at an address; the port is the kernel's. */
  const target = async (answer: RequestListener, Id = '127.0.0.1'): Promise<{ Id: string; Port: number }> => {
    const server = createServer(answer).listen(0, Id);
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return { Id, Port: address.port };
  };
  const register = (arn: string, ...Targets: { Id: string; Port: number }[]) =>
    balancing.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets }));
  const deregister = (arn: string, ...Targets: { Id: string; Port: number }[]) =>
    balancing.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets }));
  const statesOf = async (arn: string, Targets?: { Id: string; Port: number }[]): Promise<string[]> => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn, Targets });
    const { TargetHealthDescriptions = [] } = await balancing.send(command);
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => `${Target?.Port} ${TargetHealth?.State}`);
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) if (await isSo()) return;
    throw new Error('not within ten seconds');
  };
  const healthy = (arn: string, ...targets: { Port: number }[]) =>
    until(async () => (await statesOf(arn)).join() === targets.map(({ Port }) => `${Port} healthy`).join());
  const weigh = async (blue: number, green: number): Promise<void> => {
    const TargetGroups = [
      { TargetGroupArn: groups.blue, Weight: blue },
      { TargetGroupArn: groups.green, Weight: green },
    ];
    await balancing.send(
      new ModifyRuleCommand({ RuleArn: rule, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }),
    );
    await plane.settled();
  };
  const ask = async (path = '/'): Promise<string> => {
    const answer = await fetch(`${plane.url}${path}`);
    return `${answer.status} ${await answer.text()}`;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-traffic-'));
    emulator = await startEmulator([], { ...process.env, EMULATOR_TRAFFIC: folder });
    balancing = new ElasticLoadBalancingV2Client(config());
    const balancer = await makeBalancer(region, 'lb', config());
    loadBalancer = balancer.arn;
    for (const colour of ['blue', 'green'] as const)
      groups[colour] = await balancer.group(colour, 80, {
        health: {
          HealthCheckPath: '/ready',
          HealthCheckIntervalSeconds: 5,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: 2,
        },
        attributes: {
          'deregistration_delay.timeout_seconds': String(DELAY_SECONDS),
          'load_balancing.algorithm.type': 'least_outstanding_requests',
        },
      });
    const nothing = { StatusCode: '404', MessageBody: 'nothing' };
    const listener = await balancer.listen({ Type: 'fixed-response', FixedResponseConfig: nothing });
    rule = await balancer.lead(listener, groups, undefined, '/mcp*');
    plane = await startDataPlane({
      endpoint: emulator.url,
      region,
      loadBalancer,
      folder,
      port: await freePort(),
      secondMs: SECOND_MS,
      pollMs: 50,
      reportMs: 200,
    });
  });
  beforeEach(() => weigh(100, 0));
  afterEach(async () => {
    for (const arn of Object.values(groups)) {
      const { TargetHealthDescriptions = [] } = await balancing.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
      );
      for (const { Target } of TargetHealthDescriptions)
        await deregister(arn, { Id: Target?.Id ?? '', Port: Target?.Port ?? 0 });
      await until(async () => (await statesOf(arn)).length === 0);
    }
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  afterAll(async () => {
    await plane.stop();
    balancing.destroy();
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  const named =
    (name: string): RequestListener =>
    (_request, response) =>
      void response.end(name);

  it('answers itself what no rule forwards, and 503 where a group of weight has no target', async () => {
    expect(await ask('/')).toBe('404 nothing');
    expect(await ask('/mcp')).toMatch(/^503 /);
    const other = await target(named('green'));
    await register(groups.green, other);
    await healthy(groups.green, other);
    // A group does not stand in for another.
    expect(await ask('/mcp')).toMatch(/^503 /);
    await weigh(0, 100);
    expect(await ask('/mcp')).toBe('200 green');
  });

  it('tells two ports of one address apart, and calls a target initial until its checks have passed', async () => {
    const two = [await target(named('one')), await target(named('two'))] as const;
    await register(groups.blue, ...two);
    expect(await statesOf(groups.blue)).toEqual(two.map(({ Port }) => `${Port} initial`));
    await healthy(groups.blue, ...two);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/mcp')));
    expect(new Set(answers)).toEqual(new Set(['200 one', '200 two']));
    await deregister(groups.blue, two[0]);
    await plane.settled();
    expect(await ask('/mcp')).toBe('200 two');
  });

  it('gives the next request to the target with the fewest open ones', async () => {
    const held = Promise.withResolvers<void>();
    const slow: RequestListener = async ({ url }, response) => {
      if (url !== '/ready') await held.promise;
      response.end('slow');
    };
    const both = [await target(slow), await target(named('quick'))] as const;
    await register(groups.blue, ...both);
    await healthy(groups.blue, ...both);
    const waiting: Promise<string>[] = [];
    // Sooner or later one is at the slow target, and from then on none other.
    for (let asked = 0; asked < 12; asked++) {
      const answer = ask('/mcp');
      if ((await Promise.race([answer, sleep(100, 'waits')])) === 'waits') waiting.push(answer);
    }
    expect(waiting).toHaveLength(1);
    held.resolve();
    expect(await Promise.all(waiting)).toEqual(['200 slow']);
  });

  it('takes an unhealthy target out, and all in again where none is healthy', async () => {
    let ready = true;
    const sick = await target(({ url }, response) => {
      response.statusCode = url === '/ready' && !ready ? 503 : 200;
      response.end('sick');
    });
    const well = await target(named('well'));
    await register(groups.blue, sick, well);
    await healthy(groups.blue, sick, well);
    ready = false;
    await until(async () => (await statesOf(groups.blue)).includes(`${sick.Port} unhealthy`));
    expect(new Set(await Promise.all(Array.from({ length: 8 }, () => ask('/mcp'))))).toEqual(new Set(['200 well']));
    await deregister(groups.blue, well);
    await plane.settled();
    expect(await ask('/mcp')).toBe('200 sick');
  });

  it('answers 502 where a target refuses the connection', async () => {
    const gone = { Id: '127.0.0.1', Port: await freePort() };
    await register(groups.blue, gone);
    await plane.settled();
    expect(await ask('/mcp')).toMatch(/^502 /);
    expect(plane.own().at(-1)).toBe(502);
  });

  it('keeps its connections to a target', async () => {
    let connections = 0;
    const kept = await target(named('kept'));
    servers.at(-1)?.on('connection', () => void connections++);
    await register(groups.blue, kept);
    await healthy(groups.blue, kept);
    connections = 0;
    for (let asked = 0; asked < 3; asked++) await ask('/mcp');
    // Health checks have connections of their own, a quarter of a second apart.
    expect(connections).toBeLessThan(3);
  });

  it('drains a deregistered target until its requests are over', async () => {
    const held = Promise.withResolvers<void>();
    const old = await target(async ({ url }, response) => {
      if (url !== '/ready') await held.promise;
      response.end('old');
    });
    await register(groups.blue, old);
    await healthy(groups.blue, old);
    const answer = ask('/mcp');
    await sleep(100);
    await deregister(groups.blue, old);
    await plane.settled();
    expect(await statesOf(groups.blue)).toEqual([`${old.Port} draining`]);
    // It gets no other.
    expect(await ask('/mcp')).toMatch(/^503 /);
    held.resolve();
    expect(await answer).toBe('200 old');
    await until(async () => (await statesOf(groups.blue, [old])).join() === `${old.Port} unused`);
  });

  it('cuts off what outlives the deregistration delay', async () => {
    const old = await target(({ url }, response) => {
      if (url === '/ready') response.end();
      else response.write('begun');
    });
    await register(groups.blue, old);
    await healthy(groups.blue, old);
    const answer = ask('/mcp').then(
      () => 'whole',
      () => 'cut',
    );
    await sleep(100);
    const began = Date.now();
    await deregister(groups.blue, old);
    expect(await answer).toBe('cut');
    expect(Date.now() - began).toBeGreaterThanOrEqual(DELAY_SECONDS * SECOND_MS * 0.8);
  });

  it('tells CloudWatch of each group, and the balancer’s own errors apart', async () => {
    const one = await target(({ url }, response) => {
      response.statusCode = url === '/mcp/bad' ? 500 : 200;
      response.end();
    });
    await register(groups.blue, one);
    await healthy(groups.blue, one);
    await Promise.all(['/mcp', '/mcp', '/mcp/bad'].map(ask));
    await weigh(0, 100);
    await ask('/mcp');
    const client = new CloudWatchClient(config());
    const balancer = { Name: 'LoadBalancer', Value: loadBalancer.split(':loadbalancer/')[1] };
    const group = { Name: 'TargetGroup', Value: groups.blue.split(':').at(-1) };
    const figures = async () => {
      const stat = (Id: string, MetricName: string, Stat: string, Dimensions = [balancer, group]) => ({
        Id,
        MetricStat: { Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions }, Period: 3600, Stat },
      });
      const { MetricDataResults = [] } = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
          MetricDataQueries: [
            stat('bad', 'HTTPCode_Target_5XX_Count', 'Sum'),
            stat('healthy', 'HealthyHostCount', 'Maximum'),
            stat('slowest', 'TargetResponseTime', 'Maximum'),
            stat('own', 'HTTPCode_ELB_5XX_Count', 'Sum', [balancer]),
          ],
        }),
      );
      return Object.fromEntries(MetricDataResults.map(({ Id = '', Values = [] }) => [Id, Values[0] ?? 0]));
    };
    await until(async () => (await figures()).own === plane.own().length);
    const { bad, healthy: hosts = 0, slowest = 0 } = await figures();
    client.destroy();
    expect(bad).toBe(1);
    expect(hosts).toBeGreaterThan(0);
    expect(slowest).toBeGreaterThan(0);
  });

  it('finds the API as AWS’s: an unknown target can be deregistered, weights have bounds', async () => {
    await expect(deregister(groups.blue, { Id: '10.0.0.1', Port: 1 })).resolves.toBeDefined();
    for (const [blue, green] of [
      [1000, 0],
      [0, 0],
    ] as const)
      await expect(weigh(blue, green)).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(weigh(999, 0)).resolves.toBeUndefined();
  });
});
