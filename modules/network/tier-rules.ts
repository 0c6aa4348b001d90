/**
 * Rules of the network ACLs, by tier. They see single packets, so every answer needs a rule too. DNS, time, and the
 * metadata of tasks and instances are not subject to them.
 */
import type { AccessRule } from './access-list.ts';

export interface TierTraffic {
  readonly vpcCidr: string;
  /** Ports at which anyone may reach a load balancer in the public subnets. */
  readonly publicPorts: readonly number[];
  /** Port at which CloudFront reaches a private load balancer, from its own addresses. */
  readonly edgePort?: number | undefined;
  /** Ports of tasks below 1024; above, all are open inside the VPC. Default: none. */
  readonly lowPorts?: readonly number[];
  /** Ports on the internet that tasks call. */
  readonly egressPorts: readonly number[];
  /** Private subnets call the internet through NAT gateways. */
  readonly nat: boolean;
  /** Tasks stand in the public subnets. */
  readonly publicTasks: boolean;
  /** The service is a function, which takes any high port to call from. */
  readonly functions: boolean;
  /** Ports of the stores in the database subnets. */
  readonly storePorts: readonly number[];
  /** CIDR blocks of the database subnets. */
  readonly databaseCidrs: readonly string[];
}

interface TierRules {
  readonly ingress: readonly AccessRule[];
  readonly egress: readonly AccessRule[];
}

const anyone = '0.0.0.0/0';
const ssh = 22;
const rdp = 3389;
const https = 443;

// docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html: load balancers, NAT gateways and functions call
// from any high port, Linux from these. The narrow range keeps the internet away from the port of a public task.
const high = { from: 1024, to: 65_535 };
const linux = { from: 32_768, to: 60_999 };
const isLow = (port: number): boolean => port < high.from;

const allow = (cidr: string, from: number, to = from): AccessRule => ({ action: 'allow', cidr, from, to });
const allowEach = (cidr: string, ports: readonly number[]) => ports.map((port) => allow(cidr, port));
const deny = (port: number): AccessRule => ({ action: 'deny', cidr: anyone, from: port, to: port });
// RFC 792 "fragmentation needed": without it, a path with a smaller packet size swallows large answers.
const tooLarge: AccessRule = { action: 'allow', cidr: anyone, icmpType: 3, icmpCode: 4 };

/** The tier's own rules between the refusals of SSH and RDP. */
const guarded = (inside: readonly AccessRule[], outside: readonly AccessRule[]): readonly AccessRule[] => [
  deny(ssh),
  // Before RDP is refused: a load balancer may get an answer at that very port.
  ...inside,
  deny(rdp),
  ...outside,
];

export const publicRules = (traffic: TierTraffic): TierRules => {
  const { vpcCidr, publicPorts, lowPorts = [], egressPorts, nat, publicTasks } = traffic;
  const callsOut = nat || publicTasks;
  const answers = nat ? high : linux;
  return {
    ingress: guarded(
      [
        allow(vpcCidr, high.from, high.to),
        // What private subnets send through a NAT gateway passes here with its true destination port.
        ...allowEach(vpcCidr, [...new Set([...(nat ? egressPorts.filter(isLow) : []), ...lowPorts])]),
      ],
      [...allowEach(anyone, publicPorts), ...(callsOut ? [allow(anyone, answers.from, answers.to)] : []), tooLarge],
    ),
    egress: [
      tooLarge,
      allow(vpcCidr, high.from, high.to),
      ...allowEach(vpcCidr, lowPorts),
      ...(callsOut ? allowEach(anyone, egressPorts) : []),
      ...(publicPorts.length > 0 ? [allow(anyone, high.from, high.to)] : []),
    ],
  };
};

export const privateRules = (traffic: TierTraffic): TierRules => {
  const { vpcCidr, edgePort, lowPorts = [], egressPorts, nat, functions } = traffic;
  const answers = functions ? high : linux;
  return {
    ingress: guarded(
      // 443: private load balancer and interface endpoints. Above: tasks, stores, and answers to all of them.
      [
        allow(vpcCidr, https),
        allow(vpcCidr, high.from, high.to),
        ...allowEach(
          vpcCidr,
          lowPorts.filter((port) => port !== https),
        ),
      ],
      [...(edgePort === undefined ? [] : [allow(anyone, edgePort)]), allow(anyone, answers.from, answers.to), tooLarge],
    ),
    egress: [
      allow(vpcCidr, high.from, high.to),
      ...allowEach(vpcCidr, lowPorts),
      // S3 and DynamoDB have public addresses, also through gateway endpoints.
      ...allowEach(anyone, nat ? egressPorts : [https]),
      ...(edgePort === undefined ? [] : [allow(anyone, high.from, high.to)]),
    ],
  };
};

export const databaseRules = ({ vpcCidr, storePorts, databaseCidrs }: TierTraffic): TierRules => ({
  ingress: guarded(
    [
      ...allowEach(vpcCidr, storePorts),
      // A replica of a cache calls its primary in another zone's subnet, from any high port.
      ...(storePorts.length > 0 ? databaseCidrs.map((cidr) => allow(cidr, high.from, high.to)) : []),
    ],
    [],
  ),
  egress: storePorts.length > 0 ? [allow(vpcCidr, high.from, high.to)] : [],
});
