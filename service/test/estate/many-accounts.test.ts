/** Fifty accounts, of which some fail in their own way. AWS is a stand-in that answers as EC2, STS and the tagging API do. */
import { z } from 'zod';
import { openAwsEstate } from '../../src/packs/tagging/aws/index.ts';
import { awsError, awsXmlError, type Edge, startEdge, type UpstreamCall } from './edge.ts';
import { east, home, useTestCredentials, west } from './moto-cloud.ts';
import { contextFor, countingMetrics, startPack } from './pack.ts';

const others = Array.from({ length: 49 }, (_, at) => String(200_000_000_001 + at));
const accounts = [home, ...others];
const [refuses = '', hangs = '', away = '', slow = ''] = others;
let edge: Edge;
/** What Organizations answers about the names of accounts. */
let listed: 'told' | 'refused' = 'told';

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::${home}:assumed-role/task/x</Arn><UserId>x</UserId><Account>${home}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const credentials = (id: string): string =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>KEY${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const instance = (id: string): string =>
  `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><instancesSet><item><instanceId>i-${id}</instanceId><instanceState><code>16</code><name>running</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`;

const accountOf = ({ accessKeyId }: UpstreamCall): string => (accessKeyId === 'testing' ? home : accessKeyId.slice(3));

const answer = (call: UpstreamCall): ReturnType<Edge['answer']> => {
  if (call.action === 'GetCallerIdentity') return { status: 200, xml: identity };
  if (call.action === 'ListAccounts') {
    const [first, ...rest] = accounts.map((Id, at) => ({ Id, Name: `Team ${at}` }));
    if (listed === 'refused') return awsError(400, 'AccessDeniedException');
    if (call.body.includes('more')) return { status: 200, json: { Accounts: rest } };
    return { status: 200, json: { Accounts: [first], NextToken: 'more' } };
  }
  if (call.action === 'AssumeRole') {
    const id = /%3A%3A(\d{12})%3Arole/.exec(call.body)?.[1] ?? '';
    if (id === hangs) return 'hang';
    return id === refuses ? awsXmlError(403, 'AccessDenied') : { status: 200, xml: credentials(id) };
  }
  const id = accountOf(call);
  if (id === away && call.region === west) return awsXmlError(400, 'UnauthorizedOperation');
  if (id === slow && call.region === west) return 'hang';
  return { status: 200, xml: instance(`${id}${call.region === east ? 1 : 2}`) };
};

const Result = z.looseObject({
  accounts_scanned: z.number(),
  results_by_account: z.record(
    z.string(),
    z.looseObject({ total_resources: z.number(), error: z.string().optional() }),
  ),
  aggregated_summary: z.looseObject({ total_resources: z.number(), overall_compliance: z.number() }),
  data_quality: z.looseObject({
    status: z.string(),
    failed_accounts: z.array(z.looseObject({ account_id: z.string(), code: z.string() })),
    failed_regions: z.array(z.unknown()),
    failed_types: z.array(
      z.looseObject({ account_id: z.string(), region: z.string(), resource_type: z.string(), code: z.string() }),
    ),
  }),
});

describe('A scan of fifty accounts', () => {
  beforeAll(async () => {
    useTestCredentials();
    edge = await startEdge('http://127.0.0.1:1');
    edge.answer = answer;
  });
  afterAll(() => edge.stop());

  it('reads them side by side, assumes each role once, and tells what failed of which and nothing more', async () => {
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: edge.url,
      ESTATE_ACCOUNTS: accounts,
      ESTATE_REGIONS: [east, west],
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    };
    const { metrics } = countingMetrics();
    const timeouts = { callMs: 5_000, regionMs: 5_000, accountMs: 1_500 };
    const { estate, costs } = openAwsEstate({ config, metrics, now: () => new Date(), timeouts });
    const { call } = await startPack({ services: { estate, costs } });
    const asked = { accounts, resource_types: ['ec2:instance'] };
    const result = Result.parse(await call('find_untagged_resources', asked, contextFor()));
    expect(result.accounts_scanned).toBe(50);
    // 46 accounts have both of their instances, two have one, and two none.
    expect(result.aggregated_summary).toMatchObject({ total_resources: 46 * 2 + 2, overall_compliance: 0 });
    expect(result.data_quality.status).toBe('partial');
    const failedAccounts = result.data_quality.failed_accounts.map(({ account_id, code }) => [account_id, code]);
    expect(failedAccounts.sort()).toEqual([
      [refuses, 'access_denied'],
      [hangs, 'timeout'],
    ]);
    expect(result.data_quality.failed_regions).toEqual([]);
    const failedTypes = result.data_quality.failed_types.map((each) => [each.account_id, each.region, each.code]);
    expect(failedTypes.sort()).toEqual([
      [away, west, 'access_denied'],
      [slow, west, 'timeout'],
    ]);
    const assumed = edge.calls.filter(({ action }) => action === 'AssumeRole');
    const roles = assumed.map(({ body }) => /%3A%3A(\d{12})%3Arole/.exec(body)?.[1]).filter((id) => id !== hangs);
    expect(roles.sort()).toEqual(others.filter((id) => id !== hangs));
  }, 20_000);

  it.each(['told', 'refused'] as const)('names them where Organizations does: asked once, %s', async (how) => {
    listed = how;
    edge.calls.length = 0;
    const config = {
      AWS_REGION: east,
      AWS_ENDPOINT_URL: edge.url,
      ESTATE_ACCOUNTS: [home, others[9] ?? ''],
      ESTATE_REGIONS: [east],
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
    };
    const { metrics } = countingMetrics();
    const { estate, costs } = openAwsEstate({ config, metrics, now: () => new Date() });
    const { call } = await startPack({ services: { estate, costs } });
    const Named = z.looseObject({
      results_by_account: z.record(z.string(), z.looseObject({ account_name: z.string() })),
    });
    for (const _ of [1, 2]) {
      const result = Named.parse(await call('find_untagged_resources', { resource_types: ['ec2:instance'] }));
      const names = Object.values(result.results_by_account).map(({ account_name }) => account_name);
      expect(names).toEqual(how === 'told' ? ['Team 0', 'Team 10'] : [home, others[9]]);
      expect(result).toMatchObject({ data_quality: { status: 'complete' } });
    }
    expect(edge.calls.filter(({ action }) => action === 'ListAccounts')).toHaveLength(how === 'told' ? 2 : 1);
  });
});
