import { customImage } from '../testing/custom-image.ts';
import { primaryDeploymentOf, repository, type Synthesized, synthesized } from '../testing/synthesized.ts';
import { environmentNames } from '../tfvars/read.ts';
import type { Deployment } from './deployment.ts';
import { NetworkLayer } from './network.ts';
import type { NetworkOutputs } from './outputs.ts';

interface Made extends Synthesized {
  readonly outputs: NetworkOutputs;
  readonly deployment: Deployment;
}
const made = async (name: string, changes: Record<string, unknown> = {}): Promise<Made> => {
  const deployment = await primaryDeploymentOf(name, changes);
  const layers: NetworkLayer[] = [];
  const read = synthesized((stack) => layers.push(new NetworkLayer(stack, 'network', { deployment })));
  const [layer] = layers;
  if (layer === undefined) throw new Error('no layer');
  return { ...read, outputs: layer.outputs, deployment };
};

const group = (value: unknown): string => String(value).replace(/.*security_group_(\w+)\.id.*/, '$1');
/** `group <- peer:port`, `group -> peer:port` */
const rulesOf = (network: Synthesized): string[] =>
  (['ingress', 'egress'] as const).flatMap((way) =>
    Object.values(network.all(`aws_vpc_security_group_${way}_rule`)).map((rule) => {
      const peer = rule.cidr_ipv4 ?? rule.prefix_list_id ?? group(rule.referenced_security_group_id);
      return `${group(rule.security_group_id)} ${way === 'ingress' ? '<-' : '->'} ${peer}:${rule.from_port}`;
    }),
  );
const into = (network: Synthesized, name: string): string[] =>
  rulesOf(network)
    .filter((rule) => rule.startsWith(`${name} <-`))
    .map((rule) => rule.replace(/.*<- /, ''))
    .toSorted();
const outOf = (network: Synthesized, name: string): string[] =>
  rulesOf(network)
    .filter((rule) => rule.startsWith(`${name} ->`))
    .map((rule) => rule.replace(/.*-> /, ''))
    .toSorted();
const count = (network: Synthesized, type: string): number => Object.keys(network.all(type)).length;

