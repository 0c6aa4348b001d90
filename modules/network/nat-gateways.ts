/** NAT gateways with their public addresses. */
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type ByZone, eachZone, inAddress } from './zone.ts';

export interface NatGatewaysProps {
  readonly namePrefix: string;
  /** Public subnets that get a gateway. */
  readonly subnets: ByZone;
  /** Allocation ids of addresses to reuse; zones without one get a new address. */
  readonly allocationIds?: ByZone;
  readonly internetGateway: ITerraformDependable;
}

export class NatGateways extends Construct {
  readonly ids: ByZone;

  constructor(scope: Construct, id: string, props: NatGatewaysProps) {
    super(scope, id);
    const { namePrefix, subnets, allocationIds = {}, internetGateway } = props;
    this.ids = eachZone(subnets, (zone, subnetId) => {
      const tags = { Name: `${namePrefix}-nat-${zone}` };
      const gateway = new NatGateway(this, zone, {
        subnetId,
        allocationId: allocationIds[zone] ?? this.#address(zone, tags),
        tags,
        dependsOn: [internetGateway],
      });
      return gateway.id;
    });
  }

  #address(zone: string, tags: { Name: string }): string {
    const address = new Eip(this, `address-${zone}`, { domain: 'vpc', tags });
    // Partners allow-list it: an address once given back is gone.
    address.overrideLogicalId(`nat_address_${inAddress(zone)}`);
    return address.allocationId;
  }
}
