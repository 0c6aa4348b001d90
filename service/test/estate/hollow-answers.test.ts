import { firstTypeNames, type TaggableType } from '../../../contracts/packs/tagging/types/index.ts';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import { type Estate, type Extent, isFailure, type Slice } from '../../src/packs/tagging/estate/estate.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { type Answer, type Edge, startEdge, type UpstreamCall } from './edge.ts';
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
  useTestCredentials,
  west,
} from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';

let moto: TestServer;
let edge: Edge;

const page = '<html><head><title>Sign in</title></head><body>to the proxy</body></html>';
const hollow: [string, Answer][] = [
  ['nothing', { status: 200, html: '' }],
  ['a page of a proxy', { status: 200, html: page }],
  ['a page that is no XML', { status: 200, html: '<!doctype html><p>to the proxy<br>' }],
  ['an empty object', { status: 200, json: {} }],
];
/** The calls whose answers a listing rests on, by service and what the call has in it. */
const reads: [string, TaggableType, (call: UpstreamCall) => boolean][] = [
  ['DescribeInstances', 'ec2:instance', ({ action }) => action === 'DescribeInstances'],
  ['DescribeDBInstances', 'rds:db', ({ action }) => action === 'DescribeDBInstances'],
  ['ListBuckets', 's3:bucket', ({ service, path }) => service === 's3' && path.includes('ListBuckets')],
  ['GetResources', 'lambda:function', ({ action }) => action === 'GetResources'],
  ['ListFunctions', 'lambda:function', ({ path }) => path.includes('/functions')],
  ['ListClusters', 'ecs:cluster', ({ action }) => action === 'ListClusters'],
  ['DescribeClusters', 'ecs:cluster', ({ action }) => action === 'DescribeClusters'],
  ['ListServices', 'ecs:service', ({ action }) => action === 'ListServices'],
  ['DescribeServices', 'ecs:service', ({ action }) => action === 'DescribeServices'],
  ['ListDomainNames', 'opensearch:domain', ({ path }) => path.endsWith('/domain')],
  ['DescribeDomains', 'opensearch:domain', ({ path }) => path.includes('/domain-info')],
  ['ListTags of a domain', 'opensearch:domain', ({ service, path }) => service === 'es' && path.includes('/tags')],
];

