/** A route table, the subnets it serves, and their way out of the VPC if they have one. */
import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { RouteTable as AwsRouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { Construct } from 'constructs';
import { type ByZone, eachZone } from './zone.ts';

export interface RouteTableProps {
  readonly vpcId: string;
  readonly name: string;
  readonly subnets: ByZone;
  /** Where all that leaves the VPC goes. Default: nowhere. */
  readonly defaultRoute?: { readonly gatewayId: string } | { readonly natGatewayId: string } | undefined;
}

export class RouteTable extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { vpcId, name, subnets, defaultRoute }: RouteTableProps) {
    super(scope, id);
    const table = new AwsRouteTable(this, 'table', { vpcId, tags: { Name: name } });
    this.id = table.id;
    eachZone(subnets, (zone, subnetId) => new RouteTableAssociation(this, zone, { routeTableId: table.id, subnetId }));
    if (defaultRoute !== undefined)
      new Route(this, 'default', { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', ...defaultRoute });
  }
}
