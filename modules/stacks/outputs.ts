/**
 * What the layers hand to one another. With `state_layout = "layered"` each text in here becomes an output of the
 * producing state, so these are texts and records of texts only; a part that an environment has not got is undefined.
 */

type ByZone = Readonly<Record<string, string>>;
type ByName = Readonly<Record<string, string>>;
export type Colour = 'blue' | 'green';

/** A named resource and its ARN. */
export interface NamedArn {
  readonly name: string;
  readonly arn: string;
}

export interface NetworkOutputs {
  readonly vpcId: string;
  readonly publicSubnets: ByZone;
  readonly privateSubnets: ByZone;
  readonly databaseSubnets: ByZone;
  /** Ids by role; a role that nothing plays is absent. */
  readonly securityGroups: {
    readonly loadBalancer?: string;
    readonly tasks?: string;
    readonly database?: string;
    readonly cache?: string;
    readonly endpoints?: string;
    readonly vpcLink?: string;
  };
}

export interface StorageOutputs {
  /** ARNs of the customer managed keys, by use; empty with encryption aws-managed. */
  readonly keys: {
    readonly data?: string;
    readonly logs?: string;
    readonly secrets?: string;
    /** Of tables that are replicas of another region's, which made their key. Default: data. */
    readonly replicas?: string;
  };
  /** Tables by their name in the contract. */
  readonly tables?: Readonly<Record<string, NamedArn>>;
  readonly database?: {
    readonly host: string;
    readonly port: string;
    readonly name: string;
    readonly identifier: string;
    readonly arn: string;
    /** The secret with username and password that RDS keeps and rotates. */
    readonly secretArn: string;
  };
  readonly cache?: {
    readonly host: string;
    readonly port: string;
    readonly replicationGroupId: string;
    /** Ids of its nodes, for alarms. */
    readonly memberIds: ByName;
  };
  readonly buckets: {
    /** Where load balancers, CloudFront and the trail write their logs. */
    readonly logs?: NamedArn;
    readonly data?: NamedArn;
    readonly archive?: NamedArn;
  };
  /** ARNs of the secrets, by their name without prefix. */
  readonly secrets: ByName;
}

export interface DomainOutputs {
  readonly zoneId?: string;
  /** Certificates, validated; in the region, and in us-east-1 for CloudFront. */
  readonly certificateArn?: string;
  readonly edgeCertificateArn?: string;
  readonly mailIdentityArn?: string;
}

export interface AuthOutputs {
  /** The issuer whose tokens say who a person is. */
  readonly issuer?: string;
  readonly clientId?: string;
  readonly userPool?: {
    readonly id: string;
    readonly arn: string;
    /** Host of the sign-in page. */
    readonly domain: string;
  };
  readonly identityPoolId?: string;
}

/** Resources that alarms and dashboards look at, by the dimensions CloudWatch knows them by. */
export interface BackendOutputs {
  /** Origin people and clients type; without a domain name the one AWS gave. */
  readonly publicUrl: string;
  /** Names of the log groups, by what writes to them: `service` (containers or the function), `exec`, `api`, `authorizer`. */
  readonly logGroups: ByName;
  readonly taskRole: NamedArn;
  readonly cluster?: NamedArn;
  /** Names of the services by colour. */
  readonly services: ByName;
  readonly loadBalancer?: {
    readonly arn: string;
    readonly arnSuffix: string;
    readonly dnsName: string;
    readonly zoneId: string;
  };
  /** Target groups by colour. */
  readonly targetGroups: Readonly<Record<string, { readonly arn: string; readonly arnSuffix: string }>>;
  readonly httpApi?: { readonly id: string; readonly endpoint: string; readonly stage: string };
  readonly distribution?: { readonly id: string; readonly domainName: string };
  readonly function?: NamedArn;
  readonly authorizer?: NamedArn;
  readonly scalingGroup?: NamedArn;
  /** Names of the work queues, and of their dead-letter queues as `<name>-dead-letter`. */
  readonly queues: ByName;
  readonly webAcl?: NamedArn;
}
