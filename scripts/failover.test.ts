/** The home moved and tried, on a stand-in for AWS, with resolvers that follow its records and health checks. */
import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  GetHealthCheckCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { repository } from '../modules/testing/synthesized.ts';
import { openDynamoHome } from '../service/src/home/register.ts';
import { doctor } from './doctor.ts';
import { failoverWith } from './failover.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import type { FailingOver, FailoverPace } from './operate/failover/failing-over.ts';
import { move } from './operate/failover/move.ts';
import { lacking } from './operate/failover/replication.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { rehearse, step } from './operate/rehearsal.ts';
import { runningNames } from './operate/running.ts';
import { scale } from './scale.ts';

const quick: FailoverPace = {
  everyMs: 20,
  stopMs: 500,
  leaseMs: 30,
  replicationMs: 300,
  resolveMs: 1_500,
  answerMs: 5_000,
};
const [us, eu] = ['us-east-1', 'eu-west-1'] as const;
const name = 'two.dev.example.com';
/** Of the environment that the stand-in is started for. */
const zone = 'Z0123456789DEV';
const balancers = { [us]: 'us.elb.example.com.', [eu]: 'eu.elb.example.com.' } as const;
const addresses: Readonly<Record<string, string>> = {
  'us.elb.example.com': '192.0.2.1',
  'eu.elb.example.com': '192.0.2.2',
};

const settings = `
project_name       = "countersign"
kind               = "dev"
account_id         = "111122223333"
regions            = ["${us}", "${eu}"]
home_region        = "${us}"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["us-east-1a", "us-east-1b"]
public_cidrs       = ["10.0.1.0/24", "10.0.2.0/24"]
private_cidrs      = ["10.0.11.0/24", "10.0.12.0/24"]
nat_mode           = "single"
region_settings    = { ${eu} = { vpc_cidr = "10.9.0.0/16", availability_zones = ["eu-west-1a", "eu-west-1b"], public_cidrs = ["10.9.1.0/24", "10.9.2.0/24"], private_cidrs = ["10.9.11.0/24", "10.9.12.0/24"] } }
container_image    = "registry.example.com/countersign:v1"
domain_name        = "${name}"
hosted_zone_id     = "${zone}"
store_mode         = "dynamodb"
auth               = "sso"
sso_issuer         = "https://login.example.com"
sso_client_id      = "countersign"
`;

/** The tables that a move reads, with their keys. */
const tables = [
  ['home', 'name'],
  ['operations', 'operationId'],
  ['audit-heads', 'userId'],
  ['audit-logs', 'userId', 'timestamp'],
] as const;

/** A resolver that answers a name with an address; of `refuse` nothing. RFC 1035, 4.1. */
const startResolver = async (answer: (name: string) => Promise<string | undefined>): Promise<Socket> => {
  const socket = createSocket('udp4');
  socket.on('message', (question, { address, port }) => {
    let at = 12;
    const labels: string[] = [];
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('ascii', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const asked = question.subarray(12, at + 5);
    void answer(labels.join('.')).then((found) => {
      const bytes = found?.split('.').map(Number) ?? [];
      const header = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x81, 0x80, 0, 1, 0, found ? 1 : 0, 0, 0, 0, 0]);
      const record = found ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...bytes]) : Buffer.alloc(0);
      socket.send(Buffer.concat([header, asked, record]), port, address);
    });
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

