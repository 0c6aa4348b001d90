import {
  CreateTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { firstTypeNames } from '../../../contracts/packs/tagging/types/index.ts';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import {
  type Estate,
  type Extent,
  isFailure,
  type Resource,
  type Slice,
} from '../../src/packs/tagging/estate/estate.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import {
  configFor,
  createBucket,
  createContainers,
  createDatabase,
  createDomain,
  createFunctions,
  createInstances,
  east,
  home,
  member,
  useTestCredentials,
  west,
} from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';

let moto: TestServer;
let running: string[] = [];
let lambdas: string[] = [];

const arnOf = (service: string, resource: string, region = east, account = home) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const open = (more: Partial<Parameters<typeof openAwsEstate>[0]['config']> = {}) => {
  const { metrics, counts } = countingMetrics();
  const config = {
    AWS_REGION: east,
    AWS_ENDPOINT_URL: moto.url,
    ESTATE_ACCOUNTS: [home, member],
    ESTATE_REGIONS: [east, west],
    CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    ...more,
  };
  return { counts, ...openAwsEstate({ config, metrics, now: () => new Date() }) };
};

const everything: Extent = { accounts: [home, member], regions: [east, west], types: firstTypeNames };
const collect = async (estate: Estate, extent = everything): Promise<Slice[]> => {
  const slices: Slice[] = [];
  for await (const slice of estate.list(extent, contextFor())) slices.push(slice);
  return slices;
};
const resourcesOf = (slices: readonly Slice[]): Map<string, Resource> =>
  new Map(slices.flatMap((slice) => slice.resources).map((resource) => [resource.arn, resource]));
const tagsOf = async (estate: Estate, arn: string) => {
  const found = (await estate.read([arn], contextFor())).get(arn);
  if (found === undefined || isFailure(found)) throw new Error(`${arn} was not read`);
  return found.tags;
};

