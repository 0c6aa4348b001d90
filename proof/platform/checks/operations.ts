/** Sign-in, alarms, dashboards and logs as AWS tells of them. */
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { offeredRoles, offeredScopes } from '../../../contracts/scopes.ts';
import { appliedNames } from '../applied.ts';
import { primary, type RegionSeen, type Told } from '../seen.ts';

/** What the systems name: metric, threshold, seconds, periods, audience. */
const named: readonly (readonly [
  environment: string,
  alarm: string,
  figures: Partial<MetricAlarm>,
  audience: 'ops' | 'security' | 'admin',
])[] = [
  [
    'examples/tag-governance/prod',
    'errors',
    { MetricName: 'HTTPCode_Target_5XX_Count', Statistic: 'Sum', Threshold: 10, Period: 300, EvaluationPeriods: 2 },
    'ops',
  ],
  [
    'examples/tag-governance/prod',
    'cpu-blue',
    { MetricName: 'CPUUtilization', Statistic: 'Average', Threshold: 85, Period: 300, EvaluationPeriods: 2 },
    'ops',
  ],
  [
    'examples/tag-governance/prod',
    'db-connections',
    { MetricName: 'DatabaseConnections', Statistic: 'Average', Threshold: 80, Period: 300, EvaluationPeriods: 1 },
    'ops',
  ],
  ['examples/marketing/prod', 'errors', { Threshold: 10, Period: 300, EvaluationPeriods: 1 }, 'ops'],
  ['examples/marketing/prod', 'latency-p99', { ExtendedStatistic: 'p99', Threshold: 5, Period: 300 }, 'ops'],
  [
    'examples/marketing/prod',
    'healthy-hosts',
    { Threshold: 2, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' },
    'ops',
  ],
  ['examples/marketing/prod', 'unauthorized', { Threshold: 100, Period: 3600 }, 'security'],
  ['examples/marketing/prod', 'refused-accounts', { Threshold: 10, Period: 3600 }, 'security'],
  ['examples/marketing/prod', 'budget-changes', { Threshold: 50, Period: 3600 }, 'admin'],
  ['examples/marketing/prod', 'safety-limits', { Threshold: 5, Period: 3600 }, 'admin'],
  ['examples/startup/prod', 'latency-p95', { ExtendedStatistic: 'p95', Threshold: 500 }, 'ops'],
  ['examples/startup/prod', 'error-rate', { Threshold: 1 }, 'ops'],
  ['examples/startup/staging', 'latency-p95', { ExtendedStatistic: 'p95', Threshold: 0.5 }, 'ops'],
];

/** Without those that only tell scaling policies. */
const alarmsOf = ({ operations, settings }: RegionSeen): Readonly<Record<string, MetricAlarm>> =>
  Object.fromEntries(
    operations.alarms
      .filter(({ AlarmActions = [] }) => !AlarmActions.some((action) => action.includes(':scalingPolicy:')))
      .map((alarm) => [alarm.AlarmName?.replace(`${settings.name_prefix}-`, '') ?? '', alarm]),
  );

const checkAlarms = (told: Told): void => {
  it.each(named)('%s: %s at %j, told to %s', async (name, alarm, figures, audience) => {
    const region = await primary(told, name);
    const found = alarmsOf(region)[alarm];
    expect(found).toMatchObject({
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: expect.anything(),
      ...figures,
    });
    const topic = `arn:aws:sns:${region.settings.regions[0]}:111122223333:${region.settings.name_prefix}-${audience}`;
    expect([found?.AlarmActions, found?.OKActions]).toEqual([[topic], [topic]]);
  });

  it.each(appliedNames)('every alarm of %s says what to do first, and acts', async (name) => {
    for (const region of await told(name)) {
      const alarms = Object.values(alarmsOf(region));
      expect(alarms.length).toBeGreaterThan(4);
      for (const { AlarmDescription, ActionsEnabled, TreatMissingData } of alarms) {
        expect(AlarmDescription).toMatch(/Runbook: docs\/runbooks\/alarms\.md#[\w-]+$/);
        expect(ActionsEnabled).toBe(true);
        expect(TreatMissingData).toMatch(/^(notB|b)reaching$/);
      }
    }
  });
};

const checkSignIn = (told: Told): void => {
  const pools = [
    'dev',
    'staging',
    'prod',
    'examples/marketing/prod',
    'examples/alerts/prod',
    'examples/startup/prod',
    'examples/startup/staging',
  ];

  it.each(pools)('%s has one pool: closed, with a second factor, its groups those of the contract', async (name) => {
    const { operations, settings } = await primary(told, name);
    const [seen, ...rest] = operations.pools;
    expect(rest).toEqual([]);
    expect(seen?.pool).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: settings.kind === 'prod' ? 'ON' : 'OPTIONAL',
    });
    expect(seen?.groups.map(({ GroupName }) => GroupName).toSorted()).toEqual(
      offeredRoles(settings.tool_packs).toSorted(),
    );
    expect(seen?.servers).toMatchObject([{ Identifier: 'mcp' }]);
    expect(seen?.servers[0]?.Scopes?.map(({ ScopeName }) => ScopeName).toSorted()).toEqual(
      offeredScopes(settings.tool_packs).toSorted(),
    );
  });

  it.each(pools)('its client of %s takes codes only, keeps no secret, and can be told to forget', async (name) => {
    const { operations, settings } = await primary(told, name);
    expect(operations.pools[0]?.clients).toMatchObject([
      {
        AllowedOAuthFlows: ['code'],
        AllowedOAuthFlowsUserPoolClient: true,
        EnableTokenRevocation: true,
        PreventUserExistenceErrors: 'ENABLED',
        CallbackURLs: expect.arrayContaining([`https://${settings.domain_name}/sign-in/callback`]),
      },
    ]);
    expect(operations.pools[0]?.clients[0]?.ClientSecret).toBeUndefined();
  });

  it('people of the marketing server have an employee id, an agency and a role', async () => {
    const [seen] = (await primary(told, 'examples/marketing/prod')).operations.pools;
    const attributes = seen?.pool.SchemaAttributes?.map(({ Name }) => Name);
    expect(attributes).toEqual(expect.arrayContaining(['custom:employeeId', 'custom:agency', 'custom:role']));
  });

  it('there is no pool where the company’s own sign-in, or none, is asked for', async () => {
    for (const name of appliedNames.filter((each) => !pools.includes(each)))
      expect((await primary(told, name)).operations.pools).toEqual([]);
  });
};

