/** Security groups, routes, NAT gateways and network ACLs as AWS tells of them. */
import { appliedNames } from '../applied.ts';
import type { NetworkSeen } from '../readback/network.ts';
import { primary, type RegionSeen, type Told } from '../seen.ts';

const cloudFront = 'pl-3b927c52';
const anyone = '0.0.0.0/0';

/** Who opens connections to whom: the whole matrix of each environment. `gateway` is an endpoint of S3 or DynamoDB. */
const flows: Readonly<Record<string, readonly string[]>> = {
  dev: ['vpc-link > alb:443', 'alb > tasks:3000', `tasks > ${anyone}:443`],
  staging: [
    `${cloudFront} > alb:443`,
    'vpc-link > alb:443',
    'alb > tasks:3000',
    `tasks > ${anyone}:443`,
    'tasks > database:5432',
    'tasks > cache:6379',
  ],
  prod: [
    `${cloudFront} > alb:443`,
    'vpc-link > alb:443',
    'alb > tasks:3000',
    `tasks > ${anyone}:443`,
    'tasks > endpoints:443',
    'tasks > database:5432',
    'tasks > cache:6379',
  ],
  'examples/marketing/prod': [
    `${cloudFront} > alb:443`,
    'vpc-link > alb:443',
    'alb > tasks:3000',
    `tasks > ${anyone}:443`,
    'tasks > endpoints:443',
  ],
  'examples/tag-governance/prod': [
    `${anyone} > alb:80`,
    `${anyone} > alb:443`,
    'alb > tasks:8080',
    `tasks > ${anyone}:443`,
    'tasks > database:5432',
    'tasks > cache:6379',
  ],
  'examples/alerts/prod': [`${anyone} > alb:80`, `${anyone} > alb:443`, 'alb > tasks:8000', `tasks > ${anyone}:443`],
  'examples/market-data/dev': [
    `${anyone} > alb:80`,
    `${anyone} > alb:443`,
    'alb > tasks:8001',
    `tasks > ${anyone}:443`,
  ],
  'examples/startup/staging': [
    `${anyone} > alb:80`,
    `${anyone} > alb:443`,
    'alb > tasks:3000',
    `tasks > ${anyone}:443`,
    'tasks > database:5432',
  ],
};

const groups = ['vpc-link', 'alb', 'tasks', 'endpoints', 'database', 'cache'];

/** The rules that let a flow through: one out where it begins in a group, one in where it ends in one. */
const rulesOf = (flow: string): string[] => {
  const [from = '', to = '', port = ''] = flow.split(/ > |:/);
  const named = (peer: string): string => (groups.includes(peer) ? `${peer}-sg` : peer);
  return [
    ...(groups.includes(from) ? [`${from}-sg -> ${named(to)}:${port}`] : []),
    ...(groups.includes(to) ? [`${to}-sg <- ${named(from)}:${port}`] : []),
  ];
};
const gateways = ['tasks > gateway:443', 'tasks > gateway:443'];
/** AWS chooses the ids of the gateway endpoints' lists. */
const withoutIds = (rule: string): string => rule.replace(/pl-(?!3b927c52)\w+/, 'gateway');

/** Where the internet is from the private subnets. */
const nat: Readonly<Record<string, 'one gateway' | 'the zone’s gateway' | 'nowhere'>> = {
  dev: 'one gateway',
  staging: 'one gateway',
  prod: 'the zone’s gateway',
  'examples/marketing/prod': 'the zone’s gateway',
  'examples/tag-governance/prod': 'the zone’s gateway',
  'examples/alerts/prod': 'the zone’s gateway',
  'examples/startup/staging': 'nowhere',
};

const waysFrom = ({ ways }: NetworkSeen, tier: string): [zone: string, way: string][] =>
  Object.entries(ways).flatMap(([place, way]) => (place.startsWith(tier) ? [[place.split(' ')[1] ?? '', way]] : []));

const networkOf = ({ network }: RegionSeen): NetworkSeen => {
  if (network === undefined) throw new Error('has no VPC');
  return network;
};

/** Inbound rules of a network ACL up to the first that lets anyone in. */
const beforeAnyone = (rules: readonly string[]): readonly string[] =>
  rules.slice(0, rules.findIndex((rule) => rule.startsWith('allow') && rule.endsWith(anyone)) >>> 0);

