import { archives, settingsOf } from '../modules/testing/synthesized.ts';
import { estimate } from './cost/estimate.ts';
import { fromResources } from './cost/from-resources.ts';
import { fromSettings } from './cost/from-settings.ts';
import { cents, total } from './cost/line.ts';
import { cost } from './cost.ts';
import { type Host, runCommand } from './platform/command.ts';

type Changes = Readonly<Record<string, unknown>>;

const estimated = async (name: string, changes: Changes = {}) => {
  const [settings] = await settingsOf(name, changes);
  if (settings === undefined) throw new Error(`${name} has no region`);
  return fromSettings(settings);
};

/** The lines of an environment by what they are for. */
const usd = async (name: string, changes: Changes = {}): Promise<Record<string, number>> => {
  const { lines } = await estimated(name, changes);
  return Object.fromEntries(lines.map((line) => [line.item, line.usd]));
};

describe('the market-data server', () => {
  // What its own figures have for secrets, logs and DNS together.
  const otherServices = 2.5;

  it('costs 97.50 a region, and addresses that its own figures forget', async () => {
    const { Tasks = 0, 'Load balancer': balancer = 0, ...others } = await usd('examples/market-data/dev');
    expect([Tasks, balancer]).toEqual([78.57, 16.43]);
    expect(cents(Tasks + balancer + otherServices)).toBe(97.5);
    expect(others).toEqual({ 'Public IPv4 addresses': 18.25 });
  });

  it.each([
    ['keeps its load balancer', false, 16.43, 33.85],
    ['removes it between weekends', true, 3.12, 20.54],
  ])('on weekends only %s', async (_, removed, balancer, all) => {
    const lines = await usd('examples/market-data/weekend', {
      destroy_albs_when_scaled_down: removed,
      ...(removed && { domain_name: 'api.example.com', hosted_zone_id: 'Z0123456789ABC' }),
    });
    expect([lines.Tasks, lines['Load balancer']]).toEqual([14.92, balancer]);
    expect(cents((lines.Tasks ?? 0) + (lines['Load balancer'] ?? 0) + otherServices)).toBe(all);
    // The night between, the hour before and the quarter after are counted too: 40 hours, and 3 addresses in each.
    const without = removed ? 0.9 : undefined;
    expect(lines['Load balancer without tasks']).toBe(without);
  });
});

describe('the tag-governance server', () => {
  it('costs what its tasks, database and cache cost, not what its own figures hope', async () => {
    expect(await usd('examples/tag-governance/prod')).toEqual({
      Tasks: 144.16,
      'Load balancer': 16.43,
      'NAT gateways': 98.55,
      'Public IPv4 addresses': 21.9,
      Database: 23.36,
      'Database storage': 4.6,
      Cache: 23.36,
    });
  });

  it('costs a fifth less on ARM', async () => {
    expect((await usd('examples/tag-governance/prod', { cpu_architecture: 'ARM64' })).Tasks).toBe(115.34);
  });
});

describe('the startup', () => {
  it('pays 41.06 for its staging, and addresses', async () => {
    const { 'Public IPv4 addresses': addresses, ...lines } = await usd('examples/startup/staging');
    expect(lines).toEqual({
      Instances: 7.59,
      'Instance disks': 1.6,
      'Load balancer': 16.43,
      Database: 13.14,
      'Database storage': 2.3,
    });
    expect(cents(Object.values(lines).reduce((sum, each) => sum + each))).toBe(41.06);
    expect(addresses).toBe(10.95);
  });

  it('has a price for db.t3.small, which its growth phase names', async () => {
    const lines = await usd('examples/startup/staging', { db_class: 'db.t3.small' });
    expect([lines.Database, lines['Database storage']]).toEqual([26.28, 2.3]);
  });

  it('pays for nothing by the hour in production, unless functions are kept warm', async () => {
    const name = 'examples/startup/prod';
    expect(await usd(name)).toEqual({});
    const warm = { lambda_provisioned_concurrency: 100, cpu_architecture: 'X86_64', lambda_memory_mb: 1024 };
    expect(await usd(name, warm)).toEqual({ 'Warm functions': 1095.01 });
    expect((await estimated(name)).leftOut).toContain('Function requests and run time');
  });
});

it.each(['dev', 'staging', 'prod'])('the environment %s has room for use in its budget', async (name) => {
  const regions = await settingsOf(name);
  const lines = estimate(name, regions, archives).flatMap((each) => each.lines);
  expect(total(lines)).toBeLessThanOrEqual(0.9 * (regions[0]?.budget_usd ?? 0));
});

describe('the startup’s phases', () => {
  it.each([
    ['growth', 75, { 'Warm functions': 35.04 }],
    ['growth-staging', 75, { Database: 26.28, 'Database storage': 2.3 }],
    ['scale', 200, { Tasks: 28.84, Cache: 9.34 }],
  ])('%s costs what its phase adds, within its budget', async (name, budget, adds) => {
    const regions = await settingsOf(`examples/startup/${name}`);
    const lines = estimate(`startup-${name}`, regions, archives).flatMap((each) => each.lines);
    expect(Object.fromEntries(lines.map(({ item, usd: each }) => [item, each]))).toMatchObject(adds);
    expect(regions[0]?.budget_usd).toBe(budget);
    expect(total(lines)).toBeLessThanOrEqual(budget);
  });
});

