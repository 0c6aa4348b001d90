/** For tests: two regions with a home on a stand-in for AWS, and resolvers that follow its records and health checks. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  GetHealthCheckCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { doctor } from '../../doctor.ts';
import { makeBalancer } from '../../emulator/balancer.ts';
import { failoverWith } from '../../failover.ts';
import { onStandIn } from '../on-stand-in.ts';
import { openOperated } from '../operated.ts';
import { runningNames } from '../running.ts';
import type { FailoverPace } from './failing-over.ts';

export const quick: FailoverPace = {
  everyMs: 20,
  stopMs: 500,
  leaseMs: 30,
  replicationMs: 300,
  resolveMs: 1_500,
  answerMs: 5_000,
};
export const [us, eu] = ['us-east-1', 'eu-west-1'] as const;
export const name = 'two.dev.example.com';
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

/** Registers hooks that start the stand-in, and a resolver that asks it. */
export const onTwoRegions = () => {
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
    const balancer = await makeBalancer(region, loadBalancer);
    const TargetGroupArn = await balancer.group('blue', 3000);
    const elb = new ElasticLoadBalancingV2Client({ region });
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.0.1.9', Port: 3000 }] }));
    await balancer.listen({ Type: 'forward', TargetGroupArn });
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

  return {
    standIn,
    route53,
    isInverted,
    sets,
    tasksIn,
    run,
    look,
    put,
    homeIn,
    stop,
    operatedTwo,
    world,
    /** Folder of the environment's file. */
    root: () => root,
    /** Ids of the health checks, by region. */
    checks: () => checks,
    resolver: () => resolver,
    /** Resolvers no longer follow what Route 53 would answer. */
    ignore: (): void => {
      follow = false;
    },
  };
};
