/** Routes to S3 and DynamoDB that stay within AWS; they cost nothing. */
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { Construct } from 'constructs';

export interface GatewayEndpointsProps {
  readonly vpcId: string;
  readonly namePrefix: string;
  readonly region: string;
  readonly routeTableIds: readonly string[];
  /** Accounts whose buckets and tables may be used through the endpoints. */
  readonly accounts: readonly string[];
  /** ARNs of objects of other accounts that may be read, such as the layers of container images. */
  readonly readableObjects: readonly string[];
}

/** Names of the services, and of their prefix lists in security group rules. */
export const gatewayServices = ['s3', 'dynamodb'] as const;
export type GatewayService = (typeof gatewayServices)[number];

export class GatewayEndpoints extends Construct {
  /** Prefix lists with the addresses of each service. */
  readonly prefixListIds: Readonly<Record<GatewayService, string>>;

  constructor(scope: Construct, id: string, props: GatewayEndpointsProps) {
    super(scope, id);
    this.prefixListIds = { s3: this.#add('s3', props), dynamodb: this.#add('dynamodb', props) };
  }

  #add(service: GatewayService, props: GatewayEndpointsProps): string {
    const { vpcId, namePrefix, region, routeTableIds } = props;
    const endpoint = new VpcEndpoint(this, service, {
      vpcId,
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [...routeTableIds],
      policy: this.#policy(service, props).json,
      tags: { Name: `${namePrefix}-${service}` },
    });
    return endpoint.prefixListId;
  }

  #policy(service: GatewayService, { accounts, readableObjects }: GatewayEndpointsProps): DataAwsIamPolicyDocument {
    const principals = [{ type: '*', identifiers: ['*'] }];
    return new DataAwsIamPolicyDocument(this, `${service}-policy`, {
      statement: [
        {
          sid: 'OwnAccounts',
          principals,
          actions: [`${service}:*`],
          resources: ['*'],
          condition: [{ test: 'StringEquals', variable: 'aws:ResourceAccount', values: [...accounts] }],
        },
        ...(service === 's3' && readableObjects.length > 0
          ? [{ sid: 'ReadElsewhere', principals, actions: ['s3:GetObject'], resources: [...readableObjects] }]
          : []),
      ],
    });
  }
}
