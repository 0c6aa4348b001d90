import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backendOf, storageOf } from '../testing/surroundings.ts';
import { type Block, primaryDeploymentOf, repository, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { environmentNames } from '../tfvars/read.ts';
import type { Deployment } from './deployment.ts';
import { MonitoringLayer } from './monitoring.ts';
import type { BackendOutputs } from './outputs.ts';

type Changes = Readonly<Record<string, unknown>>;

const layer = (deployment: Deployment, backend: Partial<BackendOutputs> = {}): Synthesized =>
  synthesized(
    (stack) =>
      new MonitoringLayer(stack, 'monitoring', {
        deployment,
        network: undefined,
        storage: storageOf(deployment),
        auth: {},
        backend: { ...backendOf(deployment), ...backend },
      }),
  );
const made = async (name: string, changes: Changes = {}) => layer(await primaryDeploymentOf(name, changes));

const alarmsOf = (synth: Synthesized): Readonly<Record<string, Block>> =>
  Object.fromEntries(Object.values(synth.all('aws_cloudwatch_metric_alarm')).map((alarm) => [alarm.alarm_name, alarm]));
const widgetsOf = (synth: Synthesized): { type: string; properties: Record<string, unknown> }[] =>
  JSON.parse(String(synth.one('aws_cloudwatch_dashboard').dashboard_body)).widgets;
const titlesOf = (synth: Synthesized): string[] =>
  widgetsOf(synth).flatMap(({ properties: { title } }) => (typeof title === 'string' ? [title] : []));

describe('the tag-governance server', () => {
  it('has its three alarms with their thresholds', async () => {
    const alarms = alarmsOf(await made('examples/tag-governance/prod'));
    expect(alarms['tagging-mcp-errors']).toMatchObject({
      metric_name: 'HTTPCode_Target_5XX_Count',
      dimensions: { LoadBalancer: 'app/alb/1234' },
      statistic: 'Sum',
      threshold: 10,
      period: 300,
      evaluation_periods: 2,
    });
    expect(alarms['tagging-mcp-cpu-blue']).toMatchObject({
      dimensions: { ClusterName: 'tagging-mcp-cluster', ServiceName: 'tagging-mcp-server-blue' },
      threshold: 85,
      period: 300,
      evaluation_periods: 2,
    });
    expect(alarms['tagging-mcp-db-connections']).toMatchObject({
      dimensions: { DBInstanceIdentifier: 'tagging-mcp-db' },
      threshold: 80,
      period: 300,
      evaluation_periods: 1,
    });
  });

  it('has its four groups of widgets', async () => {
    expect(titlesOf(await made('examples/tag-governance/prod'))).toEqual(
      expect.arrayContaining([
        ...['Requests a minute', 'Error rate, %', 'Response time, s'],
        ...['Running tasks', 'CPU, %', 'Memory, %'],
        ...['Connections', 'Query latency, s', 'Free storage, bytes'],
        ...['Hit rate, %', 'Evictions', 'Memory, %'],
      ]),
    );
  });
});

describe('the marketing server', () => {
  it('has its seven alarms, each told to its audience', async () => {
    const synth = await made('examples/marketing/prod');
    const alarms = alarmsOf(synth);
    const topicOf = (name: string) => JSON.stringify(alarms[`marketing-mcp-${name}`]?.alarm_actions);
    const told: [string, string, number][] = [
      ['errors', 'ops', 10],
      ['latency-p99', 'ops', 5],
      ['healthy-hosts', 'ops', 2],
      ['unauthorized', 'security', 100],
      ['refused-accounts', 'security', 10],
      ['budget-changes', 'admin', 50],
      ['safety-limits', 'admin', 5],
    ];
    for (const [name, topic, threshold] of told) {
      expect(alarms[`marketing-mcp-${name}`]).toMatchObject({ threshold });
      expect(topicOf(name)).toContain(`audiences_${topic}_topic`);
    }
  });

  it('has its dashboard of ten widgets under its own name', async () => {
    const synth = await made('examples/marketing/prod');
    expect(synth.one('aws_cloudwatch_dashboard').dashboard_name).toBe('marketing-mcp-production');
    expect(titlesOf(synth)).toEqual(
      expect.arrayContaining([
        'Requests a minute',
        'Error rate, %',
        'Response time, s',
        'Running tasks',
        'Top tools',
        'Calls by person',
        'Budget changes',
        'Safety events',
        'Requests by country',
        'Daily spend of the account, USD',
      ]),
    );
    const views = Object.fromEntries(widgetsOf(synth).map(({ properties: { title, view } }) => [title, view]));
    expect([views['Top tools'], views['Calls by person'], views['Budget changes']]).toEqual([
      'bar',
      'pie',
      'timeSeries',
    ]);
  });

  it('keeps a trail, finds threats, and archives its logs', async () => {
    const synth = await made('examples/marketing/prod');
    expect(synth.one('aws_cloudtrail')).toMatchObject({ name: 'marketing-mcp-trail', s3_key_prefix: 'cloudtrail' });
    expect(synth.one('aws_cloudtrail')).toHaveProperty('kms_key_id');
    expect(synth.one('aws_cloudwatch_event_target').arn).toContain('audiences_security_topic');
    expect(Object.keys(synth.all('aws_cloudwatch_log_subscription_filter'))).toHaveLength(2);
    expect(synth.one('aws_budgets_budget')).toMatchObject({ limit_amount: '350', name: 'marketing-mcp-monthly' });
  });
});

describe('the startup', () => {
  it('is told of p95 over 500 ms, of 1 % errors and of throttles, with a function as with instances', async () => {
    const production = alarmsOf(await made('examples/startup/prod'));
    expect(production['startup-mcp-prod-latency-p95']).toMatchObject({ namespace: 'AWS/ApiGateway', threshold: 500 });
    expect(production['startup-mcp-prod-error-rate']).toMatchObject({ threshold: 1 });
    expect(production['startup-mcp-prod-function-throttles-service']).toMatchObject({ threshold: 0 });
    const staging = alarmsOf(await made('examples/startup/staging'));
    expect(staging['startup-mcp-staging-latency-p95']).toMatchObject({ threshold: 0.5 });
    expect(staging).toHaveProperty('startup-mcp-staging-cpu-instances');
  });
});

describe('every environment', () => {
  it('has a part of the runbook for each of its alarms, and no link that leads nowhere', async () => {
    const runbook = await readFile(join(repository, 'docs/runbooks/alarms.md'), 'utf8');
    const parts = new Set([...runbook.matchAll(/^## (.+)$/gm)].map(([, part]) => part));
    for (const name of await environmentNames(repository)) {
      const { json } = await made(name, { queues: ['evaluations'] });
      const linked = [...json.matchAll(/docs\/runbooks\/alarms\.md#([\w-]+)/g)].map(([, part]) => part);
      expect(linked.filter((part) => !parts.has(part))).toEqual([]);
    }
  });

  it('has topics only for what is published, each with a publisher', async () => {
    const topics = Object.values((await made('examples/market-data/weekend')).all('aws_sns_topic'));
    expect(topics.map(({ name }) => name)).toEqual(['app-admin', 'app-ops']);
  });

  it('has no alarm for what it has not got', async () => {
    const kinds = Object.keys(alarmsOf(await made('examples/market-data/weekend'))).toSorted();
    expect(kinds).toEqual(
      ['cpu', 'errors', 'healthy-hosts', 'latency-p99', 'load-balancer-errors', 'memory', 'unhealthy-hosts']
        .map((kind) => `app-${kind}${/cpu|memory|unhealthy/.test(kind) ? '-blue' : ''}`)
        .toSorted(),
    );
  });

  it('expects no more tasks than its schedules leave', async () => {
    const night = { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 } };
    const healthy = async (changes: Record<string, unknown>) =>
      alarmsOf(await made('examples/marketing/prod', { scale_schedules: night, ...changes }))[
        'marketing-mcp-healthy-hosts'
      ];
    expect(JSON.stringify(await healthy({}))).toContain('IF((FILL(asked_blue, 0)) < 2, FILL(asked_blue, 0), 2)');
    expect(await healthy({ container_insights: false })).toMatchObject({ threshold: 1 });
  });

  it('follows the count where operators set it, and what the settings say where Terraform does', async () => {
    const healthy = async (name: string, changes = {}) => {
      const alarms = Object.values((await made(name, changes)).all('aws_cloudwatch_metric_alarm'));
      return alarms.find(({ alarm_name }) => String(alarm_name).endsWith('-healthy-hosts'));
    };
    for (const name of ['prod', 'staging', 'examples/tag-governance/prod', 'examples/market-data/weekend'])
      expect(JSON.stringify(await healthy(name))).toContain('DesiredTaskCount');
    expect(await healthy('dev')).toMatchObject({ threshold: 2 });
    expect(await healthy('examples/alerts/prod')).toMatchObject({ threshold: 2 });
    // Nobody tells the count then.
    expect(await healthy('prod', { container_insights: false })).toMatchObject({ threshold: 1 });
  });
});

it('each topic lets in those who publish to it', async () => {
  const synth = await made('prod');
  type Statements = { principals: { identifiers: string[] }[] }[];
  const publishers = Object.entries(synth.data('aws_iam_policy_document')).flatMap(([name, { statement }]) => {
    const [, topic] = /audiences_(\w+)_publishers/.exec(name) ?? [];
    if (topic === undefined) return [];
    const principals = (statement as Statements).flatMap((each) => each.principals.flatMap((who) => who.identifiers));
    return [[topic, principals.filter((principal) => principal !== '*')]];
  });
  expect(Object.fromEntries(publishers)).toEqual({
    ops: ['cloudwatch.amazonaws.com', 'events.rds.amazonaws.com'],
    security: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'],
    admin: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com', 'costalerts.amazonaws.com'],
  });
});

it('a budget counts the environment’s costs or the account’s', async () => {
  expect((await made('dev')).one('aws_budgets_budget').cost_filter).toEqual([
    { name: 'TagKeyValue', values: ['user:Project$countersign', 'user:Environment$dev'] },
  ]);
  expect((await made('dev', { budget_scope: 'account' })).one('aws_budgets_budget')).not.toHaveProperty('cost_filter');
});

it('suspicious agents are counted by the full rules alone, where the web ACL stands', async () => {
  const alarm = async (waf: string) =>
    alarmsOf(await made('examples/tag-governance/prod', { waf }))['tagging-mcp-suspicious-agents'];
  expect(await alarm('basic')).toBeUndefined();
  expect(await alarm('full')).toMatchObject({
    dimensions: { WebACL: 'tagging-mcp-web-acl', Rule: 'suspicious-agents', Region: 'us-east-1' },
  });
});

it('reserved concurrency is watched where there is some', async () => {
  const alarms = alarmsOf(await made('examples/startup/prod', { lambda_reserved_concurrency: 100 }));
  expect(alarms['startup-mcp-prod-function-concurrency-service']).toMatchObject({ threshold: 80 });
});

describe('several regions', () => {
  it('share budget and trail, and keep dashboards apart', async () => {
    const primary = await primaryDeploymentOf('examples/market-data/dev', { cloudtrail: true });
    const second = layer({ ...primary, primary: false, region: 'eu-west-2' });
    expect(layer(primary).addresses.join()).toContain('aws_budgets_budget');
    expect(second.addresses.join()).not.toMatch(/aws_budgets_budget|aws_cloudtrail|aws_ce_/);
    expect(second.one('aws_cloudwatch_dashboard').dashboard_name).toBe('app-dashboard-eu-west-2');
  });

  it('watch CloudFront where its metrics are', async () => {
    const deployment = await primaryDeploymentOf('examples/marketing/prod');
    expect(alarmsOf(layer(deployment))).toHaveProperty('marketing-mcp-edge-errors');
    expect(alarmsOf(layer(deployment))).toHaveProperty('marketing-mcp-suspicious-agents');
    const elsewhere = alarmsOf(layer({ ...deployment, region: 'eu-west-1' }));
    expect(elsewhere).not.toHaveProperty('marketing-mcp-edge-errors');
    expect(elsewhere).not.toHaveProperty('marketing-mcp-suspicious-agents');
  });
});

it('the emulator gets nothing that it does not know', async () => {
  const deployment = await primaryDeploymentOf('prod');
  const emulated = layer({ ...deployment, target: { kind: 'emulator', stateFolder: '.', url: 'http://localhost:1' } });
  expect(emulated.addresses.join()).not.toMatch(/composite_alarm|query_definition|aws_xray|aws_ce_/);
  expect(layer(deployment).addresses.join()).toMatch(/composite_alarm.*aws_ce_.*|aws_ce_.*composite_alarm/);
});