await describeWith(['moto_server'], 'An answer of 200 that says nothing', () => {
  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const here = await configFor(moto.url, home, east);
    await createInstances(here, 2);
    await createDatabase(here, 'orders');
    await createBucket(here, 'example-east');
    await createBucket(await configFor(moto.url, home, west), 'example-west');
    await createFunctions(here, ['one'], { Owner: 'jobs@example.com' });
    await createContainers(here, 'web', ['api']);
    for (const name of ['logs', 'search', 'metrics', 'traces', 'events', 'audit']) await createDomain(here, name);
  }, 120_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    edge = await startEdge(moto.url);
  });
  afterEach(() => edge.stop());

  const open = (timeouts?: { regionMs: number; callMs: number; readMs?: number }) => {
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: edge.url,
      ESTATE_ACCOUNTS: [home],
      ESTATE_REGIONS: [east, west],
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    };
    const { metrics } = countingMetrics();
    return openAwsEstate({ config, metrics, now: () => new Date(), ...(timeouts ? { timeouts } : {}) });
  };
  const everything: Extent = { accounts: [home], regions: [east], types: firstTypeNames };
  const collect = async (estate: Estate, extent = everything): Promise<Slice[]> => {
    const slices: Slice[] = [];
    for await (const slice of estate.list(extent, contextFor())) slices.push(slice);
    return slices;
  };

  describe('is a failure of its type, never an empty listing', () => {
    it.each(
      reads.flatMap(([call, type, matches]) => hollow.map(([what, answer]) => ({ call, type, matches, what, answer }))),
    )('$call answers with $what', async ({ type, matches, answer }) => {
      edge.answer = (call) => (matches(call) ? answer : undefined);
      const { estate } = open();
      const [slice] = await collect(estate, { ...everything, types: [type] });
      expect(edge.calls.filter(matches).length).toBeGreaterThan(0);
      expect(slice?.failure).toMatchObject({ accountId: home, type, code: 'malformed_answer' });
    });

    it('and every other type is read', async () => {
      edge.answer = ({ action }) => (action === 'DescribeInstances' ? { status: 200, html: '' } : undefined);
      const slices = await collect(open().estate);
      expect(slices.filter((slice) => slice.failure).map((slice) => slice.type)).toEqual(['ec2:instance']);
    });

    it('nor an account: who we are is not made up', async () => {
      edge.answer = ({ action }) => (action === 'GetCallerIdentity' ? { status: 200, html: page } : undefined);
      const slices = await collect(open().estate, { ...everything, types: ['ec2:instance'] });
      expect(slices[0]?.failure).toMatchObject({ accountId: home, code: 'malformed_answer' });
    });
  });

  describe('of fewer than were asked about', () => {
    it('keeps those domains that were described, and says that there are more', async () => {
      let short = true;
      edge.answer = ({ path, body }) => {
        if (!short || !path.includes('/domain-info') || JSON.parse(body).DomainNames.length < 5) return undefined;
        short = false;
        return { status: 200, json: { DomainStatusList: [] } };
      };
      const [slice] = await collect(open().estate, { ...everything, types: ['opensearch:domain'] });
      expect(slice?.resources).toHaveLength(1);
      expect(slice?.failure?.code).toBe('malformed_answer');
      expect(slice?.failure?.message).toMatch(/^5 of 6 domains could not be read: opensearch/);
    });

    it('is no listing of clusters', async () => {
      edge.answer = ({ action }) =>
        action === 'DescribeClusters' ? { status: 200, json: { clusters: [], failures: [] } } : undefined;
      const [slice] = await collect(open().estate, { ...everything, types: ['ecs:cluster'] });
      expect(slice?.failure?.code).toBe('malformed_answer');
    });

    it('is whole when what is missing is told as missing', async () => {
      edge.answer = ({ action }) =>
        action === 'DescribeClusters'
          ? {
              status: 200,
              json: { clusters: [], failures: [{ arn: `arn:aws:ecs:${east}:${home}:cluster/web`, reason: 'MISSING' }] },
            }
          : undefined;
      const [slice] = await collect(open().estate, { ...everything, types: ['ecs:cluster'] });
      expect([slice?.resources, slice?.failure]).toEqual([[], undefined]);
    });

    it('a page that names itself as the next one ends the listing', async () => {
      edge.answer = ({ action }) =>
        action === 'ListClusters' ? { status: 200, json: { clusterArns: [], nextToken: 'again' } } : undefined;
      const [slice] = await collect(open().estate, { ...everything, types: ['ecs:cluster'] });
      expect(slice?.failure?.code).toBe('malformed_answer');
    });
  });

  describe('reading single resources', () => {
    const bucket = 'arn:aws:s3:::example-east';
    const tagging = ({ service, path, method }: UpstreamCall) =>
      service === 's3' && method === 'GET' && path.includes('tagging');

    it('of one bucket fails that bucket and no other', async () => {
      edge.answer = (call) => (tagging(call) && call.path.includes('west') ? { status: 200, html: '' } : undefined);
      const found = await open().estate.read([bucket, 'arn:aws:s3:::example-west'], contextFor());
      expect(found.get(bucket)).toMatchObject({ id: 'example-east' });
      const west = found.get('arn:aws:s3:::example-west');
      expect(west && isFailure(west) && west.code).toBe('malformed_answer');
    });

    it('one bucket that hangs is not known in time, and the others are', async () => {
      edge.answer = (call) => (tagging(call) && call.path.includes('west') ? 'hang' : undefined);
      const { estate } = open({ regionMs: 60_000, callMs: 10_000, readMs: 1000 });
      const found = await estate.read([bucket, 'arn:aws:s3:::example-west'], contextFor());
      expect(found.get(bucket)).toMatchObject({ id: 'example-east' });
      expect(found.get('arn:aws:s3:::example-west')).toMatchObject({ code: 'timeout', type: 's3:bucket' });
    });

    it('an empty set of tags is an answer', async () => {
      edge.answer = (call) => (tagging(call) ? { status: 200, xml: '<Tagging><TagSet/></Tagging>' } : undefined);
      const found = await open().estate.read([bucket], contextFor());
      expect(found.get(bucket)).toMatchObject({ tags: {} });
    });

    it('where a bucket is: an empty element means us-east-1, an empty answer nothing', async () => {
      const listed = (names: string[]) =>
        `<ListAllMyBucketsResult><Buckets>${names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join('')}</Buckets></ListAllMyBucketsResult>`;
      edge.answer = ({ service, path }) => {
        if (service !== 's3') return undefined;
        if (path.includes('ListBuckets')) return { status: 200, xml: listed(['example-east', 'example-hollow']) };
        if (!path.includes('location')) return undefined;
        return path.includes('hollow')
          ? { status: 200, html: '' }
          : { status: 200, xml: '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' };
      };
      const { estate } = open();
      const [slice] = await collect(estate, { ...everything, types: ['s3:bucket'] });
      expect(slice?.resources.map((each) => each.id)).toEqual(['example-east']);
      expect(slice?.failure).toEqual({
        accountId: home,
        type: 's3:bucket',
        code: 'malformed_answer',
        message: expect.stringContaining('the region of 1 of 2 buckets could not be read'),
      });
      const found = await estate.read([bucket, 'arn:aws:s3:::example-hollow'], contextFor());
      expect(found.get(bucket)).toMatchObject({ region: east });
      expect(found.get('arn:aws:s3:::example-hollow')).toMatchObject({ code: 'malformed_answer' });
    });
  });

  describe('names the type, the region and the account that failed, and no other', () => {
    it('when connections are reset', async () => {
      edge.answer = ({ service, region }) => (service === 'rds' && region === west ? 'reset' : undefined);
      const slices = await collect(open().estate, { ...everything, regions: [east, west] });
      expect(slices.filter((slice) => slice.failure).map((slice) => slice.failure)).toEqual([
        {
          accountId: home,
          region: west,
          type: 'rds:db',
          code: 'connection_failed',
          message: 'The connection to rds failed (ECONNRESET). Try again.',
        },
      ]);
    });

    it('when a service is slow in one region', async () => {
      edge.answer = ({ service, region }) => (service === 'es' && region === west ? 'hang' : undefined);
      const { estate } = open({ regionMs: 1500, callMs: 10_000 });
      const slices = await collect(estate, { ...everything, regions: [east, west] });
      expect(slices.filter((slice) => slice.failure).map((slice) => slice.failure)).toEqual([
        expect.objectContaining({ accountId: home, region: west, type: 'opensearch:domain', code: 'timeout' }),
      ]);
    });

    it('when the tagging API fails for a service that is well', async () => {
      edge.answer = ({ action }) => (action === 'GetResources' ? { status: 400, json: {} } : undefined);
      const [slice] = await collect(open().estate, { ...everything, types: ['lambda:function'] });
      expect(slice?.failure?.message).toBe('tagging answered HTTP 400 without a code. Try again later.');
    });

    it('when all buckets of the account cannot be listed: one failure, of the account', async () => {
      edge.answer = ({ service }) => (service === 's3' ? { status: 403, html: page } : undefined);
      const slices = await collect(open().estate, { ...everything, regions: [east, west], types: ['s3:bucket'] });
      expect(slices.map((slice) => slice.failure)).toEqual([
        { accountId: home, type: 's3:bucket', code: 'http_403', message: expect.stringContaining('s3') },
        { accountId: home, type: 's3:bucket', code: 'http_403', message: expect.stringContaining('s3') },
      ]);
    });
  });
});
