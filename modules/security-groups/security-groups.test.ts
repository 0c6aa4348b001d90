import { type Block, synthesized } from '../testing/synthesized.ts';
import type { Participants } from './matrix.ts';
import { SecurityGroups } from './security-groups.ts';

const marketing: Participants = {
  appPorts: [3000],
  loadBalancer: { port: 443, sources: [], vpcLink: true },
  internetPorts: [443],
  gateways: { s3: 'pl-s3', dynamodb: 'pl-dynamodb' },
  endpoints: true,
  databasePort: 5432,
  cachePort: 6379,
};
const made = (changes: Partial<Participants> = {}) =>
  synthesized(
    (stack) =>
      new SecurityGroups(stack, 'groups', { vpcId: 'vpc-1', namePrefix: 'marketing-mcp', ...marketing, ...changes }),
  );

const group = (value: unknown): string => String(value).replace(/.*security_group_(\w+)\.id.*/, '$1');
const peer = (rule: Block): string =>
  String(rule.cidr_ipv4 ?? rule.prefix_list_id ?? group(rule.referenced_security_group_id));
/** `group <- peer:port` and `group -> peer:port` of every rule. */
const rules = (changes: Partial<Participants> = {}): string[] => {
  const groups = made(changes);
  const read = (type: string, arrow: string) =>
    Object.values(groups.all(type)).map(
      (rule) => `${group(rule.security_group_id)} ${arrow} ${peer(rule)}:${rule.from_port}`,
    );
  return [
    ...read('aws_vpc_security_group_ingress_rule', '<-'),
    ...read('aws_vpc_security_group_egress_rule', '->'),
  ].toSorted();
};

describe('the security groups', () => {
  it('let through the matrix and nothing else', () => {
    expect(rules()).toEqual([
      'cache <- tasks:6379',
      'database <- tasks:5432',
      'endpoints <- tasks:443',
      'load_balancer -> tasks:3000',
      'load_balancer <- vpc_link:443',
      'tasks -> 0.0.0.0/0:443',
      'tasks -> cache:6379',
      'tasks -> database:5432',
      'tasks -> endpoints:443',
      'tasks -> pl-dynamodb:443',
      'tasks -> pl-s3:443',
      'tasks <- load_balancer:3000',
      'vpc_link -> load_balancer:443',
    ]);
  });

  it('have rules of one port, TCP, and a description AWS takes', () => {
    const groups = made({
      loadBalancer: { port: 443, sources: [{ name: '203.0.113.0/24', cidr: '203.0.113.0/24' }], vpcLink: true },
    });
    const all = ['ingress', 'egress'].flatMap((way) => Object.values(groups.all(`aws_vpc_security_group_${way}_rule`)));
    expect(all.length).toBeGreaterThan(10);
    for (const { ip_protocol, from_port, to_port, description } of all) {
      expect([ip_protocol, from_port]).toEqual(['tcp', to_port]);
      expect(description).toMatch(/^[\w .:/()#,@[\]+=&;{}!$*-]{10,255}$/);
    }
  });

  it('are named after the part that has them', () => {
    const names = Object.values(made().all('aws_security_group')).map(({ name }) => name);
    expect(names.toSorted()).toEqual(
      ['alb', 'cache', 'database', 'endpoints', 'tasks', 'vpc-link'].map((name) => `marketing-mcp-${name}-sg`),
    );
  });

  it('admit sources at the port and its redirect', () => {
    const cloudFront = { name: 'cloudfront', prefixListId: 'pl-edge' };
    const internet = { name: 'internet', cidr: '0.0.0.0/0' };
    const into = (loadBalancer: Participants['loadBalancer']) =>
      rules({ loadBalancer }).filter((rule) => rule.startsWith('load_balancer <-'));
    expect(into({ port: 443, sources: [cloudFront], vpcLink: false })).toEqual(['load_balancer <- pl-edge:443']);
    expect(into({ port: 443, redirectPort: 80, sources: [internet], vpcLink: false })).toEqual([
      'load_balancer <- 0.0.0.0/0:443',
      'load_balancer <- 0.0.0.0/0:80',
    ]);
  });

  it('open the port of each colour', () => {
    expect(rules({ appPorts: [8000, 8001] }).filter((rule) => rule.startsWith('tasks <-'))).toEqual([
      'tasks <- load_balancer:8000',
      'tasks <- load_balancer:8001',
    ]);
  });

  it('of a function are what it calls', () => {
    const alone = {
      appPorts: [],
      loadBalancer: undefined,
      internetPorts: [],
      gateways: {},
      endpoints: false,
      cachePort: undefined,
    };
    expect(rules(alone)).toEqual(['database <- tasks:5432', 'tasks -> database:5432']);
    expect(Object.keys(made(alone).all('aws_security_group')).toSorted()).toEqual([
      'security_group_database',
      'security_group_tasks',
    ]);
  });

  it('leave the tasks theirs when nothing speaks to them', () => {
    const silent = {
      appPorts: [],
      loadBalancer: undefined,
      internetPorts: [],
      gateways: {},
      endpoints: false,
      databasePort: undefined,
      cachePort: undefined,
    };
    expect(Object.keys(made(silent).all('aws_security_group'))).toEqual(['security_group_tasks']);
  });

  it('keep the addresses of the others when one is added', () => {
    const before = made({ cachePort: undefined, endpoints: false }).addresses;
    expect(made().addresses).toEqual(expect.arrayContaining([...before]));
  });
});