export const checkNetwork = (told: Told): void => {
  describe('security groups', () => {
    it.each(Object.entries(flows))('of %s let through the matrix and nothing else', async (name, matrix) => {
      const { rules } = networkOf(await primary(told, name));
      const expected = [...matrix, ...gateways].flatMap(rulesOf);
      expect(rules.map(withoutIds).toSorted()).toEqual(expected.toSorted());
    });

    it.each(Object.keys(flows))('of %s say why, and the default group lets nothing through', async (name) => {
      for (const region of await told(name))
        expect(networkOf(region)).toMatchObject({ unexplained: [], defaultRules: [] });
    });

    it('are the same in every region', async () => {
      const regions = (await told('examples/market-data/dev')).map(networkOf);
      expect(regions).toHaveLength(3);
      for (const { rules } of regions) expect(rules.map(withoutIds)).toEqual(regions[0]?.rules.map(withoutIds));
    });

    it('are none without a VPC', async () => {
      expect((await primary(told, 'examples/startup/prod')).network).toBeUndefined();
      expect(appliedNames.toSorted()).toEqual([...Object.keys(flows), 'examples/startup/prod'].toSorted());
    });
  });

  describe('packets to the internet', () => {
    it.each(Object.entries(nat))('from private subnets of %s go to %s', async (name, way) => {
      const network = networkOf(await primary(told, name));
      const taken = waysFrom(network, 'private');
      expect(taken.length).toBeGreaterThan(1);
      for (const [zone, gateway] of taken) {
        if (way === 'nowhere') expect(gateway).toBe('nowhere');
        else expect(Object.keys(network.natGateways)).toContain(gateway);
        if (way === 'the zone’s gateway') expect(network.natGateways[gateway]).toBe(zone);
      }
      const count = { 'one gateway': 1, 'the zone’s gateway': taken.length, nowhere: 0 }[way];
      expect(Object.keys(network.natGateways)).toHaveLength(count);
    });

    it.each(Object.keys(flows))('leave %s from public subnets by its own gateway, and no database’s', async (name) => {
      for (const region of await told(name)) {
        const network = networkOf(region);
        expect(new Set(waysFrom(network, 'public').map(([, way]) => way))).toEqual(new Set(['igw']));
        for (const [, way] of waysFrom(network, 'database')) expect(way).toBe('nowhere');
      }
    });

    it('have no NAT gateway in the market-data server’s regions', async () => {
      for (const region of await told('examples/market-data/dev')) {
        expect(networkOf(region).natGateways).toEqual({});
        expect(waysFrom(networkOf(region), 'private')).toEqual([]);
      }
    });
  });

  describe('network ACLs', () => {
    it.each(Object.keys(flows))('of %s refuse SSH and RDP before anyone is let in', async (name) => {
      const { accessLists } = networkOf(await primary(told, name));
      expect(Object.keys(accessLists)).toContain('public');
      for (const rules of Object.values(accessLists))
        expect(beforeAnyone(rules)).toEqual(
          expect.arrayContaining([`deny 22 from ${anyone}`, `deny 3389 from ${anyone}`]),
        );
    });

    it.each([
      ['staging', ['5432', '6379']],
      ['examples/tag-governance/prod', ['5432', '6379']],
      ['dev', []],
    ])('of %s let the VPC alone into the database subnets, at %j, and their own answers', async (name, ports) => {
      const { network, settings } = await primary(told, name);
      const allowed = network?.accessLists.database?.filter((rule) => rule.startsWith('allow')) ?? [];
      const { vpc_cidr, database_cidrs } = settings;
      expect(allowed.slice(0, ports.length)).toEqual(ports.map((port) => `allow ${port} from ${vpc_cidr}`));
      const own = ports.length > 0 ? database_cidrs : [];
      expect(allowed.slice(ports.length)).toEqual(own.map((cidr) => `allow 1024-65535 from ${cidr}`));
    });
  });

  describe('endpoints', () => {
    it.each([
      ['prod', ['dynamodb', 'ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager']],
      ['examples/marketing/prod', ['dynamodb', 's3', 'secretsmanager']],
      ['dev', ['dynamodb', 's3']],
    ])('of %s are %j', async (name, services) => {
      expect(networkOf(await primary(told, name)).endpoints).toEqual(services);
    });
  });
};
