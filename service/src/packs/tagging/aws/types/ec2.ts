/** EC2's types besides instances: disks, addresses and networks. All tell their tags with the resource. */
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { ec2Api } from '../apis/ec2.ts';
import type { Place } from '../place.ts';
import { describedType, type PageAsk } from './described.ts';
import { toList } from './driver.ts';
import type { TypeFacts } from './form.ts';

const PAGE = 500;
/** Values one filter takes. */
const FILTER_VALUES = 200;

const ofEc2: Pick<TypeFacts<EC2Client>, 'set' | 'remove'> = {
  set: (client, { id }, tags, options) =>
    client.send(new CreateTagsCommand({ Resources: [id], Tags: toList(tags) }), options),
  remove: (client, { id }, keys, options) =>
    client.send(new DeleteTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }), options),
};

/** A filter answers for the ids that exist; naming them as ids fails for all when one does not. */
const filters = (name: string, { named = [] }: PageAsk) => [{ Name: name, Values: named.map(({ id }) => id) }];
const asked = (filter: string, ask: PageAsk) => ({
  ...(ask.named === undefined ? { MaxResults: PAGE } : { Filters: filters(filter, ask) }),
  NextToken: ask.token,
});

const arnOf = ({ partition, region, accountId }: Place, kind: string, id: string): string =>
  `arn:${partition}:ec2:${region}:${accountId}:${kind}/${id}`;

/** Networks that another account shares are that account's. */
const isShared = ({ accountId }: Place, owner: string | undefined): boolean =>
  owner !== undefined && owner !== accountId;

export const ec2Volume = describedType({
  type: 'ec2:volume',
  api: ec2Api,
  noun: ['volume', 'volumes'],
  readsAtOnce: FILTER_VALUES,
  page: (client, ask, options) => client.send(new DescribeVolumesCommand(asked('volume-id', ask)), options),
  next: ({ NextToken }) => NextToken,
  items: ({ Volumes }) => Volumes,
  resource: (volume, place, must) => {
    const id = must('id', volume.VolumeId);
    const state = must('state', volume.State);
    // EC2 leaves the list out where a resource has no tags.
    return { arn: arnOf(place, 'volume', id), id, state, createdAt: volume.CreateTime, tags: volume.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});

export const ec2Snapshot = describedType({
  type: 'ec2:snapshot',
  api: ec2Api,
  noun: ['snapshot', 'snapshots'],
  readsAtOnce: FILTER_VALUES,
  page: (client, ask, options) =>
    client.send(new DescribeSnapshotsCommand({ ...asked('snapshot-id', ask), OwnerIds: ['self'] }), options),
  next: ({ NextToken }) => NextToken,
  items: ({ Snapshots }) => Snapshots,
  resource: (snapshot, place, must) => {
    const id = must('id', snapshot.SnapshotId);
    const state = must('state', snapshot.State);
    return { arn: arnOf(place, 'snapshot', id), id, state, createdAt: snapshot.StartTime, tags: snapshot.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});

export const ec2ElasticIp = describedType({
  type: 'ec2:elastic-ip',
  api: ec2Api,
  noun: ['elastic IP address', 'elastic IP addresses'],
  readsAtOnce: FILTER_VALUES,
  // All in one answer.
  page: (client, ask, options) =>
    client.send(new DescribeAddressesCommand(ask.named ? { Filters: filters('allocation-id', ask) } : {}), options),
  next: () => undefined,
  items: ({ Addresses }) => Addresses,
  resource: (address, place, must) => {
    const id = must('id', address.AllocationId);
    const state = address.AssociationId === undefined ? 'unassociated' : 'associated';
    return { arn: arnOf(place, 'elastic-ip', id), id, state, tags: address.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});

export const ec2NatGateway = describedType({
  type: 'ec2:natgateway',
  api: ec2Api,
  noun: ['NAT gateway', 'NAT gateways'],
  readsAtOnce: FILTER_VALUES,
  page: (client, ask, options) => {
    const { Filters: Filter, ...rest } = { Filters: undefined, ...asked('nat-gateway-id', ask) };
    return client.send(new DescribeNatGatewaysCommand({ ...rest, Filter }), options);
  },
  next: ({ NextToken }) => NextToken,
  items: ({ NatGateways }) => NatGateways,
  resource: (gateway, place, must) => {
    const id = must('id', gateway.NatGatewayId);
    const state = must('state', gateway.State);
    // Deleted ones are described for an hour more.
    if (state === 'deleted') return null;
    return { arn: arnOf(place, 'natgateway', id), id, state, createdAt: gateway.CreateTime, tags: gateway.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});

export const ec2Vpc = describedType({
  type: 'ec2:vpc',
  api: ec2Api,
  noun: ['VPC', 'VPCs'],
  readsAtOnce: FILTER_VALUES,
  page: (client, ask, options) => client.send(new DescribeVpcsCommand(asked('vpc-id', ask)), options),
  next: ({ NextToken }) => NextToken,
  items: ({ Vpcs }) => Vpcs,
  resource: (vpc, place, must) => {
    const id = must('id', vpc.VpcId);
    if (isShared(place, vpc.OwnerId)) return null;
    return { arn: arnOf(place, 'vpc', id), id, state: must('state', vpc.State), tags: vpc.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});

export const ec2Subnet = describedType({
  type: 'ec2:subnet',
  api: ec2Api,
  noun: ['subnet', 'subnets'],
  readsAtOnce: FILTER_VALUES,
  page: (client, ask, options) => client.send(new DescribeSubnetsCommand(asked('subnet-id', ask)), options),
  next: ({ NextToken }) => NextToken,
  items: ({ Subnets }) => Subnets,
  resource: (subnet, place, must) => {
    const id = must('id', subnet.SubnetId);
    if (isShared(place, subnet.OwnerId)) return null;
    return { arn: arnOf(place, 'subnet', id), id, state: must('state', subnet.State), tags: subnet.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});

export const ec2SecurityGroup = describedType({
  type: 'ec2:security-group',
  api: ec2Api,
  noun: ['security group', 'security groups'],
  readsAtOnce: FILTER_VALUES,
  page: (client, ask, options) => client.send(new DescribeSecurityGroupsCommand(asked('group-id', ask)), options),
  next: ({ NextToken }) => NextToken,
  items: ({ SecurityGroups }) => SecurityGroups,
  resource: (group, place, must) => {
    const id = must('id', group.GroupId);
    if (isShared(place, group.OwnerId)) return null;
    return { arn: arnOf(place, 'security-group', id), id, tags: group.Tags ?? [] };
  },
  set: ofEc2.set,
  remove: ofEc2.remove,
});
