/** Who may open a connection to whom: the whole of what the security groups let through. */

/** Parts of an environment that have a group of their own. */
const groupOwners = ['vpcLink', 'loadBalancer', 'tasks', 'endpoints', 'database', 'cache'] as const;
export type GroupOwner = (typeof groupOwners)[number];

/** Something without a group: a CIDR block or a managed prefix list. `name` stands in addresses and descriptions. */
export type Outside = { readonly name: string } & ({ readonly cidr: string } | { readonly prefixListId: string });
export type Peer = GroupOwner | Outside;

export interface Flow {
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
  readonly why: string;
}

export interface Participants {
  /** Ports the container listens on, of each colour. */
  readonly appPorts: readonly number[];
  /** Default: there is none, and nobody connects to the tasks. */
  readonly loadBalancer?:
    | {
        /** Port the service is reached at. */
        readonly port: number;
        /** Port that only redirects there. */
        readonly redirectPort?: number | undefined;
        readonly sources: readonly Outside[];
        /** An HTTP API reaches it through a VPC link. */
        readonly vpcLink: boolean;
      }
    | undefined;
  /** Ports tasks may call on the internet; empty where they cannot reach it. */
  readonly internetPorts: readonly number[];
  /** Prefix lists of the gateway endpoints, by service. */
  readonly gateways: Readonly<Record<string, string>>;
  /** Interface endpoints. */
  readonly endpoints: boolean;
  readonly databasePort?: number | undefined;
  readonly cachePort?: number | undefined;
}

const https = 443;

const ingressFlows = ({ loadBalancer, appPorts }: Participants): Flow[] => {
  if (loadBalancer === undefined) return [];
  const { port, redirectPort, sources, vpcLink } = loadBalancer;
  const to = 'loadBalancer';
  return [
    ...(vpcLink ? [{ from: 'vpcLink', to, port, why: 'Requests of the HTTP API' } as const] : []),
    ...sources.flatMap((from) => [
      { from, to, port, why: 'Requests' } as const,
      ...(redirectPort === undefined ? [] : [{ from, to, port: redirectPort, why: 'Redirected to https' } as const]),
    ]),
    ...appPorts.map((app) => ({ from: to, to: 'tasks', port: app, why: 'Requests and health checks' }) as const),
  ];
};

const taskFlows = ({ internetPorts, gateways, endpoints, databasePort, cachePort }: Participants): Flow[] => {
  const from = 'tasks';
  const internet: Outside = { name: 'internet', cidr: '0.0.0.0/0' };
  return [
    ...internetPorts.map((port) => ({ from, to: internet, port, why: 'AWS and other services' }) as const),
    ...Object.entries(gateways).map(
      ([name, prefixListId]) => ({ from, to: { name, prefixListId }, port: https, why: 'Gateway endpoint' }) as const,
    ),
    ...(endpoints ? [{ from, to: 'endpoints', port: https, why: 'AWS services inside the VPC' } as const] : []),
    ...(databasePort === undefined ? [] : [{ from, to: 'database', port: databasePort, why: 'PostgreSQL' } as const]),
    ...(cachePort === undefined ? [] : [{ from, to: 'cache', port: cachePort, why: 'Cache' } as const]),
  ];
};

export const flows = (participants: Participants): readonly Flow[] => [
  ...ingressFlows(participants),
  ...taskFlows(participants),
];

/** Roles that somebody plays: all that a flow names, and the tasks. */
export const rolesIn = (all: readonly Flow[]): readonly GroupOwner[] => {
  const named = new Set<Peer>(all.flatMap(({ from, to }) => [from, to]));
  return groupOwners.filter((role) => role === 'tasks' || named.has(role));
};
