import { environment, type VariableName, variableNames } from '../../contracts/environment.ts';
import { type EnvironmentProblem, environmentRules } from '../../contracts/environment-rules.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { shapeOf } from '../../contracts/settings/shape.ts';
import { repository, settingsOf } from '../testing/synthesized.ts';
import { environmentNames } from '../tfvars/read.ts';
import { type ContainerSurroundings, containerEnvironment } from './environment.ts';
import { containerSecrets } from './secrets.ts';

/** What the layers below make, as it is after an apply. */
const surroundings = (settings: Settings): ContainerSurroundings => ({
  settings,
  shape: shapeOf(settings),
  region: settings.regions[0] ?? '',
  storage: {
    keys: {},
    buckets: { data: { name: 'countersign-data', arn: 'arn:aws:s3:::countersign-data' } },
    secrets: {},
    database: {
      host: 'db.abc123.us-east-1.rds.amazonaws.com',
      port: '5432',
      name: settings.db_name,
      identifier: 'db',
      arn: 'arn:aws:rds:us-east-1:111122223333:db:db',
      secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1a2b3c-AbCdEf',
    },
  },
  auth: { issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc', clientId: '1a2b3c' },
  queueUrls: {},
  mailSet: 'countersign-mail',
  publicUrl: `https://${settings.domain_name ?? 'a1b2c3.execute-api.us-east-1.amazonaws.com'}`,
  port: settings.port_blue,
});

const secretValues: Partial<Record<VariableName, string>> = {
  ENCRYPTION_KEY: 'a'.repeat(32),
  REDIS_URL: 'rediss://:token@host:6379',
  SSO_CLIENT_SECRET: 'a secret',
  CRUX_API_KEY: 'a key',
  GOOGLE_CLIENT_SECRET: 'a secret',
  CREDENTIALS_KEYS: 'k'.repeat(43),
  ALERTMANAGER_TOKEN: 't'.repeat(32),
  ALERT_WEBHOOK_SECRET: `whsec_${'a'.repeat(32)}`,
};

const environmentOf = async (name: string, changes: Record<string, unknown> = {}) => {
  const [settings] = await settingsOf(name, changes);
  if (settings === undefined) throw new Error(`${name} has no region`);
  return { settings, variables: containerEnvironment(surroundings(settings)) };
};

/** What the service would find wrong when it starts with it. */
const problemsOf = (given: Readonly<Record<string, string>>): (EnvironmentProblem | string)[] => {
  const parsed = variableNames.map((name) => [name, environment[name].schema.safeParse(given[name])] as const);
  const wrong = parsed.flatMap(([name, { error }]) => (error === undefined ? [] : [`${name} ${error.message}`]));
  const env = Object.fromEntries(parsed.map(([name, { data }]) => [name, data]));
  const broken = environmentRules.map((rule) => rule(env as Parameters<typeof rule>[0]));
  return [...wrong, ...broken.filter((problem) => problem !== undefined)];
};

const names = await environmentNames(repository);
const files = await Promise.all(names.map(async (name) => ({ name, regions: await settingsOf(name) })));
const own = files.filter(({ regions }) => regions[0]?.container === 'countersign').map(({ name }) => name);
const custom = files.filter(({ regions }) => regions[0]?.container === 'custom').map(({ name }) => name);

describe('the environment of the container', () => {
  it('is tried for every environment', () => {
    expect(own).toEqual(expect.arrayContaining(['dev', 'staging', 'prod', 'examples/tag-governance/prod']));
    expect(custom.length).toBeGreaterThan(0);
  });

  it.each(own)('of %s is one that the service starts with', async (name) => {
    const { settings, variables } = await environmentOf(name);
    const secrets = Object.keys(containerSecrets(settings)).map((variable) => [
      variable,
      secretValues[variable as VariableName] ?? '',
    ]);
    expect(problemsOf({ ...variables, ...Object.fromEntries(secrets) })).toEqual([]);
    expect(Object.keys(variables).filter((variable) => !Object.hasOwn(environment, variable))).toEqual([]);
    expect(Object.keys(variables).filter((variable) => environment[variable as VariableName].secret)).toEqual([]);
  });

  it('would be refused without its store', async () => {
    const { variables } = await environmentOf('prod');
    const { DATABASE_HOST: _, ...rest } = variables;
    expect(problemsOf({ ...rest, ...secretValues })).not.toEqual([]);
  });

  it.each(custom)('of %s, a custom image, is what container_env says', async (name) => {
    const { settings, variables } = await environmentOf(name);
    expect(variables).toEqual(settings.container_env);
  });

  it('lets container_env win', async () => {
    const { variables } = await environmentOf('dev', { container_env: { LOG_LEVEL: 'warn', LOOP_CALLS: '5' } });
    expect(variables).toMatchObject({ LOG_LEVEL: 'warn', LOOP_CALLS: '5', ENVIRONMENT: 'dev' });
  });
});

describe('what it says', () => {
  it('names the colour of a container where there are two, and nothing where there is one', async () => {
    const [settings] = await settingsOf('prod', { blue_green: true });
    if (settings === undefined) throw new Error('no settings');
    const variables = containerEnvironment({ ...surroundings(settings), colour: 'green' });
    expect(variables.DEPLOYMENT_COLOUR).toBe('green');
    expect((await environmentOf('dev')).variables).not.toHaveProperty('DEPLOYMENT_COLOUR');
  });

  it('is where and as what the service runs', async () => {
    const { variables } = await environmentOf('staging', { port_blue: 4000, cors_origins: ['https://a.example.com'] });
    expect(variables).toMatchObject({
      ENVIRONMENT: 'staging',
      HOST: '0.0.0.0',
      PORT: '4000',
      PUBLIC_URL: 'https://mcp.staging.example.com',
      ALLOWED_ORIGINS: 'https://a.example.com',
      TRUSTED_PROXIES: '10.1.0.0/16',
      AWS_REGION: 'us-east-1',
      METRICS_FORMAT: 'emf',
      TOOL_PACKS: 'tagging',
    });
    expect(variables).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
    expect((await environmentOf('prod')).variables.OTEL_EXPORTER_OTLP_ENDPOINT).toBe('http://localhost:4318');
  });

  it('shows times in the zone of the settings', async () => {
    expect((await environmentOf('prod')).variables.TIME_ZONE).toBe('UTC');
    const { variables } = await environmentOf('prod', { time_zone: 'Europe/Berlin' });
    expect(variables.TIME_ZONE).toBe('Europe/Berlin');
  });

  it('lets people answer on the page only, unless the settings say otherwise', async () => {
    const { variables } = await environmentOf('prod');
    expect(variables).toMatchObject({ APPROVE_ON_PAGE_ONLY: 'true', CONFIRM_BY_TOOL: 'false' });
    expect(variables).toMatchObject({ APPROVE_WITHOUT_EMAIL: 'false' });
    const owned = await environmentOf('prod', { owner_claim: 'employee_id', approve_without_email: true });
    expect(owned.variables).toMatchObject({ OWNER_CLAIM: 'employee_id', APPROVE_WITHOUT_EMAIL: 'true' });
    const governed = await environmentOf('examples/tag-governance/prod');
    expect(governed.variables).toMatchObject({ APPROVE_ON_PAGE_ONLY: 'false', CONFIRM_BY_TOOL: 'false' });
    const asking = await environmentOf('prod', { confirm_by_tool: true });
    expect(asking.variables).toMatchObject({ APPROVE_ON_PAGE_ONLY: 'true', CONFIRM_BY_TOOL: 'true' });
  });

  it('is told a sender where there is a mail_domain, and none where people are told nothing', async () => {
    const mail = { mail_domain: 'example.com' };
    expect((await environmentOf('prod', mail)).variables).toMatchObject({
      MAIL_FROM: 'no-reply@example.com',
      MAIL_CONFIGURATION_SET: 'countersign-mail',
    });
    expect((await environmentOf('prod', { ...mail, notices: false })).variables).not.toHaveProperty('MAIL_FROM');
  });

  it('serves on until the balancer has noticed, then ends before it is killed', async () => {
    for (const [stop_timeout_seconds, interval, unhealthy] of [
      [120, 10, 2],
      [120, 30, 3],
      [35, 5, 4],
    ] as const) {
      const { variables } = await environmentOf('dev', {
        stop_timeout_seconds,
        health_check_interval_seconds: interval,
        health_check_timeout_seconds: 2,
        health_check_unhealthy: unhealthy,
      });
      const delay = Number(variables.SHUTDOWN_DELAY_SECONDS);
      const grace = Number(variables.SHUTDOWN_GRACE_SECONDS);
      expect(delay).toBeGreaterThanOrEqual(interval * unhealthy + 5);
      expect(grace).toBeGreaterThanOrEqual(5);
      expect(delay + grace).toBeLessThanOrEqual(Math.min(115, stop_timeout_seconds - 5));
    }
  });

  it('keeps idle connections longer than the balancer does', async () => {
    for (const alb_idle_timeout_seconds of [20, 120, 4000]) {
      const { variables } = await environmentOf('dev', { alb_idle_timeout_seconds });
      expect(Number(variables.KEEP_ALIVE_SECONDS)).toBe(alb_idle_timeout_seconds + 5);
    }
  });

  it('is the store of the settings, and no other', async () => {
    const { variables: tables } = await environmentOf('dev');
    expect(tables).toMatchObject({ STORE: 'dynamodb', TABLE_PREFIX: 'countersign-dev-' });
    expect(tables).not.toHaveProperty('DATABASE_HOST');
    const { variables: database } = await environmentOf('examples/tag-governance/prod');
    expect(database).toMatchObject({
      STORE: 'postgres',
      DATABASE_HOST: 'db.abc123.us-east-1.rds.amazonaws.com',
      DATABASE_PORT: '5432',
      DATABASE_NAME: 'finops_mcp',
    });
    expect(database).not.toHaveProperty('TABLE_PREFIX');
  });

  it('is the estate of the settings, or the region and account it runs in', async () => {
    expect((await environmentOf('examples/tag-governance/prod')).variables).toMatchObject({
      ESTATE: 'aws',
      ESTATE_REGIONS: 'us-east-1,us-west-2',
      ESTATE_ACCOUNTS: '111122223333,444455556666',
      CROSS_ACCOUNT_ROLE_NAME: 'CrossAccountTagAuditRole',
      CROSS_ACCOUNT_EXTERNAL_ID: 'finops-mcp-cross-account-v1',
    });
    const { variables } = await environmentOf('dev');
    expect(variables.ESTATE_REGIONS).toBe('us-east-1');
    expect(variables).not.toHaveProperty('ESTATE_ACCOUNTS');
  });

  it('signs people in at the user pool, whose groups are the roles', async () => {
    const { variables } = await environmentOf('dev', { role_map: { leads: ['approver'] } });
    expect(variables).toMatchObject({
      SSO_ISSUER: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc',
      SSO_CLIENT_ID: '1a2b3c',
      SSO_SCOPES: 'openid,email,profile',
      ROLES_CLAIM: 'cognito:groups',
    });
    expect(JSON.parse(variables.ROLE_MAP ?? '')).toEqual({
      viewer: ['viewer'],
      analyst: ['analyst'],
      approver: ['approver'],
      admin: ['admin'],
      leads: ['approver'],
    });
  });

  it('signs people in at the company, whose groups the settings map', async () => {
    const { variables } = await environmentOf('examples/tag-governance/prod');
    expect(variables).toMatchObject({ SSO_ISSUER: 'https://login.example.com', ROLES_CLAIM: 'groups' });
    expect(JSON.parse(variables.ROLE_MAP ?? '')).toEqual({
      'finops-analysts': ['analyst'],
      'finops-leads': ['approver'],
      'finops-admins': ['admin'],
    });
  });

  it('waits for people as long as a call may be silent, whatever stands before the service', async () => {
    const waits = async (name: string) => (await environmentOf(name)).variables.LONGEST_WAIT_SECONDS;
    expect(await waits('examples/tag-governance/prod')).toBe(undefined);
    expect(await waits('examples/startup/prod')).toBe('25');
  });

  it('trusts no proxy and names no collector where there is no load balancer', async () => {
    const { variables } = await environmentOf('examples/startup/prod');
    expect(variables).not.toHaveProperty('TRUSTED_PROXIES');
    expect(variables).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  });
});
