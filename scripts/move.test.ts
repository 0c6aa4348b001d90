/** A name that leaves its old server, on a stand-in for AWS: by weights, back, and for good. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { repository } from '../modules/testing/synthesized.ts';
import { makeBalancer } from './emulator/balancer.ts';
import { move } from './move.ts';
import { answersOf } from './operate/move/records.ts';
import { onStandIn } from './operate/on-stand-in.ts';

const region = 'us-east-1';
const name = 'mcp.finops.example.com';
const key = 'tagging-mcp/prod/us-east-1.move.json';

const target = { dnsName: 'alb-1.us-east-1.elb.amazonaws.com', zoneId: 'Z35' };
const weighted = (SetIdentifier: string, Weight: number, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'A',
  SetIdentifier,
  Weight,
  ...more,
});
const alias = (DNSName: string) => ({ AliasTarget: { DNSName, HostedZoneId: 'Z35', EvaluateTargetHealth: true } });
const simple: ResourceRecordSet = { Name: `${name}.`, Type: 'A', TTL: 300, ResourceRecords: [{ Value: '192.0.2.1' }] };

describe('what a name answers with', () => {
  it.each<[string, ResourceRecordSet[], string]>([
    ['nothing', [], 'none'],
    ['one address', [simple], 'old'],
    [
      'the alias of the load balancer, however it is spelt',
      [{ Name: name, Type: 'A', ...alias('ALB-1.us-east-1.elb.amazonaws.com.') }],
      'new',
    ],
    ['the alias of another', [{ Name: name, Type: 'A', ...alias('other.example.com.') }], 'foreign'],
    ['both, weighted', [weighted('before', 50), weighted('after', 50, alias(target.dnsName))], 'weighted'],
    [
      'both, where the new one leads elsewhere',
      [weighted('before', 50), weighted('after', 50, alias('x.'))],
      'foreign',
    ],
    ['weights of somebody else', [weighted('a', 50), weighted('b', 50, alias(target.dnsName))], 'foreign'],
    [
      'three weights',
      [weighted('before', 50), weighted('after', 50, alias(target.dnsName)), weighted('c', 1)],
      'foreign',
    ],
    ['addresses of two kinds', [simple, { ...simple, Type: 'AAAA' }], 'foreign'],
    ['another name', [{ ...simple, Type: 'CNAME' }], 'foreign'],
  ])('%s', (_, records, kind) => {
    expect(answersOf(records, target).kind).toBe(kind);
  });
});

describe('a move', () => {
  const standIn = onStandIn('examples/tag-governance/prod');
  let root: string;
  // The stand-in's account has the zone of the settings.
  const zone = 'Z0123456789FINOPS';
  const bucket = 'tagging-mcp-111122223333-terraform-state';
  let address: string;
  const [dns, s3, ec2] = [
    () => new Route53Client({ region }),
    () => new S3Client({ region, forcePathStyle: true }),
    () => new EC2Client({ region }),
  ];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-move-'));
    await mkdir(join(root, 'environments'));
    const file = await readFile(join(repository, 'environments/examples/tag-governance/prod.tfvars'), 'utf8');
    await writeFile(join(root, 'environments/mine.tfvars'), `${file}domain_record = "move"\n`);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  /** As it is before: an instance that the name leads to, and the load balancer beside it. */
  beforeEach(async () => {
    await s3().send(new CreateBucketCommand({ Bucket: bucket }));
    const balancer = await makeBalancer(region, 'tagging-mcp-alb');
    const TargetGroupArn = await balancer.group('g', 80);
    await balancer.listen({ Type: 'forward', TargetGroupArn });
    const elb = new ElasticLoadBalancingV2Client({ region });
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '10.0.0.9' }] }));
    const ImageId = 'ami-12c6146b';
    const { Instances = [] } = await ec2().send(
      new RunInstancesCommand({
        ImageId,
        MinCount: 1,
        MaxCount: 1,
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: balancer.subnets[0], AssociatePublicIpAddress: true }],
      }),
    );
    const InstanceIds = Instances.map(({ InstanceId }) => InstanceId ?? '');
    const { Reservations = [] } = await ec2().send(new DescribeInstancesCommand({ InstanceIds }));
    address = Reservations[0]?.Instances?.[0]?.PublicIpAddress ?? '';
  });

  const give = (record: ResourceRecordSet) =>
    dns().send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: record }] },
      }),
    );
  const old = (TTL: number): ResourceRecordSet => ({ ...simple, TTL, ResourceRecords: [{ Value: address }] });
  const records = async () => {
    const { ResourceRecordSets = [] } = await dns().send(new ListResourceRecordSetsCommand({ HostedZoneId: zone }));
    return ResourceRecordSets.filter(({ Type }) => Type === 'A');
  };
  const weights = async () => (await records()).map(({ SetIdentifier, Weight }) => [SetIdentifier, Weight]);
  const run = (...args: string[]) => standIn.run(move, ['--environment', 'mine', ...args], { root });
  const yes = (...args: string[]) => run(...args, '--yes');
  const state = async () => {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? '');
  };
  const rewrite = async (changed: object) => {
    const Body = JSON.stringify({ ...(await state()), ...changed });
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
  };
  const serverState = async () => {
    const { Reservations = [] } = await ec2().send(new DescribeInstancesCommand({}));
    return Reservations[0]?.Instances?.[0]?.State?.Name;
  };
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

  it('shortens the old record first, and divides it when resolvers have forgotten it', async () => {
    await give(old(300));
    expect(await yes('start')).toBe(75);
    expect(await records()).toMatchObject([{ TTL: 60, ResourceRecords: [{ Value: address }] }]);
    expect(await yes('start')).toBe(75);
    expect(await yes('shift')).toBe(1);
    expect(standIn.said()).toMatch(/has no weighted records yet: npm run move -- start once more, from \S+Z on/);
    expect(await records()).toHaveLength(1);
    await rewrite({ loweredAt: new Date(Date.now() - 301_000).toISOString() });
    expect(await yes('start')).toBe(0);
    expect(await weights()).toEqual([
      ['before', 100],
      ['after', 0],
    ]);
    expect(await records()).toMatchObject([{ TTL: 60 }, { AliasTarget: { EvaluateTargetHealth: true } }]);
    expect(await state()).toMatchObject({
      old: { ttl: 300, values: [address] },
      steps: [{ what: expect.stringContaining('60 s') }, {}],
    });
  });

  it('goes on by 10, 50 and 100, and back to the old server from anywhere', async () => {
    await give(old(60));
    await yes('start');
    await rewrite({ loweredAt: ago(1) });
    expect(await yes('start')).toBe(0);
    for (const [args, share] of [
      [['shift'], 10],
      [['shift'], 50],
      [['shift'], 100],
      [['shift'], 100],
    ] as const) {
      expect(await yes(...args)).toBe(0);
      expect(await weights()).toEqual([
        ['before', 100 - share],
        ['after', share],
      ]);
    }
    expect((await state()).movedAt).toBeDefined();
    expect(await yes('shift', '50')).toBe(1);
    expect(standIn.said()).toContain('To send everybody to the old one: npm run move -- back.');
    expect(await yes('back')).toBe(0);
    expect(await weights()).toEqual([
      ['before', 100],
      ['after', 0],
    ]);
    expect((await state()).movedAt).toBeUndefined();
    expect(await yes('back')).toBe(0);
    expect(await yes('shift', '25')).toBe(0);
    expect(await weights()).toEqual([
      ['before', 75],
      ['after', 25],
    ]);
    standIn.forget();
    expect(await run('status')).toBe(0);
    expect(standIn.said()).toContain('the old server 75 %, the new one 25 %');
  });

  it('keeps the old server for a week, then removes its record and stops it', async () => {
    await give(old(60));
    await yes('start');
    await rewrite({ loweredAt: ago(1) });
    await yes('start');
    expect(await yes('finish')).toBe(1);
    expect(standIn.said()).toContain('shift all of it first');
    await yes('shift', '100');
    expect(await yes('finish')).toBe(1);
    expect(standIn.said()).toMatch(/The old server is kept for 7 days, until \S+Z, because people may have to go back/);
    expect(await weights()).toEqual([
      ['before', 0],
      ['after', 100],
    ]);
    await rewrite({ movedAt: ago(6.9) });
    expect(await yes('finish')).toBe(1);
    await rewrite({ movedAt: ago(7.1) });
    expect(await run('finish', '--dry-run')).toBe(2);
    expect(await yes('finish')).toBe(0);
    expect(await records()).toMatchObject([{ AliasTarget: { DNSName: expect.stringContaining('tagging-mcp-alb') } }]);
    expect(await serverState()).toBe('stopped');
    expect(await yes('back')).toBe(1);
    expect(standIn.said()).toContain(`give the name its address ${address} by hand`);
    expect(await yes('finish', '--server', 'terminate', '--dry-run')).toBe(2);
    expect(await serverState()).toBe('stopped');
    expect(await yes('finish', '--server', 'terminate')).toBe(0);
    expect(await serverState()).toBe('terminated');
    expect(await yes('finish', '--server', 'terminate', '--dry-run')).toBe(0);
    expect(await yes('finish', '--server', 'terminate')).toBe(0);
  });

  it('shortens a record whose time somebody changed after the move was remembered', async () => {
    await give(old(300));
    expect(await standIn.run(move, ['--environment', 'mine', 'start'], { root, ask: async () => 'no' })).toBe(1);
    await dns().send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: old(7200) }] },
      }),
    );
    expect(await yes('start')).toBe(75);
    expect(await records()).toMatchObject([{ TTL: 60 }]);
    expect(await state()).toMatchObject({ old: { ttl: 7200 } });
  });

  it.each([['0x32'], ['1e1'], ['-5'], ['101'], ['10', '50'], ['0']])('shifts nothing for %s %s', async (...shares) => {
    expect(await yes('shift', '--', ...shares)).toBe(64);
  });

  it('asks for the id of the server before it stops it, and leaves it where the answer is another', async () => {
    await give(old(60));
    await yes('start');
    await rewrite({ loweredAt: ago(1) });
    await yes('start');
    await yes('shift', '100');
    await rewrite({ movedAt: ago(8) });
    expect(await standIn.run(move, ['--environment', 'mine', 'finish'], { root, ask: async () => 'yes' })).toBe(1);
    expect(await records()).toHaveLength(1);
    expect(await serverState()).toBe('running');
  });

  it('touches nothing on a dry run, without an answer, or where the name is somebody else’s', async () => {
    expect(await yes('start')).toBe(1);
    expect(standIn.said()).toContain(`${name} answers with nothing.`);
    await give(old(300));
    expect(await run('start', '--dry-run', '--json')).toBe(2);
    expect(await run('start')).toBe(1);
    expect(await records()).toMatchObject([{ TTL: 300 }]);
    expect(await yes('shift')).toBe(1);
    expect(standIn.said()).toMatch(/is not moving yet|has no weighted records yet/);
    expect(await standIn.run(move, ['--environment', 'examples/tag-governance/prod', 'start', '--yes'])).toBe(1);
    expect(standIn.said()).toContain('has domain_record = "move" from the first deployment on');
    expect(await yes('shft')).toBe(64);
    expect(await yes('shift', '0')).toBe(64);
    expect(await yes('back', '10')).toBe(64);
    await rewrite({ name: 'other.example.com' });
    expect(await yes('start')).toBe(1);
    expect(standIn.said()).toContain('other.example.com is moving: finish that first');
  });

  it('stops where somebody changed the records meanwhile', async () => {
    await give(old(60));
    await yes('start');
    await give({ ...simple, Type: 'AAAA', ResourceRecords: [{ Value: '2001:db8::1' }] });
    expect(await yes('start')).toBe(1);
    expect(standIn.said()).toContain('records that no move makes (A, AAAA)');
    expect(await run('status')).toBe(2);
  });
});
