/** A VPC with its tiers: what is where, and what leads out of it. */
import { Construct } from 'constructs';
import { AccessList } from './access-list.ts';
import { FlowLogs } from './flow-logs.ts';
import { GatewayEndpoints, type GatewayService } from './gateway-endpoints.ts';
import { NatGateways } from './nat-gateways.ts';
import { RouteTable } from './route-table.ts';
import { Subnets, type SubnetTier } from './subnets.ts';
import { databaseRules, privateRules, publicRules, type TierTraffic } from './tier-rules.ts';
import { Vpc } from './vpc.ts';
import { type ByZone, eachZone } from './zone.ts';

export interface NetworkProps {
  readonly name: string;
  /** Start of the names of everything in it. */
  readonly namePrefix: string;
  readonly region: string;
  readonly accountId: string;
  readonly cidr: string;
  /** CIDR block of each subnet; a tier without subnets is not made. */
  readonly tiers: Readonly<Record<SubnetTier, ByZone>>;
  /** Attaches an internet gateway though there is no public subnet, for a CloudFront VPC origin. Default: false. */
  readonly edgeOrigin?: boolean;
  /** Zones with a NAT gateway, each with a public subnet. The other zones share them. */
  readonly natZones: readonly string[];
  /** Allocation ids of NAT addresses to reuse. Default: new ones. */
  readonly natAddresses?: ByZone;
  /** Accounts whose buckets and tables are reached through the gateway endpoints. */
  readonly accounts: readonly string[];
  /** ARNs of S3 objects of other accounts that may be read through them. */
  readonly readableObjects: readonly string[];
  /** What may cross the borders of the tiers. Default: no network ACLs. */
  readonly accessLists?: Omit<TierTraffic, 'vpcCidr' | 'databaseCidrs' | 'nat'> | undefined;
  /** Default: no flow logs. */
  readonly flowLogs?: { readonly retentionDays: number; readonly customerManagedKey: boolean } | undefined;
}

const rulesOf = { public: publicRules, private: privateRules, database: databaseRules } as const;

export class Network extends Construct {
  readonly vpcId: string;
  readonly subnets: Readonly<Record<SubnetTier, ByZone>>;
  readonly prefixListIds: Readonly<Record<GatewayService, string>>;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, namePrefix, cidr, tiers, edgeOrigin = false } = props;
    const internetGateway = edgeOrigin || Object.keys(tiers.public).length > 0;
    const vpc = new Vpc(this, 'vpc', { name, cidr, internetGateway });
    this.vpcId = vpc.id;
    const tier = (which: SubnetTier) =>
      new Subnets(this, which, { vpcId: vpc.id, namePrefix, tier: which, cidrs: tiers[which] }).ids;
    this.subnets = { public: tier('public'), private: tier('private'), database: tier('database') };
    const routeTableIds = [
      ...this.#publicRoutes(namePrefix, vpc),
      ...this.#privateRoutes(namePrefix, this.#natGateways(props, vpc)),
    ];
    this.#databaseRoutes(namePrefix);
    this.prefixListIds = new GatewayEndpoints(this, 'gateway', {
      ...props,
      vpcId: vpc.id,
      routeTableIds,
    }).prefixListIds;
    this.#accessLists(props);
    const { region, accountId, flowLogs } = props;
    if (flowLogs !== undefined)
      new FlowLogs(this, 'flow-logs', { vpcId: vpc.id, namePrefix, region, accountId, ...flowLogs });
  }

  #natGateways({ namePrefix, natZones, natAddresses }: NetworkProps, { internetGateway }: Vpc): ByZone {
    if (internetGateway === undefined) return {};
    const subnets = Object.fromEntries(Object.entries(this.subnets.public).filter(([zone]) => natZones.includes(zone)));
    return new NatGateways(this, 'nat', { namePrefix, subnets, allocationIds: natAddresses, internetGateway }).ids;
  }

  #publicRoutes(namePrefix: string, { id: vpcId, internetGateway }: Vpc): string[] {
    const subnets = this.subnets.public;
    if (internetGateway === undefined || Object.keys(subnets).length === 0) return [];
    const defaultRoute = { gatewayId: internetGateway.id };
    return [new RouteTable(this, 'public-routes', { vpcId, name: `${namePrefix}-public`, subnets, defaultRoute }).id];
  }

  /** One table a zone, so that a zone leaves through its own gateway and a change of one touches no other. */
  #privateRoutes(namePrefix: string, gateways: ByZone): string[] {
    const shared = Object.values(gateways);
    const zones = Object.keys(this.subnets.private);
    const tables = eachZone(this.subnets.private, (zone, subnet) => {
      const natGatewayId = gateways[zone] ?? shared[zones.indexOf(zone) % shared.length];
      return new RouteTable(this, `private-routes-${zone}`, {
        vpcId: this.vpcId,
        name: `${namePrefix}-private-${zone}`,
        subnets: { [zone]: subnet },
        defaultRoute: natGatewayId === undefined ? undefined : { natGatewayId },
      }).id;
    });
    return Object.values(tables);
  }

  #databaseRoutes(namePrefix: string): void {
    const subnets = this.subnets.database;
    if (Object.keys(subnets).length > 0)
      new RouteTable(this, 'database-routes', { vpcId: this.vpcId, name: `${namePrefix}-database`, subnets });
  }

  #accessLists({ namePrefix, cidr, tiers, natZones, accessLists }: NetworkProps): void {
    if (accessLists === undefined) return;
    const databaseCidrs = Object.values(tiers.database);
    const traffic: TierTraffic = { ...accessLists, vpcCidr: cidr, databaseCidrs, nat: natZones.length > 0 };
    for (const tier of ['public', 'private', 'database'] as const) {
      const subnetIds = Object.values(this.subnets[tier]);
      if (subnetIds.length > 0)
        new AccessList(this, `${tier}-acl`, {
          vpcId: this.vpcId,
          name: `${namePrefix}-${tier}`,
          subnetIds,
          ...rulesOf[tier](traffic),
        });
    }
  }
}