it('the startup at scale has room for a second region that reads, in its budget', async () => {
  const west = {
    vpc_cidr: '10.42.0.0/16',
    availability_zones: ['us-west-2a', 'us-west-2b'],
    public_cidrs: ['10.42.1.0/24', '10.42.2.0/24'],
    private_cidrs: ['10.42.11.0/24', '10.42.12.0/24'],
  };
  const regions = await settingsOf('examples/startup/scale', {
    regions: ['us-east-1', 'us-west-2'],
    home_region: 'us-east-1',
    region_settings: { 'us-west-2': west },
    // A user pool lives in one region.
    auth: 'sso',
    sso_issuer: 'https://login.example.com',
    sso_client_id: 'startup-mcp',
  });
  const each = estimate('startup-scale', regions, archives).map(({ lines }) => total(lines));
  expect(each).toHaveLength(2);
  expect(each[1]).toBeGreaterThan(0);
  expect(cents(each.reduce((sum, usd) => sum + usd))).toBeLessThanOrEqual(200);
});

describe('an estimate', () => {
  it('counts Spot at its price, and the tasks that are never Spot at theirs', async () => {
    const spot = { spot_share: 100, desired_count: 3 };
    const each = 72.08 / 2;
    expect((await usd('examples/marketing/dev', spot)).Tasks).toBeCloseTo(3 * each * 0.35, 1);
    expect((await usd('examples/marketing/dev', { ...spot, spot_base: 1 })).Tasks).toBeCloseTo(
      each + 2 * each * 0.35,
      1,
    );
  });

  it('says what it has no price for, instead of guessing', async () => {
    const { lines, leftOut } = await estimated('examples/tag-governance/prod', { db_class: 'db.r7g.16xlarge' });
    expect(lines.map(({ item }) => item)).not.toContain('Database');
    expect(leftOut).toContain('Database db.r7g.16xlarge: no price for it in the table');
  });

  it('says what depends on use, and how far tasks may scale', async () => {
    const { leftOut } = await estimated('examples/marketing/prod');
    expect(leftOut).toEqual(
      expect.arrayContaining([
        'Tasks above 3, up to 10',
        'Data through NAT, 0.045 a GB',
        'DynamoDB reads, writes, storage, backups',
        expect.stringContaining('Logs, 0.5 a GB taken in'),
      ]),
    );
  });

  it('counts resources that cost by their being there', () => {
    const resources: Record<string, Record<string, unknown>[]> = {
      aws_kms_key: [{}, {}],
      aws_secretsmanager_secret: [{}],
      aws_db_instance: [{ manage_master_user_password: true }],
      aws_wafv2_web_acl: [{ rule: [{}, {}, {}] }],
      aws_cloudwatch_metric_alarm: [{}, { metric_query: [{ expression: 'a' }, { metric: {} }, { metric: {} }] }],
      aws_cloudwatch_log_metric_filter: [{ name: 'unauthorized' }, { name: 'unauthorized' }],
    };
    expect(
      Object.fromEntries(fromResources((type) => resources[type] ?? []).map(({ item, usd }) => [item, usd])),
    ).toEqual({
      Keys: 2,
      Secrets: 0.8,
      'Web ACLs': 5,
      'Rules of web ACLs': 3,
      'Metrics that alarms read': 0.3,
      'Metrics taken from logs': 0.3,
    });
  });
});

describe('npm run cost', () => {
  const run = async (...args: string[]) => {
    const printed: string[] = [];
    const failed: string[] = [];
    const host: Host = {
      root: `${import.meta.dirname}/..`,
      env: {},
      out: (text) => void printed.push(text),
      err: (text) => void failed.push(text),
      ask: undefined,
    };
    const code = await runCommand(cost, args, host);
    return { code, text: (printed.length > 0 ? printed : failed).join('\n') };
  };

  it('prints each region with its total and what it leaves out, and is red over the budget', async () => {
    const { code, text } = await run('--environment', 'examples/market-data/dev');
    expect(code).toBe(2);
    expect(text).toMatch(/^Over the budget: 98; \d{3} % of it .* Choose smaller settings, or raise budget_usd\.$/m);
    expect(text).toContain('market-data-dev, eu-west-2: USD a month');
    expect(text).toMatch(/Tasks \(2 x 1 vCPU, 3 GB, X86_64, 730 h\) +78\.57/);
    expect(text).toMatch(/All regions: \d{3}\.\d{2}/);
    expect(text).toContain('Load balancer capacity units');
  });

  it('adds up to what its lines say, as JSON', async () => {
    const { code, text } = await run('--environment', 'dev', '--json');
    expect(code).toBe(0);
    const [{ lines }] = JSON.parse(text).regions;
    expect(lines.map(({ item }: { item: string }) => item)).toEqual(expect.arrayContaining(['Tasks', 'NAT gateways']));
    expect(total(lines)).toBeGreaterThan(60);
  });

  it('names regions it does not have', async () => {
    expect(await run('--environment', 'dev', '--region', 'eu-west-1')).toEqual({
      code: 64,
      text: 'dev has no region eu-west-1; did you mean us-east-1? It has us-east-1.',
    });
  });
});
