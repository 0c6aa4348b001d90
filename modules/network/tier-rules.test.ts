import type { AccessRule } from './access-list.ts';
import { databaseRules, privateRules, publicRules, type TierTraffic } from './tier-rules.ts';

const inside = '10.0.0.0/16';
const anyone = '0.0.0.0/0';
const databaseCidrs = ['10.0.21.0/24', '10.0.22.0/24'];
const traffic: TierTraffic = {
  vpcCidr: inside,
  publicPorts: [80, 443],
  egressPorts: [443],
  nat: true,
  publicTasks: false,
  functions: false,
  storePorts: [5432],
  databaseCidrs,
};
const publicTasks: Partial<TierTraffic> = { nat: false, publicTasks: true };

type Place = 'vpc' | 'internet' | 'database';
const seen: Readonly<Record<Place, readonly string[]>> = {
  internet: [anyone],
  vpc: [anyone, inside],
  database: [anyone, inside, '10.0.22.0/24'],
};

/** Whether a packet from or to a place passes; the first rule that fits decides, as in AWS. */
const passes = (rules: readonly AccessRule[], place: Place, port: number): boolean => {
  const fits = (rule: AccessRule) =>
    'from' in rule && rule.from <= port && port <= rule.to && seen[place].includes(rule.cidr);
  return rules.find(fits)?.action === 'allow';
};

const tiers = { public: publicRules, private: privateRules, database: databaseRules } as const;
type Case = [
  what: string,
  tier: keyof typeof tiers,
  way: 'ingress' | 'egress',
  place: Place,
  port: number,
  passes: boolean,
  changes?: Partial<TierTraffic>,
];

const cases: Case[] = [
  ['clients reach the load balancer', 'public', 'ingress', 'internet', 443, true],
  ['and its redirect', 'public', 'ingress', 'internet', 80, true],
  ['not where there is none', 'public', 'ingress', 'internet', 443, false, { publicPorts: [] }],
  ['it answers them', 'public', 'egress', 'internet', 50_000, true],
  ['and nobody else does', 'public', 'egress', 'internet', 50_000, false, { publicPorts: [] }],
  ['it reaches the tasks', 'public', 'egress', 'vpc', 3000, true],
  ['which let it in', 'private', 'ingress', 'vpc', 3000, true],
  ['and answer it', 'private', 'egress', 'vpc', 1024, true],
  ['at a port below 1024 too', 'public', 'egress', 'vpc', 80, true, { lowPorts: [80] }],
  ['where tasks are private', 'private', 'ingress', 'vpc', 80, true, { lowPorts: [80] }],
  ['and where the balancer is', 'private', 'egress', 'vpc', 80, true, { lowPorts: [80] }],
  [
    'and where tasks are public',
    'public',
    'ingress',
    'vpc',
    80,
    true,
    { ...publicTasks, publicPorts: [443], lowPorts: [80] },
  ],
  ['not where no task listens', 'private', 'ingress', 'vpc', 80, false],
  ['even at the port of RDP', 'public', 'ingress', 'vpc', 3389, true],
  ['tasks call the internet', 'private', 'egress', 'internet', 443, true],
  ['through the gateway', 'public', 'ingress', 'vpc', 443, true],
  ['which calls on', 'public', 'egress', 'internet', 443, true],
  ['and is answered at any high port', 'public', 'ingress', 'internet', 1024, true],
  ['so that the tasks get it', 'private', 'ingress', 'internet', 40_000, true],
  ['a further port works all the way', 'private', 'egress', 'internet', 587, true, { egressPorts: [443, 587] }],
  ['into the gateway', 'public', 'ingress', 'vpc', 587, true, { egressPorts: [443, 587] }],
  ['and out of it', 'public', 'egress', 'internet', 587, true, { egressPorts: [443, 587] }],
  ['other ports do not', 'private', 'egress', 'internet', 587, false],
  ['nor at the gateway', 'public', 'egress', 'internet', 587, false, { publicPorts: [] }],
  ['without gateway S3 is still called', 'private', 'egress', 'internet', 443, true, { nat: false }],
  ['a public task is reached by the load balancer', 'public', 'ingress', 'vpc', 8001, true, publicTasks],
  ['not by the internet', 'public', 'ingress', 'internet', 8001, false, publicTasks],
  ['it calls the internet', 'public', 'egress', 'internet', 443, true, publicTasks],
  ['and is answered', 'public', 'ingress', 'internet', 40_000, true, publicTasks],
  ['a function is answered at any high port', 'private', 'ingress', 'internet', 1024, true, { functions: true }],
  ['the internet does not reach a private load balancer', 'private', 'ingress', 'internet', 443, false],
  ['CloudFront’s VPC origin does', 'private', 'ingress', 'internet', 443, true, { edgePort: 443 }],
  ['and is answered', 'private', 'egress', 'internet', 1024, true, { edgePort: 443 }],
  ['the VPC link and endpoints are reached', 'private', 'ingress', 'vpc', 443, true],
  ['tasks reach the database', 'private', 'egress', 'vpc', 5432, true],
  ['which lets them in', 'database', 'ingress', 'vpc', 5432, true],
  ['and answers', 'database', 'egress', 'vpc', 40_000, true],
  ['nobody reaches a store that is not there', 'database', 'ingress', 'vpc', 6379, false],
  ['a replica is answered by its primary in another zone', 'database', 'ingress', 'database', 40_000, true],
  ['which it calls', 'database', 'egress', 'database', 6379, true],
  ['not where no store is', 'database', 'ingress', 'database', 40_000, false, { storePorts: [] }],
  ['the rest of the VPC calls no such port', 'database', 'ingress', 'vpc', 40_000, false],
  ['the internet never reaches it', 'database', 'ingress', 'internet', 5432, false],
  ['nor it the internet', 'database', 'egress', 'internet', 443, false],
  ...(['public', 'private', 'database'] as const).flatMap((tier): Case[] => [
    [`SSH into the ${tier} tier is refused`, tier, 'ingress', 'internet', 22, false],
    ['also from the VPC', tier, 'ingress', 'vpc', 22, false],
    [`RDP into the ${tier} tier is refused`, tier, 'ingress', 'internet', 3389, false, { functions: true }],
  ]),
];

describe('what crosses a tier’s border', () => {
  it.each(cases)('%s (%s %s, %s:%i): %s', (_, tier, way, place, port, expected, changes = {}) => {
    expect(passes(tiers[tier]({ ...traffic, ...changes })[way], place, port)).toBe(expected);
  });

  it('is refused by a rule, not only for want of one, where it is SSH or RDP', () => {
    for (const rules of Object.values(tiers)) {
      const denied = rules(traffic).ingress.filter(({ action }) => action === 'deny');
      expect(denied.map((rule) => 'from' in rule && rule.from)).toEqual([22, 3389]);
    }
  });

  it('fits into a network ACL of twenty rules at its fullest', () => {
    const fullest = { ...traffic, egressPorts: [443, 25, 80, 110, 465, 587, 993], edgePort: 443, publicTasks: true };
    for (const rules of Object.values(tiers))
      for (const list of Object.values(rules(fullest))) expect(list.length).toBeLessThan(20);
  });

  it('includes word of packets that are too large', () => {
    const word = { action: 'allow', cidr: anyone, icmpType: 3, icmpCode: 4 };
    expect(publicRules(traffic).ingress).toContainEqual(word);
    expect(publicRules(traffic).egress).toContainEqual(word);
    expect(privateRules(traffic).ingress).toContainEqual(word);
  });
});
