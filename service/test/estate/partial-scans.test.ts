import { z } from 'zod';
import { dryRun } from '../../src/mcp/dry-run.ts';
import type { Tool } from '../../src/mcp/tool.ts';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import { taggingCalls } from '../rigs/tagging-calls.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { type Answer, awsXmlError, type Edge, startEdge, type UpstreamCall } from './edge.ts';
import {
  configFor,
  createBucket,
  createContainers,
  createInstances,
  east,
  home,
  member,
  useTestCredentials,
} from './moto-cloud.ts';
import { contextFor, countingMetrics, startPack } from './pack.ts';

let moto: TestServer;
let edge: Edge;

const Result = z.looseObject({
  cached: z.boolean(),
  cost_attribution_gap: z.number().nullable(),
  unmapped_spend: z.number().nullable(),
  next_cursor: z.string().optional(),
  data_quality: z.looseObject({
    status: z.string(),
    cost_data: z.string(),
    unread_spend: z.number().nullable(),
    failed_accounts: z.array(z.unknown()),
    failed_regions: z.array(z.unknown()),
    failed_types: z.array(z.looseObject({ account_id: z.string(), resource_type: z.string() })),
  }),
  results_by_account: z.record(
    z.string(),
    z.looseObject({
      cost_attribution_gap: z.number().nullable(),
      total_resources: z.number(),
      error: z.string().optional(),
    }),
  ),
});

const spent = { 'Amazon Elastic Compute Cloud - Compute': 624.57, 'Amazon Elastic Container Service': 6.67, Tax: 10 };
const costs = ({ service, action, body }: UpstreamCall): Answer => {
  if (service !== 'ce') return undefined;
  const detail = action === 'GetCostAndUsageWithResources' || body.includes('"TAG"');
  const Groups = detail
    ? []
    : [home, member].flatMap((account) =>
        Object.entries(spent).map(([name, usd]) => ({
          Keys: [account, name],
          Metrics: { UnblendedCost: { Amount: String(usd), Unit: 'USD' } },
        })),
      );
  return { status: 200, json: { ResultsByTime: [{ Groups }] } };
};
/** Refused to us, although there is something in it. */
const third = '345678901234';
const isThirdsRole = ({ action, body }: UpstreamCall) => action === 'AssumeRole' && body.includes(third);
const arn = `arn:aws:ec2:${east}:${home}:instance/i-0123456789abcdef0`;
const argsOf: Readonly<Record<string, object>> = {
  ...taggingCalls,
  validate_resource_tags: { resource_arns: [arn] },
  preview_bulk_tagging: { resource_arns: [arn], tags: { Owner: 'a@example.com' } },
  suggest_tags: { resource_arn: arn },
};
const isMembersEc2 = (call: UpstreamCall) => call.service === 'ec2' && call.accessKeyId !== 'testing';