describe('failover', () => {
  const standIn = onStandIn('dev');
  let root: string;
  let checks: Record<string, string>;
  let resolver: Socket;
  /** Whether resolvers follow what Route 53 would answer. */
  let follow = true;
  const route53 = () => new Route53Client({ region: us });
  const ecs = (region: string) => new ECSClient({ region });

  const isInverted = async (region: string): Promise<boolean> => {
    const { HealthCheck } = await route53().send(new GetHealthCheckCommand({ HealthCheckId: checks[region] ?? '' }));
    return HealthCheck?.HealthCheckConfig?.Inverted === true;
  };
  const sets = async () => {
    const told = await route53().send(new ListResourceRecordSetsCommand({ HostedZoneId: zone }));
    return (told.ResourceRecordSets ?? []).filter(({ SetIdentifier }) => SetIdentifier !== undefined);
  };
  const tasksIn = async (region: string): Promise<number> => {
    const told = await ecs(region).send(
      new DescribeServicesCommand({ cluster: 'countersign-two-cluster', services: ['countersign-two-service'] }),
    );
    return told.services?.[0]?.desiredCount ?? 0;
  };
  /** What Route 53 answers: the primary while its check is well and its region has tasks. */
  const resolved = async (asked: string): Promise<string | undefined> => {
    if (asked !== name) return addresses[asked];
    const found = await sets();
    const primary = found.find(({ Failover }) => Failover === 'PRIMARY');
    const region = primary?.SetIdentifier ?? us;
    const well = (primary?.HealthCheckId === undefined || !(await isInverted(region))) && (await tasksIn(region)) > 0;
    const leads = follow && !well ? found.find(({ Failover }) => Failover === 'SECONDARY') : primary;
    return addresses[leads?.AliasTarget?.DNSName?.replace(/\.$/, '') ?? ''];
  };

  const run = (...args: string[]) =>
    standIn.run(
      failoverWith(quick),
      ['--environment', 'two', '--resolver', `127.0.0.1:${resolver.address().port}`, '--yes', ...args],
      { root },
    );

  const look = () => standIn.run(doctor, ['--environment', 'two', '--check', 'home', '--check', 'failover'], { root });

  /** Tasks behind a load balancer, as far as commands look at them. */
  const setUp = async (deployment: Deployment): Promise<void> => {
    const { region } = deployment;
    const { cluster, services, loadBalancer } = runningNames(deployment);
    const client = ecs(region);
    await client.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: 'service', image: 'i:1', memory: 128 }];
    await client.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions }));
    const serviceName = services.blue;
    await client.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: 'f', desiredCount: 2 }));
    const ec2 = new EC2Client({ region });
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const subnet = async (zone: string, CidrBlock: string) => {
      const VpcId = Vpc?.VpcId;
      const made = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: region + zone }));
      return made.Subnet?.SubnetId ?? '';
    };
    const elb = new ElasticLoadBalancingV2Client({ region });
    const Subnets = await Promise.all([subnet('a', '10.0.1.0/24'), subnet('b', '10.0.2.0/24')]);
    const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: loadBalancer, Subnets }));
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({ Name: 'blue', Protocol: 'HTTP', Port: 3000, VpcId: Vpc?.VpcId, TargetType: 'ip' }),
    );
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn;
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.0.1.9', Port: 3000 }] }));
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    );
    for (const [table, partition, sort] of tables) {
      const keys = [
        { AttributeName: partition, KeyType: 'HASH' } as const,
        ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: 'RANGE' } as const]),
      ];
      const byStatus = [
        { AttributeName: 'status', KeyType: 'HASH' },
        { AttributeName: 'createdAt', KeyType: 'RANGE' },
      ] as const;
      const indexed = table === 'operations';
      await new DynamoDBClient({ region }).send(
        new CreateTableCommand({
          TableName: `countersign-two-${table}`,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [...keys, ...(indexed ? byStatus : [])].map(({ AttributeName }) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          KeySchema: [...keys],
          ...(indexed && {
            GlobalSecondaryIndexes: [
              { IndexName: 'status-createdAt-index', KeySchema: [...byStatus], Projection: { ProjectionType: 'ALL' } },
            ],
          }),
        }),
      );
    }
  };

  /** The records of the name, with a health check or, as behind CloudFront, without. */
  const setRecords = async (withChecks: boolean): Promise<void> => {
    checks = {};
    for (const [region, DNSName] of Object.entries(balancers)) {
      const { HealthCheck } = await route53().send(
        new CreateHealthCheckCommand({
          CallerReference: region,
          HealthCheckConfig: {
            Type: 'HTTPS',
            FullyQualifiedDomainName: DNSName,
            RequestInterval: 30,
            FailureThreshold: 3,
          },
        }),
      );
      checks[region] = HealthCheck?.Id ?? '';
      const ResourceRecordSet = {
        Name: name,
        Type: 'A',
        SetIdentifier: region,
        Failover: region === us ? 'PRIMARY' : 'SECONDARY',
        AliasTarget: { DNSName, HostedZoneId: 'Z35SXDOTRQ7X7K', EvaluateTargetHealth: true },
        ...(withChecks && { HealthCheckId: checks[region] }),
      } as const;
      await route53().send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zone,
          ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] },
        }),
      );
    }
  };

  const put = (region: string, table: string, item: Record<string, unknown>) =>
    DynamoDBDocumentClient.from(new DynamoDBClient({ region })).send(
      new PutCommand({ TableName: `countersign-two-${table}`, Item: item }),
    );
  const homeIn = async (region: string) =>
    (
      await DynamoDBDocumentClient.from(new DynamoDBClient({ region })).send(
        new GetCommand({ TableName: 'countersign-two-home', Key: { name: 'home' } }),
      )
    ).Item;
  const stop = async (region: string) => {
    await ecs(region).send(
      new UpdateServiceCommand({
        cluster: 'countersign-two-cluster',
        service: 'countersign-two-service',
        desiredCount: 0,
      }),
    );
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-failover-'));
    await mkdir(join(root, 'environments'));
    resolver = await startResolver(resolved);
  });
  afterAll(async () => {
    resolver.close();
    await rm(root, { recursive: true });
  });

  const operatedTwo = () => openOperated(standIn.hostWith({ root }), { environment: 'two' });

  const world = async ({ withChecks = true } = {}): Promise<void> => {
    follow = true;
    await writeFile(join(root, 'environments/two.tfvars'), settings);
    const { deployments, settings: read } = await operatedTwo();
    await new S3Client({ region: us, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: read.state_bucket }),
    );
    for (const deployment of deployments) await setUp(deployment);
    await setRecords(withChecks);
  };

  it('and what its runbook names are rehearsed', async () => {
    await world();
    const back = ['--environment', 'two', '--region', us, '--colour', 'blue', '--desired', '2', '--yes'];
    await rehearse(
      'region-failure.md',
      [
        step('doctor', [0, 1, 2], () => standIn.run(doctor, ['--environment', 'two', '--region', us], { root })),
        step('failover --dry-run', [0, 2], () => run('--region', eu, '--dry-run')),
        step('failover', [0, 2], () => run('--region', eu)),
        step('scale', [0], () => standIn.run(scale, back, { root })),
        step('failover --drill', [0, 2], () => run('--region', us, '--drill')),
      ],
      standIn,
    );
    expect(await homeIn(eu)).toMatchObject({ region: eu });
  });

  describe('a drill', () => {
    it('leads callers there and back, measures, and moves no home', async () => {
      await world();
      const before = await sets();
      // The doctor has something to say of a stand-in, so the drill is not called proven.
      expect(await run('--region', eu, '--drill')).toBe(2);
      expect(standIn.said()).toMatch(/eu-west-1 answered after [\d.]+ s; us-east-1 answers again/);
      expect(await isInverted(us)).toBe(false);
      expect(await sets()).toEqual(before);
      expect(await homeIn(eu)).toBeUndefined();
      expect(await tasksIn(us)).toBe(2);
    });

    it('puts everything back when no resolver follows, and is refused while a check is inverted', async () => {
      await world();
      await route53().send(new UpdateHealthCheckCommand({ HealthCheckId: checks[us], Inverted: true }));
      expect(await run('--region', eu, '--drill')).toBe(1);
      expect(standIn.said()).toContain('--restore');
      await look();
      expect(standIn.said()).toContain('is led away from us-east-1');
      expect(await run('--restore', '--dry-run')).toBe(2);
      expect(await isInverted(us)).toBe(true);
      expect(await run('--restore')).toBe(0);
      expect(await isInverted(us)).toBe(false);
      expect(await run('--restore', '--dry-run')).toBe(0);
      follow = false;
      expect(await run('--region', eu, '--drill', '--json')).toBe(2);
      expect(standIn.said()).toContain('"not-reached"');
      expect(await isInverted(us)).toBe(false);
    });

    it('moves and drills nothing where it is to put back, or where no resolver can be asked', async () => {
      await world();
      expect(await run('--region', eu, '--restore')).toBe(64);
      expect(await run('--drill', '--restore')).toBe(64);
      expect(await run('--region', eu, '--resolver', 'dns.google')).toBe(64);
      expect(standIn.said()).toContain('--resolver is the address of a resolver');
      expect(await tasksIn(us)).toBe(2);
      expect(await homeIn(eu)).toBeUndefined();
    });

    it('lets the records change roles where there is no health check, and back', async () => {
      await world({ withChecks: false });
      const before = await sets();
      expect(await run('--region', eu, '--drill')).toBe(2);
      expect(standIn.said()).toContain('its two records change roles');
      expect(standIn.said()).toMatch(/eu-west-1 answered after/);
      expect(await sets()).toEqual(before);
    });

    it('leaves the records as they were after kill -9 and after an interrupt', async () => {
      await world();
      follow = false;
      const program = `
        import { failoverWith } from ${JSON.stringify(join(repository, 'scripts/failover.ts'))};
        import { runCommand } from ${JSON.stringify(join(repository, 'scripts/platform/command.ts'))};
        import { hostOfProcess } from ${JSON.stringify(join(repository, 'scripts/platform/host.ts'))};
        const command = failoverWith({ everyMs: 20, stopMs: 1, leaseMs: 1, replicationMs: 1, resolveMs: 60000, answerMs: 20000 });
        const args = ['--environment', 'two', '--region', 'eu-west-1', '--drill', '--yes', '--resolver', '127.0.0.1:${resolver.address().port}'];
        process.exitCode = await runCommand(command, args, { ...hostOfProcess(), root: ${JSON.stringify(root)} });`;
      for (const signal of ['SIGKILL', 'SIGINT'] as const) {
        const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
          stdio: 'ignore',
          env: process.env,
        });
        while (!(await isInverted(us))) await sleep(50);
        child.kill(signal);
        await once(child, 'exit');
        while (await isInverted(us)) await sleep(50);
        expect(await isInverted(us)).toBe(false);
      }
    });
  });

  describe('a move', () => {
    it('stops the old home, waits, moves the record one epoch on, and is done once', async () => {
      await world();
      await put(us, 'audit-heads', { userId: 'ana', sequence: 3, hash: 'h', timestamp: '2026-11-29T10:00:00.000Z' });
      const record = { userId: 'ana', timestamp: '2026-11-29T10:00:00.000Z', hash: 'h' };
      const arriving = sleep(100).then(async () => {
        await put(eu, 'audit-heads', { userId: 'ana', sequence: 3, hash: 'h', timestamp: record.timestamp });
        await sleep(50);
        // Of one transaction, and later: the region that takes over is torn until then.
        await put(eu, 'audit-logs', record);
      });
      expect(await run('--region', eu)).toBe(2);
      await arriving;
      expect(await homeIn(eu)).toMatchObject({ region: eu, epoch: 1 });
      // A task of the old home hears of it from the other region before its own copy does.
      const register = openDynamoHome({
        prefix: 'countersign-two-',
        region: us,
        regions: [us, eu],
        endpoint: standIn.url(),
      });
      expect(await register.read()).toBeUndefined();
      expect(await register.readElsewhere()).toEqual([{ region: eu, epoch: 1 }]);
      await register.close();
      expect(await tasksIn(us)).toBe(0);
      expect(standIn.said()).toMatch(
        /eu-west-1 is the home since epoch 1[\s\S]*home_region = "eu-west-1"[\s\S]*Writable after/,
      );
      await put(us, 'home', (await homeIn(eu)) ?? {});
      await look();
      expect(standIn.said()).toContain('eu-west-1 is the home, since epoch 1. home_region is us-east-1');
      expect(await run('--region', eu)).toBe(0);
      expect(standIn.said()).toContain('eu-west-1 is the home already, since epoch 1.');
    });

    it('is refused while something is not copied, and names it', async () => {
      await world();
      await put(us, 'operations', {
        operationId: 'op_1',
        version: 4,
        status: 'applying',
        createdAt: '2026-11-29T10:00:00.000Z',
      });
      expect(await run('--region', eu)).toBe(1);
      expect(standIn.said()).toMatch(/eu-west-1 lacks what us-east-1 has, so the home stays there:\s+operation op_1/);
      expect(await homeIn(eu)).toBeUndefined();
    });

    it('goes on without a region that does not answer only where that is said', async () => {
      await world();
      const operated = await operatedTwo();
      const [from, to] = operated.deployments;
      if (from === undefined || to === undefined) throw new Error('two regions are needed');
      const { of, close } = openClients(us, standIn.url());
      const hanging = {
        send: () => new Promise(() => {}),
        destroy: () => {},
        config: {},
        middlewareStack: { clone: () => ({}), concat: () => ({}) },
      };
      // Nothing answers in the old region, not even no.
      const client: ClientOf = (Client, region = us) =>
        region === us && Client.name === 'ECSClient' ? (hanging as never) : of(Client, region);
      const run: FailingOver = {
        host: standIn.hostWith({ root }),
        operated,
        client,
        pace: { ...quick, answerMs: 100 },
        from,
        to,
        names: [],
        resolvers: [],
        signal: new AbortController().signal,
      };
      await expect(move(run, { region: us, epoch: 0 }, false)).rejects.toThrow(
        /us-east-1 does not say whether its tasks are gone \(TimeoutError\).*--old-region-down/,
      );
      expect(await homeIn(eu)).toBeUndefined();
      expect(await move(run, { region: us, epoch: 0 }, true)).toMatchObject({ home: { region: eu, epoch: 1 } });
      close();
      expect(await homeIn(eu)).toMatchObject({ region: eu, epoch: 1 });
    });

    it('is refused where the other region is not warm, as a drill is, and only said with --dry-run', async () => {
      await world();
      expect(await run('--region', eu, '--dry-run')).toBe(2);
      expect(standIn.said()).toContain('3. the home record to eu-west-1, one epoch on');
      expect(await run('--region', 'eu-west-2')).toBe(64);
      expect(standIn.said()).toContain('its regions are us-east-1, eu-west-1');
      await stop(eu);
      for (const args of [[], ['--drill']]) {
        expect(await run('--region', eu, ...args)).toBe(1);
        expect(standIn.said()).toContain('eu-west-1 is not ready to take over: no task runs in eu-west-1');
      }
      expect(await tasksIn(us)).toBe(2);
      expect(await isInverted(us)).toBe(false);
    });
  });

  it('is refused where an environment has no home, with what to set', async () => {
    expect(await standIn.run(failoverWith(quick), ['--environment', 'dev', '--region', eu])).toBe(1);
    expect(standIn.said()).toContain('environments/dev.tfvars: name two regions and home_region');
  });
});

it('tells what has not arrived by head and version', () => {
  const head = (hash: string) => ({ userId: 'ana', sequence: 1, hash, timestamp: 't' });
  const held = (hash: string, version: number) => ({
    heads: new Map([['ana', head(hash)]]),
    operations: new Map([['op', version]]),
  });
  expect(lacking(held('a', 1), held('a', 1))).toEqual([]);
  expect(lacking(held('a', 2), held('b', 1))).toEqual(['records of ana', 'operation op']);
});