const lambda = {
  compute_mode: 'lambda',
  container_image: undefined,
  ingress_mode: 'api-gateway',
  store_mode: 'postgres',
  spot_share: 0,
  execute_command: false,
  blue_green: false,
};
const isolated = { nat_mode: 'none', vpc_endpoints: ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager'] };

const environments = await environmentNames(repository);
const withVpc: string[] = [];
for (const name of environments) if ((await primaryDeploymentOf(name)).shape.vpc) withVpc.push(name);

describe.each(withVpc)('the network of %s', (name) => {
  it('has what its settings ask for, and no more', async () => {
    const network = await made(name);
    const { settings, shape } = network.deployment;
    const sizes = (lists: string[][]) => lists.reduce((sum, list) => sum + list.length, 0);
    expect(count(network, 'aws_subnet')).toBe(
      sizes([settings.public_cidrs, settings.private_cidrs, settings.database_cidrs]),
    );
    const { loadBalancer, tasks, database, cache, endpoints, vpcLink } = network.outputs.securityGroups;
    expect({
      loadBalancer: loadBalancer !== undefined,
      tasks: tasks !== undefined,
      database: database !== undefined,
      cache: cache !== undefined,
      endpoints: endpoints !== undefined,
      vpcLink: vpcLink !== undefined,
    }).toEqual({
      loadBalancer: shape.loadBalancer,
      tasks: true,
      database: settings.store_mode === 'postgres',
      cache: settings.cache_enabled,
      endpoints: settings.vpc_endpoints.length > 0,
      vpcLink: shape.vpcLink,
    });
    expect(count(network, 'aws_vpc_endpoint')).toBe(2 + settings.vpc_endpoints.length);
  });

  it('hands on every subnet by its zone', async () => {
    const { outputs, deployment } = await made(name);
    const { availability_zones, public_cidrs, private_cidrs, database_cidrs } = deployment.settings;
    const zones = (cidrs: string[]) => (cidrs.length > 0 ? availability_zones : []);
    expect(Object.keys(outputs.publicSubnets)).toEqual(zones(public_cidrs));
    expect(Object.keys(outputs.privateSubnets)).toEqual(zones(private_cidrs));
    expect(Object.keys(outputs.databaseSubnets)).toEqual(zones(database_cidrs));
  });

  it('lets the internet in at 80 and 443 of a public load balancer alone', async () => {
    const open = rulesOf(await made(name)).filter((rule) => rule.includes('<- 0.0.0.0/0'));
    for (const rule of open) expect(rule).toMatch(/^load_balancer <- 0\.0\.0\.0\/0:(80|443)$/);
  });
});

describe('who reaches the load balancer', () => {
  it.each([
    ['dev', {}, ['vpc_link:443']],
    ['staging', {}, ['pl-3b927c52:443', 'vpc_link:443']],
    ['examples/marketing/prod', {}, ['pl-3b927c52:443', 'vpc_link:443']],
    ['examples/tag-governance/prod', {}, ['0.0.0.0/0:443', '0.0.0.0/0:80']],
    ['examples/market-data/weekend', {}, ['0.0.0.0/0:80']],
    ['examples/alerts/dev', { alb_sources: ['203.0.113.0/24'] }, ['203.0.113.0/24:443', '203.0.113.0/24:80']],
    ['examples/alerts/dev', { alb_internal: true }, ['10.10.0.0/16:443']],
  ])('%s with %j: %j', async (name, changes, sources) => {
    expect(into(await made(name, changes), 'load_balancer')).toEqual(sources);
  });

  it('is nobody while it is switched off', async () => {
    const network = await made('examples/market-data/dev', {
      weekend_only: true,
      destroy_albs_when_scaled_down: true,
      alb_enabled: false,
    });
    expect(network.outputs.securityGroups.loadBalancer).toBeUndefined();
    expect(into(network, 'tasks')).toEqual([]);
    expect(count(network, 'aws_subnet')).toBe(3);
  });
});

describe('who reaches the tasks, and whom they reach', () => {
  it('is the load balancer at the port of each colour', async () => {
    expect(into(await made('examples/market-data/dev'), 'tasks')).toEqual(['load_balancer:8001']);
    const two = await made('examples/tag-governance/prod', { port_green: 8081 });
    expect(into(two, 'tasks')).toEqual(['load_balancer:8080', 'load_balancer:8081']);
  });

  it('is the internet by https, the stores, and what the settings add', async () => {
    const network = await made('examples/tag-governance/prod', { task_egress_ports: [587] });
    expect(outOf(network, 'tasks').filter((rule) => !rule.includes('prefix_list'))).toEqual([
      '0.0.0.0/0:443',
      '0.0.0.0/0:587',
      'cache:6379',
      'database:5432',
    ]);
  });

  it('is no internet where there is no way to it', async () => {
    const network = await made('prod', isolated);
    expect(outOf(network, 'tasks').filter((rule) => rule.startsWith('0.0.0.0/0'))).toEqual([]);
    const documents = Object.values(network.data('aws_iam_policy_document'));
    expect(JSON.stringify(documents)).toContain('arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*');
    expect(JSON.stringify(documents)).not.toContain('arn:aws:s3:::*/*');
  });

  it('includes buckets and tables of the accounts that may be tagged', async () => {
    const documents = Object.values((await made('examples/tag-governance/prod')).data('aws_iam_policy_document'));
    expect(JSON.stringify(documents)).toContain(
      JSON.stringify({
        test: 'StringEquals',
        values: ['111122223333', '444455556666'],
        variable: 'aws:ResourceAccount',
      }),
    );
  });
});

describe('ways out', () => {
  it.each([
    ['dev', 1],
    ['prod', 3],
    ['examples/alerts/dev', 1],
    ['examples/alerts/staging', 0],
    ['examples/alerts/prod', 2],
    ['examples/market-data/dev', 0],
    ['examples/marketing/prod', 3],
  ])('%s has %i NAT gateways', async (name, gateways) => {
    const network = await made(name);
    expect([count(network, 'aws_nat_gateway'), count(network, 'aws_eip')]).toEqual([gateways, gateways]);
  });

  it('keep addresses that partners know', async () => {
    const network = await made('dev', { nat_eip_allocation_ids: ['eipalloc-0123456789abcdef0'] });
    expect(network.one('aws_nat_gateway').allocation_id).toBe('eipalloc-0123456789abcdef0');
    expect(count(network, 'aws_eip')).toBe(0);
  });

  it('from one a zone to a single one: two addresses and two gateways go', async () => {
    const single = new Set((await made('prod', { nat_mode: 'single' })).addresses);
    const gone = (await made('prod')).addresses.filter((address) => !single.has(address));
    expect(gone.map((address) => address.split('.')[0]).toSorted()).toEqual([
      'aws_eip',
      'aws_eip',
      'aws_nat_gateway',
      'aws_nat_gateway',
    ]);
    expect(single.size).toBe((await made('prod')).addresses.length - 4);
  });
});

describe('network ACLs', () => {
  interface Entry {
    readonly action: string;
    readonly cidr_block: string;
    readonly protocol: string;
    readonly from_port: number;
    readonly to_port: number;
  }
  /** What may come into a tier from anywhere, as ports. */
  const openTo = async (tier: string, name: string, changes: Record<string, unknown> = {}): Promise<string[]> => {
    const lists = Object.entries((await made(name, changes)).all('aws_network_acl'));
    const [, list] = lists.find(([address]) => address.includes(`${tier}-acl`)) ?? [];
    return ((list?.ingress ?? []) as Entry[])
      .filter(
        ({ action, cidr_block, protocol }) => action === 'allow' && protocol === 'tcp' && cidr_block === '0.0.0.0/0',
      )
      .map(({ from_port, to_port }) => (from_port === to_port ? `${from_port}` : `${from_port}-${to_port}`));
  };

  it('open the public tier to a public load balancer’s clients, and to answers', async () => {
    expect(await openTo('public', 'examples/tag-governance/prod')).toEqual(['80', '443', '1024-65535']);
    expect(await openTo('public', 'examples/market-data/weekend')).toEqual(['80', '32768-60999']);
    expect(await openTo('public', 'staging')).toEqual(['443', '1024-65535']);
    expect(await openTo('public', 'dev')).toEqual(['1024-65535']);
  });

  it('open the private tier to answers, and to a CloudFront VPC origin', async () => {
    expect(await openTo('private', 'dev')).toEqual(['32768-60999']);
    expect(await openTo('private', 'examples/marketing/prod')).toEqual(['443', '32768-60999']);
    expect(await openTo('private', 'dev', lambda)).toEqual(['1024-65535']);
  });

  it('open a port below 1024 inside the VPC, where tasks listen on one', async () => {
    const ingress = async (container_port: number): Promise<readonly Entry[]> => {
      const image = { ...customImage, container_port };
      const lists = Object.entries((await made('examples/marketing/dev', image)).all('aws_network_acl'));
      return (lists.find(([address]) => address.includes('private-acl'))?.[1].ingress ?? []) as Entry[];
    };
    const open = expect.objectContaining({ action: 'allow', cidr_block: '10.0.0.0/16', from_port: 80, to_port: 80 });
    expect(await ingress(80)).toContainEqual(open);
    expect(await ingress(8000)).not.toContainEqual(open);
  });

  it('open the database tier to the stores’ ports from the VPC', async () => {
    const network = await made('staging');
    const [, list] = Object.entries(network.all('aws_network_acl')).find(([name]) => name.includes('database')) ?? [];
    const allowed = ((list?.ingress ?? []) as Entry[]).filter(({ action }) => action === 'allow');
    expect(allowed.map(({ cidr_block, from_port }) => `${cidr_block}:${from_port}`)).toEqual([
      '10.1.0.0/16:5432',
      '10.1.0.0/16:6379',
      // The answer of a cache's primary to its replica in another zone.
      ...[21, 22, 23].map((subnet) => `10.1.${subnet}.0/24:1024`),
    ]);
    expect(await openTo('database', 'staging')).toEqual([]);
  });
});

describe('a CloudFront VPC origin', () => {
  it('gets its internet gateway though nothing else needs one', async () => {
    const network = await made('examples/marketing/prod', { ...isolated, public_cidrs: [] });
    expect([count(network, 'aws_internet_gateway'), count(network, 'aws_route')]).toEqual([1, 0]);
  });
});

describe('a function', () => {
  it('with PostgreSQL has private and database subnets, its own group and the database’s', async () => {
    const network = await made('dev', { ...lambda, nat_mode: 'none', public_cidrs: [] });
    expect(Object.keys(network.all('aws_subnet')).filter((address) => address.includes('public'))).toEqual([]);
    expect(count(network, 'aws_internet_gateway')).toBe(0);
    expect(Object.keys(network.outputs.securityGroups).toSorted()).toEqual(['database', 'tasks']);
    expect(into(network, 'tasks')).toEqual([]);
  });

  it('has no public subnets either where their blocks are given but no gateway stands in them', async () => {
    const network = await made('dev', { ...lambda, nat_mode: 'none' });
    expect(network.outputs.publicSubnets).toEqual({});
    expect(Object.keys((await made('dev', lambda)).outputs.publicSubnets)).toHaveLength(3);
  });

  it('with tables needs no network', async () => {
    expect((await primaryDeploymentOf('examples/startup/prod')).shape.vpc).toBe(false);
  });
});

describe('what is off', () => {
  it('leaves nothing: flow logs, network ACLs, keys', async () => {
    const types = (network: Synthesized) => new Set(network.addresses.map((address) => address.split('.')[0]));
    const watching = ['aws_flow_log', 'aws_cloudwatch_log_group', 'aws_iam_role', 'aws_iam_role_policy', 'aws_kms_key'];
    const all = types(await made('prod'));
    for (const type of [...watching, 'aws_network_acl']) expect(all).toContain(type);
    const off = types(await made('prod', { flow_logs: false, network_acls: false }));
    for (const type of [...watching, 'aws_network_acl']) expect(off).not.toContain(type);
    expect(types(await made('dev'))).not.toContain('aws_kms_key');
  });
});

describe('another zone', () => {
  it('adds to the addresses and changes none', async () => {
    const two = await made('prod', {
      availability_zones: ['us-east-1a', 'us-east-1b'],
      public_cidrs: ['10.2.1.0/24', '10.2.2.0/24'],
      private_cidrs: ['10.2.11.0/24', '10.2.12.0/24'],
      database_cidrs: ['10.2.21.0/24', '10.2.22.0/24'],
    });
    const three = await made('prod');
    expect(three.addresses).toEqual(expect.arrayContaining([...two.addresses]));
    expect(three.addresses.length).toBeGreaterThan(two.addresses.length);
  });
});

it('stands at these addresses', async () => {
  // A changed line is a resource that AWS destroys and makes anew.
  expect((await made('prod')).addresses).toMatchSnapshot();
});
