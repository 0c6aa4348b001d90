/** The subnets of one tier, one a zone. */
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { type ByZone, eachZone, inAddress } from './zone.ts';

export type SubnetTier = 'public' | 'private' | 'database';

export interface SubnetsProps {
  readonly vpcId: string;
  readonly namePrefix: string;
  readonly tier: SubnetTier;
  readonly cidrs: ByZone;
}

export class Subnets extends Construct {
  readonly ids: ByZone;

  constructor(scope: Construct, id: string, { vpcId, namePrefix, tier, cidrs }: SubnetsProps) {
    super(scope, id);
    this.ids = eachZone(cidrs, (zone, cidrBlock) => {
      const subnet = new Subnet(this, zone, {
        vpcId,
        cidrBlock,
        availabilityZone: zone,
        // Also in public subnets: what needs a public address asks for it.
        mapPublicIpOnLaunch: false,
        tags: { Name: `${namePrefix}-${tier}-${zone}`, Tier: tier },
      });
      // A subnet that moves takes everything in it along.
      subnet.overrideLogicalId(`subnet_${tier}_${inAddress(zone)}`);
      return subnet.id;
    });
  }
}
