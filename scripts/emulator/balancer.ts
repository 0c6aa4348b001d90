/** For tests of commands: a network and a load balancer on the stand-in for AWS, by API calls, because Terraform would take minutes. */
import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  type Action,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { listenerPriorities, previewHeader, previewValue } from '../../contracts/preview.ts';

/** Where the stand-in listens, and with which credentials. Default: what the environment's variables say. */
export interface StandInPlace {
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface MadeNetwork {
  /** Ids. The subnets are 10.0.0.0/24 and 10.0.1.0/24, in two zones. */
  readonly vpc: string;
  readonly subnets: readonly string[];
}

export interface GroupProps {
  readonly type?: 'ip' | 'instance';
  readonly health?: Partial<CreateTargetGroupCommandInput>;
  /** By their key at AWS. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** ARNs of target groups by colour; the first is in service. */
export type ColourGroups = Readonly<Record<string, string>>;

export interface MadeBalancer extends MadeNetwork {
  readonly arn: string;
  /** @returns the ARN of a further target group */
  group(name: string, port: number, props?: GroupProps): Promise<string>;
  /** Listens on port 80. @returns the listener's ARN */
  listen(otherwise: Action): Promise<string>;
  /**
   * The live rule, and those of the previews, as Terraform makes them: the live rule first, because moto lists rules in that order.
   * @param path default: every path
   * @returns the live rule's ARN
   */
  lead(listener: string, groups: ColourGroups, previewSecret?: string, path?: string): Promise<string>;
}

const made = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the stand-in made no ${what}`);
  return value;
};

export const makeNetwork = async (region: string, place: StandInPlace = {}): Promise<MadeNetwork> => {
  const ec2 = new EC2Client({ region, ...place });
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = made(Vpc?.VpcId, 'VPC');
  const subnets = await Promise.all(
    ['a', 'b'].map((zone, index) =>
      ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: region + zone })),
    ),
  );
  ec2.destroy();
  return { vpc: VpcId, subnets: subnets.map(({ Subnet }) => made(Subnet?.SubnetId, 'subnet')) };
};

/** What a rule does that splits traffic. */
export const splitBetween = (
  groups: ColourGroups,
  weights: Readonly<Record<string, number>>,
  sticky = false,
): Action[] => [
  {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: Object.entries(groups).map(([colour, TargetGroupArn]) => ({
        TargetGroupArn,
        Weight: weights[colour] ?? 0,
      })),
      TargetGroupStickinessConfig: { Enabled: sticky, DurationSeconds: 60 },
    },
  },
];

const rulesOf = (client: ElasticLoadBalancingV2Client): MadeBalancer['lead'] => {
  return async (ListenerArn, groups, previewSecret, path = '/*') => {
    const [first = ''] = Object.keys(groups);
    const { Rules } = await client.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: listenerPriorities.live,
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }],
        Actions: splitBetween(groups, { [first]: 100 }),
      }),
    );
    for (const [index, [colour, TargetGroupArn]] of Object.entries(groups).entries()) {
      if (previewSecret === undefined) continue;
      const values = { HttpHeaderName: previewHeader, Values: [previewValue(colour, previewSecret)] };
      await client.send(
        new CreateRuleCommand({
          ListenerArn,
          Priority: listenerPriorities.preview + index,
          Conditions: [{ Field: 'http-header', HttpHeaderConfig: values }],
          Actions: [{ Type: 'forward', TargetGroupArn }],
        }),
      );
    }
    return made(Rules?.[0]?.RuleArn, 'rule');
  };
};

export const makeBalancer = async (region: string, name: string, place: StandInPlace = {}): Promise<MadeBalancer> => {
  const client = new ElasticLoadBalancingV2Client({ region, ...place });
  const network = await makeNetwork(region, place);
  const { LoadBalancers } = await client.send(
    new CreateLoadBalancerCommand({ Name: name, Subnets: [...network.subnets] }),
  );
  const arn = made(LoadBalancers?.[0]?.LoadBalancerArn, 'load balancer');
  return {
    ...network,
    arn,
    group: async (Name, Port, { type: TargetType = 'ip', health = {}, attributes = {} } = {}) => {
      const group = { Name, Protocol: 'HTTP', Port, VpcId: network.vpc, TargetType, ...health } as const;
      const { TargetGroups } = await client.send(new CreateTargetGroupCommand(group));
      const TargetGroupArn = made(TargetGroups?.[0]?.TargetGroupArn, 'target group');
      const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
      if (Attributes.length > 0)
        await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
      return TargetGroupArn;
    },
    listen: async (otherwise) => {
      const { Listeners } = await client.send(
        new CreateListenerCommand({ LoadBalancerArn: arn, Protocol: 'HTTP', Port: 80, DefaultActions: [otherwise] }),
      );
      return made(Listeners?.[0]?.ListenerArn, 'listener');
    },
    lead: rulesOf(client),
  };
};