await describeWith(['moto_server'], 'The AWS estate', () => {
  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const here = await configFor(moto.url, home, east);
    const away = await configFor(moto.url, home, west);
    const there = await configFor(moto.url, member, east);
    const tagged = { Name: 'web', Owner: 'web@example.com' };
    const [first = '', second = '', third = '', fourth = ''] = await createInstances(here, 4, tagged);
    const bare = await createInstances(here, 2);
    running = [first, second, ...bare];
    const ec2 = new EC2Client(here);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [third] }));
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [fourth] }));
    await createInstances(away, 1);
    await createInstances(there, 3, { Owner: 'member@example.com' });
    await createDatabase(here, 'orders', { Owner: 'orders@example.com' });
    await createBucket(here, 'example-east');
    await createBucket(away, 'example-west');
    await createBucket(there, 'example-member');
    lambdas = Array.from({ length: 22 }, (_, at) => `job-${at}`);
    await createFunctions(here, lambdas);
    await createFunctions(here, ['tagged-job'], { Owner: 'jobs@example.com' });
    await createFunctions(away, lambdas.slice(0, 15));
    await createContainers(here, 'web', ['api', 'worker']);
    await createDomain(here, 'logs');
  }, 120_000);

  afterAll(() => moto.stop());

  describe('listing AWS', () => {
    it('tells in which VPC an instance runs, by its name, and nothing of other types', async () => {
      const ec2 = new EC2Client(await configFor(moto.url, home, east));
      const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand());
      const Resources = Vpcs.flatMap((vpc) => vpc.VpcId ?? []);
      await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: 'Name', Value: 'production-main' }] }));
      const { estate } = open();
      const at = { accountId: home, region: east, tags: {}, state: 'running', createdAt: null };
      const id = running[0] ?? '';
      const instance = { ...at, type: 'ec2:instance', id, arn: arnOf('ec2', `instance/${id}`) } as const;
      expect(await estate.surroundings(instance, contextFor())).toEqual({
        vpcName: 'production-main',
        roleName: undefined,
      });
      expect(await estate.surroundings({ ...instance, id: 'i-0123456789abcdef0' }, contextFor())).toEqual({});
      expect(await estate.surroundings({ ...instance, type: 'lambda:function' }, contextFor())).toEqual({});
    });

    it('finds every resource of every type, tagged or never tagged, in each account and region', async () => {
      const { estate } = open();
      const slices = await collect(estate);
      const found = resourcesOf(slices);
      expect(slices.filter((slice) => slice.failure)).toEqual([]);
      expect(slices).toHaveLength(2 * 2 * 7);
      const count = (accountId: string, region: string, type: string) =>
        [...found.values()].filter(
          (each) => each.accountId === accountId && each.region === region && each.type === type,
        ).length;
      expect(firstTypeNames.map((type) => [type, count(home, east, type)])).toEqual([
        ['ec2:instance', 6],
        ['rds:db', 1],
        ['s3:bucket', 1],
        ['lambda:function', 23],
        ['ecs:cluster', 1],
        ['ecs:service', 2],
        ['opensearch:domain', 1],
      ]);
      expect([
        count(home, west, 'ec2:instance'),
        count(home, west, 's3:bucket'),
        count(home, west, 'lambda:function'),
      ]).toEqual([1, 1, 15]);
      expect([
        count(member, east, 'ec2:instance'),
        count(member, east, 's3:bucket'),
        count(member, west, 'ec2:instance'),
      ]).toEqual([3, 1, 0]);
    });

    it('tells tags, states and ages', async () => {
      const { estate } = open();
      const found = resourcesOf(await collect(estate));
      const [web, , bare] = running.map((id) => found.get(arnOf('ec2', `instance/${id}`)));
      expect(web).toMatchObject({ tags: { Name: 'web', Owner: 'web@example.com' }, state: 'running', id: running[0] });
      expect(Date.parse(web?.createdAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
      expect(bare?.tags).toEqual({});
      const states = [...found.values()].filter((each) => each.type === 'ec2:instance').map((each) => each.state);
      expect(states).toEqual(expect.arrayContaining(['stopped', 'terminated']));
      expect(found.get(arnOf('rds', 'db:orders'))?.tags).toEqual({ Owner: 'orders@example.com' });
      expect(found.get(arnOf('lambda', 'function:tagged-job'))).toMatchObject({
        tags: { Owner: 'jobs@example.com' },
        createdAt: null,
      });
      expect(found.get(arnOf('lambda', 'function:job-1'))?.tags).toEqual({});
      expect(found.get(arnOf('ecs', 'cluster/web'))?.tags).toEqual({ Owner: 'containers@example.com' });
      expect(found.get('arn:aws:s3:::example-west')).toMatchObject({ region: west, accountId: home });
    });

    it('stops when the caller leaves', async () => {
      const { estate } = open();
      const listing = estate.list(everything, contextFor('tag:read', AbortSignal.abort()));
      await expect(listing[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'cancelled' });
    });

    it('assumes a role once for many calls', async () => {
      const { estate, counts } = open();
      await collect(estate);
      await collect(estate);
      // One for who we are, one for the member account.
      expect(counts.get('UpstreamCalls sts ok')).toBe(2);
    });
  });

  describe('reading ARNs', () => {
    it('reads what exists, leaves out what does not, whatever account a bucket is in', async () => {
      const { estate } = open();
      const there = [
        arnOf('ec2', `instance/${running[0]}`),
        arnOf('rds', 'db:orders'),
        'arn:aws:s3:::example-east',
        'arn:aws:s3:::example-member',
        arnOf('lambda', 'function:job-1'),
        arnOf('ecs', 'cluster/web'),
        arnOf('ecs', 'service/web/api'),
        arnOf('es', 'domain/logs'),
      ];
      const missing = [
        arnOf('ec2', 'instance/i-0123456789abcdef0'),
        arnOf('rds', 'db:nowhere'),
        'arn:aws:s3:::example-nowhere',
        arnOf('lambda', 'function:nowhere'),
        arnOf('ecs', 'cluster/nowhere'),
        arnOf('ecs', 'service/nowhere/api'),
        arnOf('es', 'domain/nowhere'),
      ];
      const found = await estate.read([...there, ...missing], contextFor());
      expect([...found.keys()].sort()).toEqual([...there].sort());
      expect([...found.values()].filter(isFailure)).toEqual([]);
      expect(found.get('arn:aws:s3:::example-member')).toMatchObject({ accountId: member, region: east, tags: {} });
    });
  });

  describe('writing tags', () => {
    it.each([
      ['an instance', () => arnOf('ec2', `instance/${running[1]}`)],
      ['a database', () => arnOf('rds', 'db:orders')],
      ['a bucket', () => 'arn:aws:s3:::example-west'],
      ['a bucket of another account', () => 'arn:aws:s3:::example-member'],
      ['a function', () => arnOf('lambda', 'function:job-2')],
      ['a cluster', () => arnOf('ecs', 'cluster/web')],
      ['a service', () => arnOf('ecs', 'service/web/worker')],
      ['a domain', () => arnOf('es', 'domain/logs')],
    ])('sets and removes tags of %s and leaves its others alone', async (_, name) => {
      const { estate } = open();
      const arn = name();
      const before = await tagsOf(estate, arn);
      expect(await estate.tag([arn], { CostCenter: 'Data', Keep: 'me' }, contextFor())).toEqual([{ arn, ok: true }]);
      expect(await tagsOf(estate, arn)).toEqual({ ...before, CostCenter: 'Data', Keep: 'me' });
      expect(await estate.untag([arn], ['CostCenter'], contextFor())).toEqual([{ arn, ok: true }]);
      expect(await tagsOf(estate, arn)).toEqual({ ...before, Keep: 'me' });
      await estate.untag([arn], ['Keep', 'NeverThere'], contextFor());
      expect(await tagsOf(estate, arn)).toEqual(before);
    });

    it('worked example 7: 25 and 15 ARNs are 3 calls, and 3 that fail leave 37 tagged', async () => {
      const { estate, counts } = open();
      const gone = ['a', 'b', 'c'].map((each) => arnOf('ecs', `cluster/gone-${each}`));
      const arns = [
        ...lambdas.map((name) => arnOf('lambda', `function:${name}`)),
        ...gone,
        ...lambdas.slice(0, 15).map((name) => arnOf('lambda', `function:${name}`, west)),
      ];
      const outcomes = await estate.tag(arns, { Owner: 'bulk@example.com' }, contextFor());
      expect(arns).toHaveLength(40);
      expect(outcomes.map((each) => each.arn)).toEqual(arns);
      expect(counts.get('UpstreamCalls tagging ok')).toBe(3);
      expect(outcomes.filter((each) => each.ok)).toHaveLength(37);
      expect(outcomes.filter((each) => !each.ok).map((each) => [each.arn, each.code])).toEqual(
        gone.map((arn) => [arn, 'ClusterNotFoundException']),
      );
    });

    it('says what was not written when the caller leaves', async () => {
      const { estate } = open();
      const arn = arnOf('rds', 'db:orders');
      const outcomes = await estate.tag([arn], { Late: 'x' }, contextFor('tag:write', AbortSignal.abort()));
      expect(outcomes).toMatchObject([{ arn, ok: false, code: 'cancelled' }]);
      expect(await tagsOf(estate, arn)).not.toHaveProperty('Late');
    });
  });
});
