/** For tests of commands: a network and a load balancer on the stand-in for AWS, by API calls, because Terraform would take minutes. */
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';

export interface MadeNetwork {
  /** Ids. The subnets are 10.0.0.0/24 and 10.0.1.0/24, in two zones. */
  readonly vpc: string;
  readonly subnets: readonly string[];
}

export interface MadeBalancer extends MadeNetwork {
  /** @returns the ARN of a further target group */
  group(name: string, port: number, type?: 'ip' | 'instance'): Promise<string>;
  /** Listens on port 80. @returns the listener's ARN */
  listen(otherwise: Action): Promise<string>;
}

const made = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the stand-in made no ${what}`);
  return value;
};

export const makeNetwork = async (region: string): Promise<MadeNetwork> => {
  const ec2 = new EC2Client({ region });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = made(Vpc?.VpcId, 'VPC');
  const subnets = await Promise.all(
    ['a', 'b'].map((zone, index) =>
      ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: region + zone })),
    ),
  );
  return { vpc: VpcId, subnets: subnets.map(({ Subnet }) => made(Subnet?.SubnetId, 'subnet')) };
};

export const makeBalancer = async (region: string, name: string): Promise<MadeBalancer> => {
  const client = new ElasticLoadBalancingV2Client({ region });
  const network = await makeNetwork(region);
  const { LoadBalancers } = await client.send(
    new CreateLoadBalancerCommand({ Name: name, Subnets: [...network.subnets] }),
  );
  const LoadBalancerArn = made(LoadBalancers?.[0]?.LoadBalancerArn, 'load balancer');
  return {
    ...network,
    group: async (Name, Port, TargetType = 'ip') => {
      const group = { Name, Protocol: 'HTTP', Port, VpcId: network.vpc, TargetType } as const;
      const { TargetGroups } = await client.send(new CreateTargetGroupCommand(group));
      return made(TargetGroups?.[0]?.TargetGroupArn, 'target group');
    },
    listen: async (otherwise) => {
      const { Listeners } = await client.send(
        new CreateListenerCommand({ LoadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions: [otherwise] }),
      );
      return made(Listeners?.[0]?.ListenerArn, 'listener');
    },
  };
};
