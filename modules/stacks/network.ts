/** The VPC with its subnets, gateways and endpoints, and the security groups. */
import { Construct } from 'constructs';
import { assumedBy } from '../../contracts/packs/index.ts';
import { natGateways, storePorts } from '../../contracts/settings/shape.ts';
import { InterfaceEndpoints } from '../network/interface-endpoints.ts';
import { Network, type NetworkProps } from '../network/network.ts';
import type { ByZone } from '../network/zone.ts';
import type { Outside, Participants } from '../security-groups/matrix.ts';
import { SecurityGroups } from '../security-groups/security-groups.ts';
import type { Deployment } from './deployment.ts';
import type { NetworkOutputs } from './outputs.ts';

/** Tasks or functions have a way to the internet. */
export const reachesInternet = ({ settings, shape }: Deployment): boolean =>
  natGateways(settings) > 0 || shape.publicTasks;

const byZone = (zones: readonly string[], values: readonly string[]): ByZone =>
  Object.fromEntries(zones.flatMap((zone, index) => (values[index] === undefined ? [] : [[zone, values[index]]])));

const https = 443;
export const egressPorts = ({ settings }: Deployment) => [https, ...settings.task_egress_ports];

/** S3 objects of AWS that tasks read: anywhere with the internet at hand, else what it takes to start one. */
export const readableObjects = (deployment: Deployment): string[] => {
  const { region, settings } = deployment;
  // *: images and public data lie in buckets that nobody here can name.
  if (reachesInternet(deployment)) return ['arn:aws:s3:::*/*'];
  return [
    // docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html: layers of images.
    `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
    // docs.aws.amazon.com/linux/al2023/ug/ec2-vpc-endpoint.html: packages of Amazon Linux.
    ...(settings.compute_mode === 'ec2' ? [`arn:aws:s3:::al2023-repos-${region}-de612dc2/*`] : []),
  ];
};

const sourcesOf = ({ settings, shape }: Deployment): readonly Outside[] => {
  const { cloudfront_prefix_list_id: cloudFront, vpc_cidr: vpcCidr, alb_sources, alb_internal } = settings;
  if (shape.distribution) return cloudFront === undefined ? [] : [{ name: 'cloudfront', prefixListId: cloudFront }];
  if (alb_internal) return shape.vpcLink || vpcCidr === undefined ? [] : [{ name: 'vpc', cidr: vpcCidr }];
  if (alb_sources.length === 0) return [{ name: 'internet', cidr: '0.0.0.0/0' }];
  return alb_sources.map((cidr) => ({ name: cidr, cidr }));
};

const loadBalancerOf = (deployment: Deployment): Participants['loadBalancer'] => {
  const { settings, shape } = deployment;
  if (!shape.loadBalancer) return undefined;
  return {
    port: shape.tls ? https : 80,
    // People type http; CloudFront, API Gateway and the VPC do not. CloudFront's list twice would not fit in a group.
    redirectPort: shape.tls && !settings.alb_internal && !shape.distribution ? 80 : undefined,
    sources: sourcesOf(deployment),
    vpcLink: shape.vpcLink,
  };
};

const participantsOf = (deployment: Deployment): Omit<Participants, 'gateways'> => {
  const { settings, shape } = deployment;
  const port = { blue: settings.port_blue, green: settings.port_green };
  return {
    appPorts: shape.targetGroups ? [...new Set(shape.colours.map((colour) => port[colour]))] : [],
    loadBalancer: loadBalancerOf(deployment),
    internetPorts: reachesInternet(deployment) ? egressPorts(deployment) : [],
    endpoints: settings.vpc_endpoints.length > 0,
    databasePort: settings.store_mode === 'postgres' ? storePorts.database : undefined,
    cachePort: settings.cache_enabled ? storePorts.cache : undefined,
  };
};

const accessListsOf = (
  deployment: Deployment,
  { appPorts, loadBalancer, databasePort, cachePort }: Omit<Participants, 'gateways'>,
): NetworkProps['accessLists'] => {
  const { settings, shape } = deployment;
  if (!settings.network_acls) return undefined;
  const listeners = [loadBalancer?.redirectPort, loadBalancer?.port].filter((port) => port !== undefined);
  return {
    publicPorts: settings.alb_internal ? [] : listeners,
    edgePort: settings.alb_internal && shape.distribution ? loadBalancer?.port : undefined,
    lowPorts: appPorts.filter((port) => port < 1024),
    egressPorts: egressPorts(deployment),
    publicTasks: shape.publicTasks,
    functions: !shape.containers,
    storePorts: [databasePort, cachePort].filter((port) => port !== undefined),
  };
};

/** A public tier is for containers, load balancers and NAT gateways; a function alone has no use for it. */
const tiersOf = ({ settings, shape }: Deployment): NetworkProps['tiers'] => {
  const { availability_zones: zones, public_cidrs, private_cidrs, database_cidrs } = settings;
  return {
    public: shape.containers || natGateways(settings) > 0 ? byZone(zones, public_cidrs) : {},
    private: byZone(zones, private_cidrs),
    database: byZone(zones, database_cidrs),
  };
};

const networkOf = (deployment: Deployment, participants: Omit<Participants, 'gateways'>): NetworkProps => {
  const { settings, shape, names, region } = deployment;
  const natZones = settings.availability_zones.slice(0, natGateways(settings));
  return {
    name: names.of('vpc'),
    namePrefix: settings.name_prefix,
    region,
    accountId: settings.account_id,
    // A rule of the settings demands it wherever there is a VPC.
    cidr: settings.vpc_cidr ?? '',
    tiers: tiersOf(deployment),
    edgeOrigin: shape.targetGroups && shape.distribution && settings.origin_access === 'vpc-origin',
    natZones,
    natAddresses: byZone(natZones, settings.nat_eip_allocation_ids),
    accounts: accountsOf(deployment),
    readableObjects: readableObjects(deployment),
    accessLists: accessListsOf(deployment, participants),
    flowLogs: settings.flow_logs
      ? { retentionDays: settings.log_retention_days, customerManagedKey: settings.encryption === 'cmk' }
      : undefined,
  };
};

/** The environment's own account, and those whose resources it may tag. */
const accountsOf = ({ settings }: Deployment): string[] => [
  ...new Set([settings.account_id, ...assumedBy(settings.tool_packs, settings).flatMap(({ accounts }) => accounts)]),
];

export class NetworkLayer extends Construct {
  readonly outputs: NetworkOutputs;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id);
    const { settings, region } = deployment;
    const participants = participantsOf(deployment);
    const network = new Network(this, 'vpc', networkOf(deployment, participants));
    const namePrefix = settings.name_prefix;
    const { ids: securityGroups } = new SecurityGroups(this, 'security-groups', {
      ...participants,
      vpcId: network.vpcId,
      namePrefix,
      gateways: network.prefixListIds,
    });
    if (securityGroups.endpoints !== undefined)
      new InterfaceEndpoints(this, 'endpoints', {
        vpcId: network.vpcId,
        namePrefix,
        region,
        services: settings.vpc_endpoints,
        subnetIds: Object.values(network.subnets.private),
        securityGroupId: securityGroups.endpoints,
        accounts: accountsOf(deployment),
      });
    this.outputs = {
      vpcId: network.vpcId,
      publicSubnets: network.subnets.public,
      privateSubnets: network.subnets.private,
      databaseSubnets: network.subnets.database,
      securityGroups,
    };
  }
}
