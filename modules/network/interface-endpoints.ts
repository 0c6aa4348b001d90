/** Addresses of AWS services inside the VPC, for subnets that reach nothing else or should not. */
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { Construct } from 'constructs';

export interface InterfaceEndpointsProps {
  readonly vpcId: string;
  readonly namePrefix: string;
  readonly region: string;
  /** Services as in the endpoint's service name, such as ecr.api. */
  readonly services: readonly string[];
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** Accounts whose principals may call through the endpoints. */
  readonly accounts: readonly string[];
}

export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    const { vpcId, namePrefix, region, services, subnetIds, securityGroupId, accounts } = props;
    const policy = new DataAwsIamPolicyDocument(this, 'policy', {
      statement: [
        {
          sid: 'OwnPrincipals',
          principals: [{ type: '*', identifiers: ['*'] }],
          actions: ['*'],
          resources: ['*'],
          condition: [{ test: 'StringEquals', variable: 'aws:PrincipalAccount', values: [...accounts] }],
        },
      ],
    });
    for (const service of services)
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: [...subnetIds],
        securityGroupIds: [securityGroupId],
        policy: policy.json,
        tags: { Name: `${namePrefix}-${service}` },
      });
  }
}
