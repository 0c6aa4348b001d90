/** What the API tells of a VPC: who may connect to whom, where each subnet's packets go, what the network ACLs say. */
import {
  DescribeSecurityGroupsCommand,
  type NetworkAclEntry,
  paginateDescribeNatGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcs,
  type Subnet,
  type Tag,
} from '@aws-sdk/client-ec2';
import { all, type Clients } from '../clients.ts';

export interface NetworkSeen {
  /** `tasks -> database:5432`, `load-balancer <- 0.0.0.0/0:443`; sorted. */
  readonly rules: readonly string[];
  /** Rules without a description. */
  readonly unexplained: readonly string[];
  /** Rules of the VPC's default group. */
  readonly defaultRules: readonly string[];
  /** Where a packet to the internet goes, by subnet such as `private us-east-1a`: a gateway's id, or nowhere. */
  readonly ways: Readonly<Record<string, string>>;
  /** Zone of each NAT gateway, by its id. */
  readonly natGateways: Readonly<Record<string, string>>;
  /** Inbound rules by tier, in their order: `deny 22 from 0.0.0.0/0`. */
  readonly accessLists: Readonly<Record<string, readonly string[]>>;
  /** Services of the endpoints, without the region. */
  readonly endpoints: readonly string[];
}

const nameOf = (tags: readonly Tag[] | undefined): string => tags?.find(({ Key }) => Key === 'Name')?.Value ?? '';

const entry = ({ RuleAction, PortRange, CidrBlock, Protocol, IcmpTypeCode }: NetworkAclEntry): string => {
  const { From, To } = PortRange ?? {};
  const ports =
    Protocol === '1' ? `icmp ${IcmpTypeCode?.Type}/${IcmpTypeCode?.Code}` : From === To ? `${From}` : `${From}-${To}`;
  return `${RuleAction} ${ports} from ${CidrBlock}`;
};

export const readNetwork = async ({ ec2: client }: Clients, prefix: string): Promise<NetworkSeen | undefined> => {
  const vpcs = await all(paginateDescribeVpcs({ client }, {}), ({ Vpcs }) => Vpcs);
  const vpc = vpcs.find(({ IsDefault }) => IsDefault !== true)?.VpcId;
  if (vpc === undefined) return undefined;
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { SecurityGroups = [] } = await client.send(new DescribeSecurityGroupsCommand({ Filters }));
  const role = new Map(
    SecurityGroups.map(({ GroupId, GroupName = '' }) => [GroupId, GroupName.replace(`${prefix}-`, '')]),
  );
  const everyRule = await all(paginateDescribeSecurityGroupRules({ client }, {}), (page) => page.SecurityGroupRules);
  const found = everyRule
    .filter(({ GroupId }) => role.has(GroupId))
    .map((rule) => {
      const peer = role.get(rule.ReferencedGroupInfo?.GroupId) ?? rule.PrefixListId ?? rule.CidrIpv4 ?? rule.CidrIpv6;
      const ports = rule.FromPort === rule.ToPort ? rule.FromPort : `${rule.FromPort}-${rule.ToPort}`;
      const text = `${role.get(rule.GroupId)} ${rule.IsEgress === true ? '->' : '<-'} ${peer}:${ports}`;
      return { text, group: role.get(rule.GroupId), told: rule.Description ?? '' };
    });
  const own = found.filter(({ group }) => group !== 'default');
  const subnets = await all(paginateDescribeSubnets({ client }, { Filters }), ({ Subnets }) => Subnets);
  const place = ({ Tags, AvailabilityZone = '' }: Subnet): string =>
    `${/public|private|database/.exec(nameOf(Tags))?.[0]} ${AvailabilityZone}`;
  const tables = await all(paginateDescribeRouteTables({ client }, { Filters }), ({ RouteTables }) => RouteTables);
  const way = ({ SubnetId }: Subnet): string => {
    const table = tables.find(({ Associations }) => Associations?.some((one) => one.SubnetId === SubnetId));
    const route = table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0');
    return route?.NatGatewayId ?? route?.GatewayId?.replace(/^(igw)-.*/, '$1') ?? 'nowhere';
  };
  const gateways = await all(paginateDescribeNatGateways({ client }, { Filter: Filters }), (page) => page.NatGateways);
  const lists = await all(paginateDescribeNetworkAcls({ client }, { Filters }), ({ NetworkAcls }) => NetworkAcls);
  const endpoints = await all(
    paginateDescribeVpcEndpoints({ client }, { Filters }),
    ({ VpcEndpoints }) => VpcEndpoints,
  );
  const zone = (id: string | undefined): string =>
    subnets.find(({ SubnetId }) => SubnetId === id)?.AvailabilityZone ?? '';
  return {
    rules: own.map(({ text }) => text).sort(),
    unexplained: own.filter(({ told }) => told === '').map(({ text }) => text),
    defaultRules: found.filter(({ group }) => group === 'default').map(({ text }) => text),
    ways: Object.fromEntries(subnets.map((subnet) => [place(subnet), way(subnet)]).sort()),
    natGateways: Object.fromEntries(
      gateways
        .filter(({ State }) => State === 'available')
        .map(({ NatGatewayId, SubnetId }) => [NatGatewayId, zone(SubnetId)]),
    ),
    accessLists: Object.fromEntries(
      lists
        .filter(({ IsDefault }) => IsDefault !== true)
        .map(({ Tags, Entries = [] }) => [
          /public|private|database/.exec(nameOf(Tags))?.[0] ?? '?',
          Entries.filter(({ Egress, RuleNumber }) => Egress !== true && RuleNumber !== 32_767)
            .sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0))
            .map(entry),
        ]),
    ),
    endpoints: endpoints.map(({ ServiceName = '' }) => ServiceName.replace(/^com\.amazonaws\.[^.]+\./, '')).sort(),
  };
};
