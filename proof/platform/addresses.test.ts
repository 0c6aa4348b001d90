/** Where every resource stands. An address that changes is a resource that AWS destroys and makes anew. */
import { jest } from '@jest/globals';
import { reasons } from '../../modules/policy/reasons.ts';
import { customImage } from '../../modules/testing/custom-image.ts';
import { repository } from '../../modules/testing/synthesized.ts';
import { environmentNames } from '../../modules/tfvars/read.ts';
import { addressesOf, stacksOf } from './synth.ts';

const names = await environmentNames(repository);

describe('addresses', () => {
  it.each(names)('of %s', async (name) => {
    expect((await addressesOf(name)).join('\n')).toMatchSnapshot();
  });
});

/** What stands only before, and how many only after. */
const compared = (before: readonly string[], after: readonly string[]) => {
  const [was, is] = [new Set(before), new Set(after)];
  return { gone: before.filter((address) => !is.has(address)), added: after.filter((address) => !was.has(address)) };
};

describe('what is switched on adds, and moves nothing', () => {
  const third = {
    availability_zones: ['us-east-1a', 'us-east-1b'],
    public_cidrs: ['10.2.1.0/24', '10.2.2.0/24'],
    private_cidrs: ['10.2.11.0/24', '10.2.12.0/24'],
    database_cidrs: ['10.2.21.0/24', '10.2.22.0/24'],
  };
  const queues = { queues: ['scans'] };
  it.each<[what: string, name: string, before: Record<string, unknown>, after: Record<string, unknown>]>([
    ['a third zone', 'prod', third, {}],
    ['alarms on p95 and the share of errors', 'prod', {}, { alarm_p95_ms: 500, alarm_error_percent: 1 }],
    ['a cache', 'prod', { cache_enabled: false }, {}],
    ['green', 'dev', {}, { blue_green: true }],
    ['traces', 'staging', {}, { xray: true }],
    ['a queue', 'dev', {}, queues],
    ['another queue', 'dev', queues, { queues: ['scans', 'exports'] }],
    ['mail', 'dev', {}, { mail_domain: 'example.com' }],
    ['interface endpoints', 'staging', {}, { vpc_endpoints: ['secretsmanager'] }],
    ['a port that tasks call', 'dev', {}, { task_egress_ports: [587] }],
    ['a webhook', 'prod', {}, { admin_webhooks: ['https://hooks.example.com/costs'] }],
    ['the trail', 'prod', { cloudtrail: false }, {}],
  ])('%s', async (_, name, before, after) => {
    const { gone, added } = compared(await addressesOf(name, before), await addressesOf(name, after));
    expect(gone).toEqual([]);
    expect(added.length).toBeGreaterThan(0);
  });

  it('a region', async () => {
    const market = 'examples/market-data/dev';
    const east = {
      vpc_cidr: '10.33.0.0/16',
      availability_zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      public_cidrs: ['10.33.0.0/20', '10.33.16.0/20', '10.33.32.0/20'],
    };
    const two = { regions: ['eu-west-1', 'us-east-1'], region_settings: { 'us-east-1': east } };
    const { gone, added } = compared(await addressesOf(market, two), await addressesOf(market));
    expect(gone).toEqual([]);
    expect(new Set(added.map((address) => address.split(' ')[0]))).toEqual(new Set(['market-data-dev-eu-west-2']));
  });

  it('a table', async () => {
    const before = await addressesOf('dev');
    const contract = await import('../../contracts/tables.ts');
    const added = 'another';
    jest.unstable_mockModule('../../contracts/tables.ts', () => ({
      ...contract,
      tables: { [added]: contract.tables.operations, ...contract.tables },
      deployedTables: (packs: readonly string[]) => [added, ...contract.deployedTables(packs)],
    }));
    jest.resetModules();
    const { addressesOf: afterwards } = await import('./synth.ts');
    expect(compared(before, await afterwards('dev'))).toEqual({
      gone: [],
      added: expect.arrayContaining([expect.stringMatching(/^dev-us-east-1 aws_dynamodb_table\.table_another$/)]),
    });
  });
});

describe('reasons for wildcards', () => {
  it('are each of a statement that some environment has', async () => {
    const modes = [
      [
        'dev',
        {
          compute_mode: 'lambda',
          container_image: undefined,
          spot_share: 0,
          execute_command: false,
          store_mode: 'postgres',
        },
      ],
      ['prod', { xray: true, execute_command: false }],
      ['examples/marketing/prod', customImage],
    ] as const;
    const all = [...names.map((name) => [name, {}] as const), ...modes];
    const texts: string[] = [];
    for (const [name, changes] of all)
      for (const { json } of (await stacksOf(name, changes)).values()) texts.push(json);
    const unused = Object.keys(reasons).filter(
      (sid) => !texts.some((text) => text.includes(`"${sid}"`) || text.includes(`\\"${sid}\\"`)),
    );
    expect(unused).toEqual([]);
  });
});
