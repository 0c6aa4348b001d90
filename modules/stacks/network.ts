/** The VPC with its subnets, gateways and endpoints, and the security groups. */
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { NetworkOutputs } from './outputs.ts';

export class NetworkLayer extends Construct {
  readonly outputs: NetworkOutputs;

  constructor(scope: Construct, id: string, _props: { readonly deployment: Deployment }) {
    super(scope, id);
    this.outputs = { vpcId: '', publicSubnets: {}, privateSubnets: {}, databaseSubnets: {}, securityGroups: {} };
  }
}
