import {
  AllocateAddressCommand,
  CreateNatGatewayCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Makers, MotoConfig } from './maker.ts';

const subnetsOf = async (ec2: EC2Client): Promise<string[]> =>
  ((await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
const volumeIn = (ec2: EC2Client, region: string) =>
  ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 8 }));
const nothing = async () => {};

export const networkMakers: Makers = {
  'ec2:volume': (config) => volumeIn(new EC2Client(config), config.region),
  'ec2:snapshot': async (config) => {
    const ec2 = new EC2Client(config);
    const { VolumeId } = await volumeIn(ec2, config.region);
    await ec2.send(new CreateSnapshotCommand({ VolumeId }));
  },
  'ec2:elastic-ip': (config) => new EC2Client(config).send(new AllocateAddressCommand({ Domain: 'vpc' })),
  'ec2:natgateway': async (config: MotoConfig) => {
    const ec2 = new EC2Client(config);
    const [SubnetId] = await subnetsOf(ec2);
    await ec2.send(new CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private' }));
  },
  // Every account has a default VPC with these.
  'ec2:vpc': nothing,
  'ec2:subnet': nothing,
  'ec2:security-group': nothing,
  'elasticloadbalancing:loadbalancer': async (config) => {
    const Subnets = (await subnetsOf(new EC2Client(config))).slice(0, 2);
    await new ElasticLoadBalancingV2Client(config).send(new CreateLoadBalancerCommand({ Name: 'web', Subnets }));
  },
  'elasticloadbalancing:targetgroup': (config) =>
    new ElasticLoadBalancingV2Client(config).send(new CreateTargetGroupCommand({ Name: 'web', TargetType: 'lambda' })),
};
