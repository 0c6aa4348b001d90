/** Whether an environment has outgrown its phase, on a stand-in for AWS. */

import { isDeepStrictEqual } from 'node:util';
import { ApiGatewayV2Client, CreateApiCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { settingNames } from '../contracts/settings/index.ts';
import { settingsOf } from '../modules/testing/synthesized.ts';
import { sized } from '../proof/platform/sized.ts';
import { addressesOf } from '../proof/platform/synth.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { judge, phases, reachedOf } from './operate/phase/phases.ts';
import { runningNames } from './operate/running.ts';
import { phaseCheck } from './phase-check.ts';

const environment = 'examples/startup/prod';
const region = 'us-east-1';
const DAY = 86_400_000;

describe('thresholds', () => {
  const at = (requests: number, people = 0, revenue = 0) =>
    reachedOf(judge({ requests: { value: requests }, people: { value: people }, revenue: { value: revenue } }))?.name;

  it.each([
    [499_999, undefined],
    [500_000, undefined],
    [500_001, 'growth'],
    [5_000_000, 'growth'],
    [5_000_001, 'scale'],
  ])('%i requests in 30 days: %s', (requests, phase) => {
    expect(at(requests)).toBe(phase);
  });

  it.each([
    [100, 500, undefined],
    [101, 0, 'growth'],
    [0, 500.01, 'growth'],
    [1_000, 2_000, 'growth'],
    [1_001, 0, 'scale'],
    [0, 2_001, 'scale'],
  ])('%i people and %d USD of revenue: %s', (people, revenue, phase) => {
    expect(at(0, people, revenue)).toBe(phase);
  });

  it('are not passed by what nobody knows', () => {
    const why = { why: 'pass it' };
    expect(reachedOf(judge({ requests: why, people: why, revenue: why }))).toBeUndefined();
  });
});

it('an environment of a phase keeps project, name, domain, tables and people from phase to phase', async () => {
  const kept = async (name: string) => {
    const [settings] = await settingsOf(name);
    const { project_name, environment: called, domain_name, table_prefix, auth, store_mode } = settings ?? {};
    return { project_name, called, domain_name, table_prefix, auth, store_mode };
  };
  const [prod, staging] = [await kept('examples/startup/prod'), await kept('examples/startup/staging')];
  for (const name of phases.flatMap(({ examples }) => examples))
    expect([name, await kept(name)]).toEqual([name, name.endsWith('staging') ? staging : prod]);
});

it('from functions to tasks no table moves', async () => {
  const tablesOf = async (name: string) =>
    (await addressesOf(name)).flatMap((address) => /\baws_dynamodb_table\.\S+$/.exec(address)?.[0] ?? []);
  const tables = await tablesOf('examples/startup/prod');
  expect(tables.length).toBeGreaterThan(10);
  expect(await tablesOf('examples/startup/scale')).toEqual(tables);
});

it.each(Object.entries(sized))('%s differs from %s in size, price and account alone', async (name, like) => {
  const [[phase], [before]] = [await settingsOf(name), await settingsOf(like)];
  if (phase === undefined || before === undefined) throw new Error('no region');
  const differing = settingNames.filter((setting) => !isDeepStrictEqual(phase[setting], before[setting]));
  const figures = ['lambda_memory_mb', 'lambda_provisioned_concurrency', 'db_class', 'budget_usd', 'control_reasons'];
  const ofAccount = [
    'account_id',
    'cognito_domain_prefix',
    'state_bucket',
    'container_image',
    'image_blue',
    'image_green',
  ];
  expect(differing.filter((setting) => ![...figures, ...ofAccount].includes(setting))).toEqual([]);
  expect(differing).toContain('budget_usd');
});

it('a phase costs what its examples have for a budget', async () => {
  for (const { budgetUsd, examples } of phases)
    for (const name of examples) expect([name, (await settingsOf(name))[0]?.budget_usd]).toEqual([name, budgetUsd]);
});

describe('the command', () => {
  const standIn = onStandIn(environment);
  const { said, lines } = standIn;
  const run = (...args: string[]) => standIn.run(phaseCheck, ['--environment', environment, ...args]);

  /** People by how many days ago they signed in. */
  const sign = async (daysAgo: readonly number[]) => {
    const { settings } = await openOperated(standIn.hostWith(), { environment });
    const dynamodb = new DynamoDBClient({ region });
    const TableName = `${settings.table_prefix}people`;
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'personId', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'personId', KeyType: 'HASH' }],
      }),
    );
    const rows = daysAgo.map((days, index) => ({
      PutRequest: {
        Item: {
          personId: { S: `p${index}` },
          signedInAt: { S: new Date(Date.now() - days * DAY).toISOString() },
        },
      },
    }));
    while (rows.length > 0)
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: rows.splice(0, 25) } }));
  };

  /** Requests by how many days ago they were. */
  const request = async (counts: Readonly<Record<number, number>>) => {
    const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const { httpApi } = runningNames(deployment);
    const gateway = new ApiGatewayV2Client({ region });
    const { ApiId } = await gateway.send(new CreateApiCommand({ Name: httpApi, ProtocolType: 'HTTP' }));
    await new CloudWatchClient({ region }).send(
      new PutMetricDataCommand({
        Namespace: 'AWS/ApiGateway',
        MetricData: Object.entries(counts).map(([days, Value]) => ({
          MetricName: 'Count',
          Dimensions: [{ Name: 'ApiId', Value: ApiId }],
          Timestamp: new Date(Date.now() - Number(days) * DAY),
          Value,
        })),
      }),
    );
  };

  it('counts people and requests of 30 days, and changes nothing', async () => {
    await sign([...Array.from({ length: 60 }, () => 29), ...Array.from({ length: 41 }, () => 31)]);
    await request({ 1: 300_000, 20: 199_999, 31: 900_000 });
    expect(await run('--revenue', '500')).toBe(0);
    expect(said()).toMatch(/growth +people signed in, 30 days +60 +100 +below +\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/);
    expect(said()).toMatch(/growth +requests, 30 days +499,999 +500,000 +below/);
    expect(said()).toMatch(/growth +revenue a month, USD +500 +500 +below/);
    expect(said()).toContain('No threshold is passed');
  });

  it('ends with 2 past a threshold, and names the environments that have the settings', async () => {
    await sign(Array.from({ length: 101 }, () => 1));
    await request({ 1: 500_001 });
    expect(await run('--json')).toBe(2);
    const { reached, checks } = JSON.parse(lines.at(-1) ?? '{}');
    expect(reached).toBe('growth');
    expect(checks.slice(0, 3)).toMatchObject([
      { measure: 'people', measured: { value: 101 }, threshold: 100, verdict: 'over' },
      { measure: 'requests', measured: { value: 500_001 }, threshold: 500_000, verdict: 'over' },
      { measure: 'revenue', measured: { why: 'pass --revenue' }, verdict: 'unknown' },
    ]);
    expect(said()).toContain('environments/examples/startup/growth.tfvars');
  });

  it('says what it could not count, and how to go on', async () => {
    expect(await run()).toBe(0);
    expect(said()).toContain('people signed in, 30 days: there is no table startup-mcp-prod-people: npm run deploy');
    expect(said()).toContain('requests, 30 days: neither an API nor a load balancer is there: npm run deploy');
    expect(await standIn.run(phaseCheck, ['--environment', 'examples/startup/staging'])).toBe(0);
    expect(said()).toMatch(/select count\(\*\) from people where signed_in_at >= '\d{4}-/);
    expect(await run('--people', '1001')).toBe(2);
    expect(said()).toContain('The scale phase is reached, for 200 USD a month');
    expect(await run('--revenue', 'much')).toBe(64);
  });
});
