/** AWS credentials for signed-in people: each for a folder of their own in the data bucket. */
import { CognitoIdentityPool } from '@cdktf/provider-aws/lib/cognito-identity-pool/index.js';
import { CognitoIdentityPoolRolesAttachment } from '@cdktf/provider-aws/lib/cognito-identity-pool-roles-attachment/index.js';
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { equals, type Statement, type Trust } from '../roles/statement.ts';

export interface IdentityPoolProps {
  readonly name: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Start of the roles' names, unique in the account. */
  readonly roleName: string;
  /** Bucket in which each person has `people/<identity>/`, and the key it is encrypted with. */
  readonly bucket?: { readonly arn: string; readonly keyArn?: string | undefined } | undefined;
  /** People who did not sign in get a role that may do nothing. Default: false. */
  readonly allowUnauthenticated?: boolean;
  /** Tells the pool of its roles. Only an emulator does without. Default: true. */
  readonly attached?: boolean;
}

const identity = 'cognito-identity.amazonaws.com';

const trustOf = (poolId: string, kind: 'authenticated' | 'unauthenticated'): Trust => ({
  type: 'Federated',
  identifier: identity,
  action: 'sts:AssumeRoleWithWebIdentity',
  conditions: [
    equals(`${identity}:aud`, poolId),
    { test: 'ForAnyValue:StringLike', variable: `${identity}:amr`, values: [kind] },
  ],
});

// Terraform would take ${...} for its own; IAM puts the person's identity in its place.
const folder = `people/$\${${identity}:sub}`;

const ownFolder = (region: string, { arn, keyArn }: NonNullable<IdentityPoolProps['bucket']>): Statement[] => [
  {
    sid: 'OwnObjects',
    actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    resources: [`${arn}/${folder}/*`],
  },
  {
    sid: 'OwnList',
    actions: ['s3:ListBucket'],
    resources: [arn],
    conditions: [{ test: 'StringLike', variable: 's3:prefix', values: [`${folder}/*`] }],
  },
  {
    sid: 'KeyData',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: keyArn === undefined ? [] : [keyArn],
    conditions: [equals('kms:ViaService', `s3.${region}.amazonaws.com`)],
  },
];

export class IdentityPool extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: IdentityPoolProps) {
    super(scope, id);
    const { name, region, userPoolId, clientId, allowUnauthenticated = false, attached = true } = props;
    const pool = new CognitoIdentityPool(this, 'pool', {
      identityPoolName: name,
      allowUnauthenticatedIdentities: allowUnauthenticated,
      // The old flow lets whoever has an identity choose any role that trusts the pool.
      allowClassicFlow: false,
      cognitoIdentityProviders: [
        {
          clientId,
          providerName: `cognito-idp.${region}.amazonaws.com/${userPoolId}`,
          // A person who was signed out or disabled gets no more credentials.
          serverSideTokenCheck: true,
        },
      ],
    });
    pool.overrideLogicalId('identity_pool');
    this.id = pool.id;
    const roles = this.#addRoles(props);
    if (attached) new CognitoIdentityPoolRolesAttachment(this, 'roles', { identityPoolId: pool.id, roles });
  }

  #addRoles({ roleName, region, bucket, allowUnauthenticated = false }: IdentityPoolProps): Record<string, string> {
    const authenticated = new AssumableRole(this, 'authenticated', {
      name: `${roleName}-authenticated`,
      description: 'What a signed-in person may do: their own folder of the data bucket',
      trust: [trustOf(this.id, 'authenticated')],
      statements: bucket === undefined ? [] : ownFolder(region, bucket),
    });
    if (!allowUnauthenticated) return { authenticated: authenticated.arn };
    const unauthenticated = new AssumableRole(this, 'unauthenticated', {
      name: `${roleName}-unauthenticated`,
      description: 'Nothing: for people who did not sign in',
      trust: [trustOf(this.id, 'unauthenticated')],
      statements: [],
    });
    return { authenticated: authenticated.arn, unauthenticated: unauthenticated.arn };
  }
}
