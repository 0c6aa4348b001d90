import { firstTypeNames } from '../../../contracts/packs/tagging/types/index.ts';
import { parseMoney } from '../../src/measures/money.ts';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import type { Estate, Extent, Slice } from '../../src/packs/tagging/estate/estate.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { awsError, awsXmlError, type Edge, startEdge } from './edge.ts';
import { configFor, createFunctions, createInstances, east, home, member, useTestCredentials } from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';

let moto: TestServer;
let edge: Edge;
const clock = { now: new Date() };

await describeWith(['moto_server'], 'The AWS estate, when AWS fails', () => {
  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const here = await configFor(moto.url, home, east);
    await createInstances(here, 2);
    await createFunctions(here, ['one', 'two', 'three'], { Owner: 'jobs@example.com' });
    await createInstances(await configFor(moto.url, member, east), 1);
  }, 120_000);
  afterAll(() => moto.stop());

  beforeEach(async () => {
    edge = await startEdge(moto.url);
    clock.now = new Date();
  });
  afterEach(() => edge.stop());

  const open = (timeouts?: { regionMs: number; callMs: number }) => {
    const { metrics, counts } = countingMetrics();
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: edge.url,
      ESTATE_ACCOUNTS: [home, member],
      ESTATE_REGIONS: [east],
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
      CROSS_ACCOUNT_EXTERNAL_ID: 'an-external-id',
    };
    return { counts, ...openAwsEstate({ config, metrics, now: () => clock.now, ...(timeouts ? { timeouts } : {}) }) };
  };
  const extent = (more: Partial<Extent> = {}): Extent => ({
    accounts: [home, member],
    regions: [east],
    types: firstTypeNames,
    ...more,
  });
  const collect = async (estate: Estate, of: Extent): Promise<Slice[]> => {
    const slices: Slice[] = [];
    for await (const slice of estate.list(of, contextFor())) slices.push(slice);
    return slices;
  };
  const lambdaArn = (name: string) => `arn:aws:lambda:${east}:${home}:function:${name}`;
  const arns = ['one', 'two', 'three'].map(lambdaArn);
  const actions = (action: string) => edge.calls.filter((call) => call.action === action);

  describe('roles', () => {
    it('that cannot be assumed fail their account and no other', async () => {
      edge.answer = ({ action }) => (action === 'AssumeRole' ? awsXmlError(403, 'AccessDenied') : undefined);
      const slices = await collect(open().estate, extent());
      const [mine, theirs] = [home, member].map((id) => slices.filter((slice) => slice.accountId === id));
      expect(mine?.every((slice) => slice.failure === undefined)).toBe(true);
      expect(theirs?.map((slice) => slice.failure)).toEqual(
        firstTypeNames.map(() => ({
          accountId: member,
          code: 'access_denied',
          message: expect.stringContaining('CrossAccountTagAuditRole'),
        })),
      );
    });

    it('are assumed with the external id, used until five minutes before their end, then assumed again', async () => {
      const { estate } = open();
      const one = extent({ accounts: [member], types: ['ec2:instance'] });
      await collect(estate, one);
      clock.now = new Date(Date.now() + 54 * 60_000);
      await collect(estate, one);
      expect(actions('AssumeRole')).toHaveLength(1);
      expect(actions('AssumeRole')[0]?.body).toContain('ExternalId=an-external-id');
      clock.now = new Date(Date.now() + 56 * 60_000);
      await collect(estate, one);
      expect(actions('AssumeRole').length).toBeGreaterThanOrEqual(2);
    });
  });

  describe('listing', () => {
    it('tells a service that refuses, by type and missing action, and lists the rest', async () => {
      const text = 'User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: lambda:ListFunctions on x';
      edge.answer = ({ service, action }) =>
        service === 'lambda' && action.includes('functions')
          ? { status: 403, json: { Type: 'User', __type: 'AccessDeniedException', message: text } }
          : undefined;
      const slices = await collect(open().estate, extent({ accounts: [home] }));
      const failed = slices.filter((slice) => slice.failure);
      expect(failed.map((slice) => [slice.type, slice.failure?.code, slice.failure?.message])).toEqual([
        ['lambda:function', 'access_denied', 'lambda refused: the role lacks lambda:ListFunctions.'],
      ]);
    });

    it('fails types whose tags cannot be read: not known is not untagged', async () => {
      edge.answer = ({ action }) => (action === 'GetResources' ? awsError(400, 'AccessDeniedException') : undefined);
      const slices = await collect(open().estate, extent({ accounts: [home] }));
      expect(slices.filter((slice) => slice.failure).map((slice) => slice.type)).toEqual(['lambda:function']);
      expect(slices.find((slice) => slice.type === 'ec2:instance')?.resources).toHaveLength(2);
    });

    it('gives up a service that does not answer in a region, and blames no other service of it', async () => {
      edge.answer = ({ service }) => (service === 'ec2' ? 'hang' : undefined);
      const slices = await collect(
        open({ regionMs: 1500, callMs: 10_000 }).estate,
        extent({ accounts: [home], types: ['ec2:instance', 'ecs:cluster'] }),
      );
      expect(slices.find((slice) => slice.type === 'ec2:instance')?.failure).toEqual({
        accountId: home,
        region: east,
        type: 'ec2:instance',
        code: 'timeout',
        message: 'ec2 did not answer in time.',
      });
      expect(slices.find((slice) => slice.type === 'ecs:cluster')?.failure).toBeUndefined();
    });

    it('goes on after throttling, and counts it', async () => {
      let left = 2;
      edge.answer = ({ action }) =>
        action === 'GetResources' && left-- > 0 ? awsError(400, 'ThrottlingException') : undefined;
      const { estate, counts } = open();
      const [slice] = await collect(estate, extent({ accounts: [home], types: ['lambda:function'] }));
      expect(slice?.resources.map((each) => each.tags)).toEqual(arns.map(() => ({ Owner: 'jobs@example.com' })));
      expect(counts.get('UpstreamCalls tagging throttled')).toBe(2);
    });
  });

  describe('writing', () => {
    it('repeats only what was throttled inside an answer of 200', async () => {
      let first = true;
      edge.answer = ({ action }) => {
        if (action !== 'TagResources' || !first) return undefined;
        first = false;
        return {
          status: 200,
          json: {
            FailedResourcesMap: {
              [lambdaArn('two')]: { StatusCode: 400, ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' },
            },
          },
        };
      };
      const outcomes = await open().estate.tag(arns, { CostCenter: 'Data' }, contextFor());
      expect(outcomes.map((each) => each.ok)).toEqual([true, true, true]);
      expect(actions('TagResources').map((call) => JSON.parse(call.body).ResourceARNList.length)).toEqual([3, 1]);
    });

    it('keeps the code of each failed ARN, and tries no other way for those', async () => {
      const failed = { StatusCode: 400, ErrorCode: 'InvalidParameterException', ErrorMessage: 'too many tags' };
      edge.answer = ({ action }) =>
        action === 'TagResources'
          ? { status: 200, json: { FailedResourcesMap: { [lambdaArn('one')]: failed } } }
          : undefined;
      const outcomes = await open().estate.tag(arns, { CostCenter: 'Data' }, contextFor());
      expect(outcomes).toEqual([
        { arn: lambdaArn('one'), ok: false, code: 'InvalidParameterException', message: 'too many tags' },
        { arn: lambdaArn('two'), ok: true },
        { arn: lambdaArn('three'), ok: true },
      ]);
      expect(edge.calls.filter((call) => call.service === 'lambda')).toEqual([]);
    });

    it('fails a group whose call fails, and no other group', async () => {
      edge.answer = ({ action, body }) =>
        action === 'TagResources' && body.includes(':lambda:') ? awsError(403, 'AccessDeniedException') : undefined;
      const database = `arn:aws:ecs:${east}:${member}:cluster/nowhere`;
      const outcomes = await open().estate.tag([...arns, database], { CostCenter: 'Data' }, contextFor());
      expect(outcomes.map((each) => each.code)).toEqual([
        'access_denied',
        'access_denied',
        'access_denied',
        'ClusterNotFoundException',
      ]);
    });
  });

  describe('costs', () => {
    // Costs of single resources are of the days before today.
    beforeEach(() => {
      clock.now = new Date('2026-11-20T09:00:00Z');
    });
    const period = { start: '2026-10-21', end: '2026-11-20' };
    const request = { accounts: [home, member], regions: [east], period };
    const group = (usd: number, ...Keys: string[]) => ({
      Keys,
      Metrics: { UnblendedCost: { Amount: String(usd), Unit: 'USD' } },
    });
    const compute = 'Amazon Elastic Compute Cloud - Compute';
    const page = (Groups: unknown[]) => ({
      status: 200,
      json: { ResultsByTime: [{ TimePeriod: { Start: 'x', End: 'y' }, Groups, Estimated: true }] },
    });

    it('come from one report when the own account pays: per service, Name and resource, in cents asked once', async () => {
      edge.answer = ({ service, action, body }) => {
        if (service !== 'ce') return undefined;
        if (action === 'GetCostAndUsageWithResources') return page([group(14, 'i-1')]);
        if (body.includes('"TAG"')) return page([group(250, home, 'Name$web'), group(50, home, 'Name$')]);
        return page([group(600, home, compute), group(60, home, 'Tax'), group(100, member, compute)]);
      };
      const { costs } = open();
      const spend = await costs.spend(request, contextFor());
      expect(spend.lines).toEqual([
        { accountId: home, service: compute, usd: 600 },
        { accountId: home, service: 'Tax', usd: 60 },
        { accountId: member, service: compute, usd: 100 },
      ]);
      expect(spend.byName).toEqual([{ accountId: home, service: compute, name: 'web', usd: 250 }]);
      // Two weeks are told; a month was asked about.
      expect(spend.byResource.get('i-1')).toEqual({ usd: 30, source: 'estimated' });
      expect(spend.failures).toEqual([]);
      expect(edge.calls.filter((call) => call.service === 'ce')).toHaveLength(3);
      expect(edge.calls.every((call) => call.service !== 'ce' || call.region === 'us-east-1')).toBe(true);
      const [first] = edge.calls.filter((call) => call.service === 'ce');
      expect(JSON.parse(first?.body ?? '')).toMatchObject({
        TimePeriod: { Start: '2026-10-21', End: '2026-11-20' },
        Filter: {
          And: expect.arrayContaining([{ Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } } }]),
        },
      });
      await costs.spend(request, contextFor());
      expect(edge.calls.filter((call) => call.service === 'ce')).toHaveLength(3);
      expect(costs.price(request)).toEqual({ requests: 3, charges: [parseMoney('0.03', 'USD')] });
    });

    it('of one account are asked of the account that pays, as those of many are', async () => {
      edge.answer = ({ service, action, body }) => {
        if (service !== 'ce') return undefined;
        if (action === 'GetCostAndUsageWithResources' || body.includes('"TAG"')) return page([]);
        return page([group(100, member, compute)]);
      };
      const { costs } = open();
      const spend = await costs.spend({ ...request, accounts: [member] }, contextFor());
      expect(spend).toMatchObject({ lines: [{ accountId: member, usd: 100 }], failures: [] });
      expect(new Set(edge.calls.filter((call) => call.service === 'ce').map((call) => call.accessKeyId))).toEqual(
        new Set(['testing']),
      );
    });

    it('go on being asked of the account that pays when one account spent nothing', async () => {
      const third = '345678901234';
      const asker = (call: { accessKeyId: string }) => call.accessKeyId === 'testing';
      edge.answer = (call) => {
        if (call.service !== 'ce') return undefined;
        // A member's own role may not see costs.
        if (!asker(call)) return awsError(400, 'AccessDeniedException');
        const detail = call.action === 'GetCostAndUsageWithResources' || call.body.includes('"TAG"');
        return page(detail ? [] : [group(600, home, compute), group(100, member, compute)]);
      };
      const { costs } = open();
      await costs.spend({ ...request, accounts: [home, member, third] }, contextFor());
      const spend = await costs.spend({ ...request, accounts: [member] }, contextFor());
      expect(spend.failures).toEqual([]);
    });

    it('are asked of each account when the own one does not see the others; what cannot be read is told', async () => {
      edge.answer = ({ service, action, body }) => {
        if (service !== 'ce') return undefined;
        if (action === 'GetCostAndUsageWithResources' || body.includes('"TAG"'))
          return awsError(400, 'DataUnavailableException');
        const asked = JSON.parse(body).Filter.And[0].Dimensions.Values;
        return asked.length === 2 ? page([group(600, home, compute)]) : awsError(400, 'AccessDeniedException');
      };
      const { costs } = open();
      const spend = await costs.spend(request, contextFor());
      expect(spend.lines).toEqual([{ accountId: home, service: compute, usd: 600 }]);
      expect([spend.byName, spend.byResource.size]).toEqual([[], 0]);
      expect(spend.failures).toMatchObject([{ accountId: member, code: 'access_denied' }]);
      expect(costs.price(request)).toEqual({ requests: 6, charges: [parseMoney('0.06', 'USD')] });
    });

    it.each([
      ['nothing', { status: 200, json: {} }],
      ['no periods', { status: 200, json: { ResultsByTime: [] } }],
      ['a period without groups', { status: 200, json: { ResultsByTime: [{}] } }],
      ['a group without an amount', page([{ Keys: [home, compute], Metrics: {} }])],
      ['an amount that is no number', page([{ Keys: [home, compute], Metrics: { UnblendedCost: { Amount: 'x' } } }])],
      ['a group of other keys', page([group(5, home)])],
      ['a page of a proxy', { status: 200, html: '<html><body>hello</body></html>' }],
    ])('are not known, and not zero, when the answer holds %s', async (_, answer) => {
      edge.answer = ({ service }) => (service === 'ce' ? answer : undefined);
      const spend = await open().costs.spend({ ...request, accounts: [home] }, contextFor());
      expect(spend.failures).toMatchObject([{ accountId: home, code: 'malformed_answer' }]);
      expect(spend.lines).toEqual([]);
    });

    const detailOf = (action: string, body: string): string | undefined => {
      if (action === 'GetCostAndUsageWithResources') return action;
      return body.includes('"TAG"') ? 'the Name tag' : undefined;
    };
    it.each(['GetCostAndUsageWithResources', 'the Name tag'])(
      'are not known when %s fails for a moment: costs of resources would depend on it',
      async (which) => {
        edge.answer = ({ service, action, body }) => {
          if (service !== 'ce') return undefined;
          const detail = detailOf(action, body);
          if (detail === which) return { status: 200, json: {} };
          return page(detail === undefined ? [group(600, home, compute)] : []);
        };
        const spend = await open().costs.spend({ ...request, accounts: [home] }, contextFor());
        expect(spend.failures).toMatchObject([{ accountId: home, code: 'malformed_answer' }]);
      },
    );
  });
});