interface Board {
  readonly widgets: readonly { readonly properties: { readonly title?: string; readonly region?: string } }[];
}

const checkSigns = (told: Told): void => {
  it.each([
    ['examples/marketing/prod', 'marketing-mcp-production'],
    ['examples/tag-governance/prod', 'tagging-mcp-dashboard'],
    ['examples/market-data/dev', 'app-dashboard'],
    ['prod', 'countersign-prod-dashboard'],
  ])('%s has the dashboard %s, every widget of it with a title', async (name, dashboard) => {
    const { dashboards } = (await primary(told, name)).operations;
    expect(Object.keys(dashboards)).toEqual([dashboard]);
    const { widgets } = JSON.parse(dashboards[dashboard] ?? '{"widgets":[]}') as Board;
    expect(widgets.length).toBeGreaterThan(5);
  });

  it.each(appliedNames)('every log of %s is kept as long as the settings say', async (name) => {
    for (const { operations, settings } of await told(name)) {
      expect(operations.logGroups.length).toBeGreaterThan(0);
      for (const { logGroupName, retentionInDays } of operations.logGroups)
        expect([logGroupName, retentionInDays]).toEqual([logGroupName, settings.log_retention_days]);
    }
  });
};

export const checkOperations = (told: Told): void => {
  describe('alarms', () => checkAlarms(told));
  describe('sign-in', () => checkSignIn(told));
  describe('dashboards and logs', () => checkSigns(told));
};
