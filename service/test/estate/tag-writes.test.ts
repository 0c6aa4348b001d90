import { GetBucketTaggingCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { awsError, type Edge, startEdge, type UpstreamCall } from './edge.ts';
import { configFor, createBucket, createFunctions, east, home, useTestCredentials } from './moto-cloud.ts';
import { at, contextFor, countingMetrics, startPack } from './pack.ts';

let moto: TestServer;
let edge: Edge;
const names = Array.from({ length: 20 }, (_, at) => `job-${at}`);
const arnOf = (name: string) => `arn:aws:lambda:${east}:${home}:function:${name}`;
const arns = names.map(arnOf);
const bucket = 'arn:aws:s3:::example-bucket';

const namesIn = ({ body }: UpstreamCall): string[] => JSON.parse(body).ResourceARNList;
const tagCalls = () => edge.calls.filter((call) => call.action === 'TagResources');
/** The tagging API cannot reach the service, so its own API is asked. */
const unreachable = (arn: string) => ({
  status: 200,
  json: { FailedResourcesMap: { [arn]: { StatusCode: 500, ErrorCode: 'InternalServiceException' } } },
});

await describeWith(['moto_server'], 'Writing tags on AWS', () => {
  let s3: S3Client;
  const held = async () => {
    const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: 'example-bucket' }));
    return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
  };

  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const here = await configFor(moto.url, home, east);
    s3 = new S3Client({ ...here, forcePathStyle: true });
    await createFunctions(here, names);
    await createBucket(here, 'example-bucket');
  }, 120_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    edge = await startEdge(moto.url);
    const TagSet = [
      { Key: 'Team', Value: 'data' },
      { Key: 'Backup', Value: 'daily' },
    ];
    await s3.send(new PutBucketTaggingCommand({ Bucket: 'example-bucket', Tagging: { TagSet } }));
  });
  afterEach(() => edge.stop());

  const open = () => {
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: edge.url,
      ESTATE_ACCOUNTS: [home],
      ESTATE_REGIONS: [east],
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    };
    return openAwsEstate({ config, metrics: countingMetrics().metrics, now: () => new Date() }).estate;
  };
  const failedOf = (outcomes: readonly { arn: string; ok: boolean; code?: string }[]) =>
    outcomes.filter((each) => !each.ok).map((each) => [each.arn, each.code]);

  describe('when one of 20 is refused, and the call with it', () => {
    it.each([
      ['InvalidParameterException', 400, ['job-7']],
      ['InvalidParameterException', 400, ['job-0', 'job-10', 'job-19']],
      ['ValidationException', 400, ['job-19']],
      ['AccessDeniedException', 403, ['job-3']],
    ])('%s: writes the others and names those it was about', async (code, status, bad) => {
      edge.answer = (call) =>
        call.action === 'TagResources' && bad.some((name) => namesIn(call).includes(arnOf(name)))
          ? awsError(status, code)
          : undefined;
      const outcomes = await open().tag(arns, { CostCenter: 'Data' }, contextFor());
      expect(outcomes.map((each) => each.arn)).toEqual(arns);
      expect(failedOf(outcomes).map(([arn]) => arn)).toEqual(bad.map(arnOf));
      expect(tagCalls().length).toBeLessThan(30);
    });

    it('removes tags of the others too', async () => {
      edge.answer = (call) =>
        call.action === 'UntagResources' && namesIn(call).includes(arnOf('job-7'))
          ? awsError(400, 'InvalidParameterException')
          : undefined;
      const outcomes = await open().untag(arns, ['CostCenter'], contextFor());
      expect(failedOf(outcomes)).toEqual([[arnOf('job-7'), 'InvalidParameterException']]);
    });

    it('a role that may not tag at all is not asked once for each resource', async () => {
      edge.answer = ({ action }) => (action === 'TagResources' ? awsError(403, 'AccessDeniedException') : undefined);
      const outcomes = await open().tag(arns, { CostCenter: 'Data' }, contextFor());
      expect(outcomes.every((each) => each.code === 'access_denied')).toBe(true);
      expect(tagCalls().length).toBeLessThan(12);
    });

    it('a service that is away is not asked again for each resource', async () => {
      edge.answer = ({ action }) => (action === 'TagResources' ? 'reset' : undefined);
      const outcomes = await open().tag(arns, { NeverWritten: 'x' }, contextFor());
      expect(outcomes.every((each) => each.code === 'connection_failed')).toBe(true);
      expect(tagCalls().every((call) => namesIn(call).length === 20)).toBe(true);
    }, 60_000);
  });

  describe('whose answer is lost', () => {
    const answers = [
      ['nothing in a 200', { status: 200, json: {} } as const],
      ['a page in a 200', { status: 200, html: '<html><body>hello</body></html>' } as const],
      ['a connection that ends', 'reset' as const],
    ] as const;

    it.each(answers)('as %s calls nothing written that was not', async (_, answer) => {
      edge.answer = (call) => (call.action === 'TagResources' ? answer : undefined);
      const outcomes = await open().tag([arnOf('job-1'), arnOf('job-2')], { Lost: 'x' }, contextFor());
      expect(outcomes.map((each) => each.ok)).toEqual([false, false]);
      expect(outcomes[0]?.code).toMatch(/malformed_answer|connection_failed/);
    });

    it.each(answers)('as %s calls nothing failed that was written', async (_, answer) => {
      const estate = open();
      await estate.tag([arnOf('job-1')], { Written: 'x' }, contextFor());
      edge.answer = (call) => (call.action === 'TagResources' ? answer : undefined);
      const outcomes = await estate.tag([arnOf('job-1'), arnOf('job-2')], { Written: 'x' }, contextFor());
      expect(outcomes.map((each) => each.ok)).toEqual([true, false]);
    });
  });

  it('untag_resources removes from functions and a bucket what was planned, and its way back sets it again', async () => {
    const estate = open();
    const pack = await startPack({ services: { estate } });
    const named = [arnOf('job-15'), arnOf('job-16'), bucket];
    await estate.tag(named, { Team: 'data', Stage: 'x' }, contextFor());
    const tool = pack.change('untag_resources');
    const input = tool.input.parse({ resource_arns: named, tag_keys: ['Team'] });
    const { changes, cost } = await tool.plan(input, contextFor());
    expect(changes.map(({ before, after }) => [before.Team, after.Team])).toEqual(named.map(() => ['data', null]));
    edge.calls.length = 0;
    const outcomes = await tool.apply(changes, contextFor());
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied', 'applied', 'applied']);
    // One for the functions, one for the bucket.
    expect(edge.calls.filter(({ action }) => action === 'UntagResources')).toHaveLength(cost.apiCalls);
    expect(await held()).toEqual({ Backup: 'daily', Stage: 'x' });
    const back = changes.map((change) => tool.revert(change)).flatMap((each) => ('irreversible' in each ? [] : [each]));
    await tool.apply(back, contextFor());
    expect(await held()).toEqual({ Team: 'data', Backup: 'daily', Stage: 'x' });
  });

  it('only_if_missing leaves the value that is there and sets it where there is none', async () => {
    const estate = open();
    const pack = await startPack({ services: { estate } });
    const [taken, missing] = [arnOf('job-17'), arnOf('job-18')];
    await estate.tag([taken], { Stage: 'theirs' }, contextFor());
    const tool = pack.change('bulk_tag_resources');
    const input = { resource_arns: [taken, missing], tags: { Stage: 'mine' }, only_if_missing: true };
    const { changes } = await tool.plan(tool.input.parse(input), contextFor());
    await tool.apply(changes, contextFor());
    const found = await estate.read([taken, missing], contextFor());
    expect([taken, missing].map((arn) => at(found.get(arn), 'tags', 'Stage'))).toEqual(['theirs', 'mine']);
  });

  describe('a bucket through S3 itself, which takes whole sets', () => {
    const isRead = ({ service, method, path }: UpstreamCall) =>
      service === 's3' && method === 'GET' && path.includes('tagging');
    const direct = (answer: Edge['answer'] = () => undefined) => {
      edge.answer = (call) => answer(call) ?? (/Tag.*Resources/.test(call.action) ? unreachable(bucket) : undefined);
    };

    it('sets a tag and leaves the others', async () => {
      direct();
      expect(await open().tag([bucket], { Owner: 'a@example.com' }, contextFor())).toEqual([{ arn: bucket, ok: true }]);
      expect(await held()).toEqual({ Team: 'data', Backup: 'daily', Owner: 'a@example.com' });
    });

    it.each([
      ['nothing', { status: 200, html: '' } as const],
      ['a page', { status: 200, html: '<html><body>hello</body></html>' } as const],
      ['a set that is not there', { status: 200, xml: '<Tagging></Tagging>' } as const],
      [
        'a tag without a key',
        { status: 200, xml: '<Tagging><TagSet><Tag><Value>x</Value></Tag></TagSet></Tagging>' } as const,
      ],
      ['a server error', { status: 404, html: '' } as const],
    ])('writes nothing when its tags are read as %s', async (_, answer) => {
      direct((call) => (isRead(call) ? answer : undefined));
      const estate = open();
      const [set] = await estate.tag([bucket], { Owner: 'a@example.com' }, contextFor());
      const [removed] = await estate.untag([bucket], ['Team'], contextFor());
      expect([set?.ok, removed?.ok]).toEqual([false, false]);
      expect(edge.calls.filter(({ service, method }) => service === 's3' && method !== 'GET')).toEqual([]);
      expect(await held()).toEqual({ Team: 'data', Backup: 'daily' });
    });

    it('sends AWS’s own tags back as they came, and keeps them when the last other tag goes', async () => {
      const system = '<Tag><Key>aws:cloudformation:stack-name</Key><Value>site</Value></Tag>';
      direct((call) => {
        if (isRead(call))
          return {
            status: 200,
            xml: `<Tagging><TagSet>${system}<Tag><Key>Team</Key><Value>data</Value></Tag></TagSet></Tagging>`,
          };
        return call.service === 's3' && call.method !== 'GET' ? { status: 204, xml: '' } : undefined;
      });
      const estate = open();
      await estate.tag([bucket], { Owner: 'a@example.com' }, contextFor());
      await estate.untag([bucket], ['Team'], contextFor());
      const written = edge.calls.filter(({ service, method }) => service === 's3' && method !== 'GET');
      expect(written.map((call) => call.method)).toEqual(['PUT', 'PUT']);
      const keys = written.map(({ body }) => [...body.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key).sort());
      expect(keys).toEqual([['Owner', 'Team', 'aws:cloudformation:stack-name'], ['aws:cloudformation:stack-name']]);
    });
  });
});