await describeWith(['moto_server'], 'A scan of AWS of which a part is away', () => {
  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const [here, there] = [await configFor(moto.url, home, east), await configFor(moto.url, member, east)];
    for (const config of [here, there]) {
      await createInstances(config, 3);
      await createContainers(config, 'web', ['api', 'worker']);
    }
    await createBucket(here, 'example-bucket');
    await createInstances(await configFor(moto.url, third, east), 2);
  }, 120_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    edge = await startEdge(moto.url);
  });
  afterEach(() => edge.stop());

  const open = async (accounts = [home, member]) => {
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: edge.url,
      ESTATE_ACCOUNTS: accounts,
      ESTATE_REGIONS: [east],
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    };
    const { metrics } = countingMetrics();
    const { estate, costs } = openAwsEstate({ config, metrics, now: () => new Date() });
    const pack = await startPack({ services: { estate, costs } });
    const check = async (input: object = {}) =>
      Result.parse(await pack.call('check_tag_compliance', input, contextFor()));
    const dry = (tool: Tool) =>
      dryRun(tool, tool.input.parse(argsOf[tool.name] ?? {}), contextFor(), { allowPlan: async () => {} });
    const callsOf = async <T>(work: () => Promise<T>): Promise<[T, UpstreamCall[]]> => {
      edge.calls.length = 0;
      return [await work(), [...edge.calls]];
    };
    return { check, callsOf, dry, tools: [...pack.tools.values()] };
  };

  it('tells its spend apart, keeps the rest, and reads only EC2 when it is back', async () => {
    edge.answer = costs;
    const well = await (await open()).check();
    expect(well.data_quality).toMatchObject({ status: 'complete', cost_data: 'complete', unread_spend: 0 });
    expect(well.cost_attribution_gap).toBe(1262.48);

    const { check, callsOf } = await open();
    edge.answer = (call) => (isMembersEc2(call) ? awsXmlError(503, 'Unavailable') : costs(call));
    const partial = await check({ limit: 2 });
    expect(partial.data_quality).toMatchObject({
      status: 'partial',
      cost_data: 'partial',
      unread_spend: 624.57,
      failed_accounts: [],
      failed_regions: [],
      failed_types: [{ account_id: member, resource_type: 'ec2:instance' }],
    });
    expect([partial.cost_attribution_gap, partial.results_by_account[member]?.cost_attribution_gap]).toEqual([
      null,
      null,
    ]);
    expect(partial.results_by_account[home]).toEqual(well.results_by_account[home]);

    const [next, callsOfPage] = await callsOf(() => check({ limit: 2, cursor: partial.next_cursor }));
    expect([next.data_quality.status, callsOfPage]).toEqual(['partial', []]);

    edge.answer = costs;
    const [whole, callsAgain] = await callsOf(() => check());
    expect(new Set(callsAgain.map((call) => call.service))).toEqual(new Set(['ec2']));
    expect(whole).toMatchObject({ cost_attribution_gap: 1262.48, data_quality: { status: 'complete' } });
  }, 60_000);

  it('of three accounts tells two whole and why the third has nothing, and all three once its role lets us in', async () => {
    edge.answer = (call) => (isThirdsRole(call) ? awsXmlError(403, 'AccessDenied') : costs(call));
    const { check, callsOf } = await open([home, member, third]);
    const partial = await check();
    expect(partial.data_quality).toMatchObject({
      status: 'partial',
      failed_accounts: [{ account_id: third, code: 'access_denied' }],
      failed_types: [],
    });
    // Three instances, a cluster with two services, and a bucket in one of them.
    const counts = Object.entries(partial.results_by_account).map(([id, each]) => [id, each.total_resources]);
    expect(counts).toEqual([
      [home, 7],
      [member, 6],
      [third, 0],
    ]);
    expect(partial.results_by_account[third]?.error).toMatch(/^access_denied/);
    expect(partial).toMatchObject({ accounts_scanned: 3, aggregated_summary: { total_resources: 13 } });

    edge.answer = costs;
    const [whole, calls] = await callsOf(() => check());
    expect(whole).toMatchObject({ data_quality: { status: 'complete' }, aggregated_summary: { total_resources: 15 } });
    const others = calls.filter(({ service, accessKeyId }) => service === 'ec2' && accessKeyId === 'testing');
    expect(others).toEqual([]);
  });

  it.each([
    ['named accounts', [home, member, third], []],
    // Which account that is, once.
    ['its own account', [], ['GetCallerIdentity']],
  ])(
    'of %s asks AWS nothing about it when it is only tried dry, nor does any other query',
    async (_what, accounts, asked) => {
      edge.answer = costs;
      const { callsOf, dry, tools } = await open(accounts);
      const queries = tools.filter(({ kind }) => kind === 'query');
      const [, made] = await callsOf(async () => {
        for (const tool of queries) expect(await dry(tool)).toMatchObject({ dry_run: true, tool: tool.name });
      });
      expect(made.map(({ action }) => action)).toEqual(asked);
    },
  );

  it('costs a cluster the same whatever is asked, and narrower answers add up', async () => {
    edge.answer = costs;
    const [cluster, service, ecs] = [['ecs:cluster'], ['ecs:service'], ['ecs:cluster', 'ecs:service']];
    const gapOf = async (resource_types: string[], extra = {}) =>
      (await (await open()).check({ resource_types, ...extra })).cost_attribution_gap ?? Number.NaN;
    const [one, other, both] = [await gapOf(cluster), await gapOf(service), await gapOf(ecs)];
    expect(Math.round((one + other) * 100)).toBe(Math.round(both * 100));
    expect(both).toBe(13.34);
    const wide = await open();
    await wide.check();
    expect((await wide.check({ resource_types: cluster })).cost_attribution_gap).toBe(one);
  });
});
