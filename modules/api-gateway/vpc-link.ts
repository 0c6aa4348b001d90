/** An HTTP API's way into the VPC. */
import { Apigatewayv2VpcLink } from '@cdktf/provider-aws/lib/apigatewayv2-vpc-link/index.js';
import { Construct } from 'constructs';

export interface VpcLinkProps {
  readonly name: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export class VpcLink extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, subnetIds, securityGroupIds }: VpcLinkProps) {
    super(scope, id);
    this.id = new Apigatewayv2VpcLink(this, 'link', {
      name,
      subnetIds: [...subnetIds],
      securityGroupIds: [...securityGroupIds],
    }).id;
  }
}
