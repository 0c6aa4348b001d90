/** What an environment consists of, decided once from its settings, so that no two modules decide it differently. */
import type { Settings } from './resolve.ts';

export interface Shape {
  readonly containers: boolean;
  readonly vpc: boolean;
  /** An application load balancer is there now; target groups and services stay while it is switched off. */
  readonly loadBalancer: boolean;
  readonly targetGroups: boolean;
  readonly httpApi: boolean;
  readonly vpcLink: boolean;
  readonly distribution: boolean;
  readonly authorizer: boolean;
  /** Where the web ACL is attached. */
  readonly waf: 'none' | 'distribution' | 'load-balancer';
  /** Tasks get public addresses: there is no NAT to reach the internet through. */
  readonly publicTasks: boolean;
  /** The load balancer ends TLS. Otherwise it serves HTTP on 80. */
  readonly tls: boolean;
  readonly colours: readonly ('blue' | 'green')[];
  /** Two regions share their tables, which are copied between them; only the home writes. */
  readonly sharedState: boolean;
  /** Route 53 answers with this region or with others, by their health. */
  readonly oneOfRegions: boolean;
}

export const shapeOf = (settings: Settings): Shape => {
  const containers = settings.compute_mode !== 'lambda';
  const lambda = !containers;
  const targetGroups = containers;
  const loadBalancer = targetGroups && settings.alb_enabled;
  const distribution = settings.ingress_mode === 'edge';
  const httpApi = settings.ingress_mode === 'api-gateway' || lambda || (distribution && settings.rest_facade);
  const wafOn = settings.waf !== 'off' && (distribution || loadBalancer);
  return {
    containers,
    vpc: containers || settings.store_mode === 'postgres' || settings.cache_enabled,
    loadBalancer,
    targetGroups,
    httpApi,
    vpcLink: httpApi && containers,
    distribution,
    authorizer: httpApi && settings.auth !== 'none',
    waf: wafOn ? (distribution ? 'distribution' : 'load-balancer') : 'none',
    publicTasks: containers && settings.nat_mode === 'none' && settings.vpc_endpoints.length === 0,
    tls: settings.domain_name !== undefined,
    sharedState: settings.home_region !== undefined && settings.container === 'countersign',
    oneOfRegions: settings.latency_routing || settings.home_region !== undefined,
    colours: settings.compute_mode === 'fargate' && settings.blue_green ? ['blue', 'green'] : ['blue'],
  };
};

/** NAT gateways that `nat_mode` asks for, at most one a zone. */
export const natGateways = (settings: Settings): number => {
  const zones = settings.availability_zones.length;
  switch (settings.nat_mode) {
    case 'none':
      return 0;
    case 'single':
      return 1;
    case 'per-az':
      return zones;
    default:
      return settings.nat_mode;
  }
};

/** Ports of the stores, as security groups open them and the stores listen. */
export const storePorts = { database: 5432, cache: 6379 } as const;
