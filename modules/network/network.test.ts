import { type Synthesized, synthesized } from '../testing/synthesized.ts';
import { Network, type NetworkProps } from './network.ts';

const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const tier = (start: number, count = 3) =>
  Object.fromEntries(zones.slice(0, count).map((zone, index) => [zone, `10.0.${start + index}.0/24`]));

const props: NetworkProps = {
  name: 'marketing-mcp-vpc',
  namePrefix: 'marketing-mcp',
  region: 'us-east-1',
  accountId: '111122223333',
  cidr: '10.0.0.0/16',
  tiers: { public: tier(1), private: tier(11), database: tier(21) },
  natZones: zones,
  accounts: ['111122223333'],
  readableObjects: ['arn:aws:s3:::*/*'],
};
const made = (changes: Partial<NetworkProps> = {}): Synthesized =>
  synthesized((stack) => new Network(stack, 'network', { ...props, ...changes }));
const count = (network: Synthesized, type: string): number => Object.keys(network.all(type)).length;

/** Where each route table sends what leaves the VPC, by the table's name. */
const defaultRoutes = (network: Synthesized): Record<string, string> => {
  const tables = Object.entries(network.all('aws_route_table'));
  const routes = Object.values(network.all('aws_route'));
  return Object.fromEntries(
    tables.map(([address, { tags }]) => {
      const route = routes.find(({ route_table_id }) => route_table_id === `\${aws_route_table.${address}.id}`);
      const target = String(route?.nat_gateway_id ?? route?.gateway_id ?? 'nowhere');
      return [(tags as { Name: string }).Name, target.replace(/.*?(us-east-1.|internet|nowhere).*/, '$1')];
    }),
  );
};

describe('the VPC', () => {
  it('has DNS, and a default security group without rules', () => {
    expect(made().one('aws_vpc')).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
    const group = made().one('aws_default_security_group');
    expect([group.vpc_id, group.ingress, group.egress]).toEqual([`\${aws_vpc.vpc.id}`, undefined, undefined]);
  });

  it('has a subnet a zone in each tier, none of which hands out public addresses', () => {
    const subnets = made().all('aws_subnet');
    expect(Object.keys(subnets).toSorted()).toEqual(
      ['database', 'private', 'public'].flatMap((name) =>
        zones.map((zone) => `subnet_${name}_${zone.replaceAll('-', '_')}`),
      ),
    );
    expect(subnets.subnet_private_us_east_1b).toMatchObject({
      cidr_block: '10.0.12.0/24',
      availability_zone: 'us-east-1b',
    });
    for (const { map_public_ip_on_launch } of Object.values(subnets)) expect(map_public_ip_on_launch).toBe(false);
  });

  it('associates every subnet with one table', () => {
    const subnets = Object.values(made().all('aws_route_table_association')).map(({ subnet_id }) => subnet_id);
    expect(new Set(subnets).size).toBe(9);
    expect(subnets).toHaveLength(9);
  });
});

describe('ways out', () => {
  it('lead through the zone’s own gateway, and never out of the database tier', () => {
    expect(defaultRoutes(made())).toEqual({
      'marketing-mcp-public': 'internet',
      'marketing-mcp-private-us-east-1a': 'us-east-1a',
      'marketing-mcp-private-us-east-1b': 'us-east-1b',
      'marketing-mcp-private-us-east-1c': 'us-east-1c',
      'marketing-mcp-database': 'nowhere',
    });
  });

  it('are shared by the zones that have none', () => {
    expect(defaultRoutes(made({ natZones: zones.slice(0, 1) }))).toMatchObject({
      'marketing-mcp-private-us-east-1a': 'us-east-1a',
      'marketing-mcp-private-us-east-1b': 'us-east-1a',
      'marketing-mcp-private-us-east-1c': 'us-east-1a',
    });
    expect(defaultRoutes(made({ natZones: zones.slice(0, 2) }))['marketing-mcp-private-us-east-1c']).toBe('us-east-1a');
    expect(defaultRoutes(made({ natZones: zones.slice(1) }))).toMatchObject({
      'marketing-mcp-private-us-east-1a': 'us-east-1b',
      'marketing-mcp-private-us-east-1b': 'us-east-1b',
      'marketing-mcp-private-us-east-1c': 'us-east-1c',
    });
  });

  it('do not exist without gateways, but for public subnets', () => {
    const network = made({ natZones: [] });
    expect([count(network, 'aws_nat_gateway'), count(network, 'aws_eip')]).toEqual([0, 0]);
    expect(Object.values(defaultRoutes(network)).filter((target) => target !== 'nowhere')).toEqual(['internet']);
  });

  it.each([
    [3, 2, { aws_eip: 1, aws_nat_gateway: 1 }],
    [3, 1, { aws_eip: 2, aws_nat_gateway: 2 }],
    [3, 0, { aws_eip: 3, aws_nat_gateway: 3, aws_route: 3 }],
  ])('from %i gateways to %i takes nothing away but them', (before, after, gone) => {
    const kept = new Set(made({ natZones: zones.slice(0, after) }).addresses);
    const removed = made({ natZones: zones.slice(0, before) })
      .addresses.filter((address) => !kept.has(address))
      .map((address) => address.split('.')[0] ?? '');
    expect(
      Object.fromEntries(
        Object.entries(Object.groupBy(removed, (type) => type)).map(([type, all]) => [type, all?.length]),
      ),
    ).toEqual(gone);
    expect(kept.size).toBe(made({ natZones: zones.slice(0, before) }).addresses.length - removed.length);
  });

  it('keep the addresses that were allow-listed', () => {
    const network = made({
      natAddresses: { 'us-east-1a': 'eipalloc-1', 'us-east-1b': 'eipalloc-2', 'us-east-1c': 'eipalloc-3' },
    });
    const ids = Object.values(network.all('aws_nat_gateway')).map(({ allocation_id }) => allocation_id);
    expect(ids.toSorted()).toEqual(['eipalloc-1', 'eipalloc-2', 'eipalloc-3']);
    expect(count(network, 'aws_eip')).toBe(0);
  });

  it('wait for the internet gateway', () => {
    const [gateway] = Object.values(made().all('aws_nat_gateway'));
    expect(gateway?.depends_on).toEqual([expect.stringMatching(/^aws_internet_gateway\./)]);
  });
});

describe('a tier without subnets', () => {
  it('leaves nothing behind', () => {
    const { addresses } = made({ tiers: { public: {}, private: tier(11), database: {} }, natZones: [] });
    expect(addresses.filter((address) => /public|database|internet|nat/.test(address))).toEqual([]);
  });

  it('still has an internet gateway where a CloudFront VPC origin asks for it', () => {
    const network = made({ tiers: { ...props.tiers, public: {} }, natZones: [], edgeOrigin: true });
    expect([count(network, 'aws_internet_gateway'), count(network, 'aws_route')]).toEqual([1, 0]);
  });
});

describe('another zone', () => {
  it('moves nothing', () => {
    const network = (size: number) =>
      made({
        tiers: { public: tier(1, size), private: tier(11, size), database: tier(21, size) },
        natZones: zones.slice(0, size),
      });
    const [two, three] = [network(2), network(3)];
    expect(three.addresses).toEqual(expect.arrayContaining([...two.addresses]));
    for (const address of two.addresses) {
      const [type = '', name = ''] = address.split('.');
      const lists = ['route_table_ids', 'subnet_ids'];
      const without = (block: object | undefined) =>
        Object.fromEntries(Object.entries(block ?? {}).filter(([key]) => !lists.includes(key)));
      expect(without(three.all(type)[name])).toEqual(without(two.all(type)[name]));
    }
  });
});
