/** The VPC itself: DNS on, a default security group that lets nothing through, and the way to the internet if any. */
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js';
import { Vpc as AwsVpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';

export interface VpcProps {
  readonly name: string;
  readonly cidr: string;
  /** Attaches an internet gateway: for public subnets, and for a CloudFront VPC origin, which demands one unused. */
  readonly internetGateway: boolean;
}

export class Vpc extends Construct {
  readonly id: string;
  readonly internetGateway: InternetGateway | undefined;

  constructor(scope: Construct, id: string, { name, cidr, internetGateway }: VpcProps) {
    super(scope, id);
    const vpc = new AwsVpc(this, 'vpc', {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    vpc.overrideLogicalId('vpc');
    this.id = vpc.id;
    // Whatever is started without a group of its own lands here.
    new DefaultSecurityGroup(this, 'default-group', { vpcId: vpc.id, tags: { Name: `${name}-default-locked` } });
    if (internetGateway)
      this.internetGateway = new InternetGateway(this, 'internet', { vpcId: vpc.id, tags: { Name: name } });
  }
}
