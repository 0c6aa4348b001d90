/** The people of an environment: who may sign in, with which second factor, in which groups. */
import { CognitoResourceServer } from '@cdktf/provider-aws/lib/cognito-resource-server/index.js';
import { CognitoUserGroup } from '@cdktf/provider-aws/lib/cognito-user-group/index.js';
import { CognitoUserPool, type CognitoUserPoolConfig } from '@cdktf/provider-aws/lib/cognito-user-pool/index.js';
import { Construct } from 'constructs';
import { offeredRoles, offeredScopes, type Role, roles, type Scope, scopes } from '../../contracts/scopes.ts';

export interface UserPoolProps {
  /** Tool packs whose scopes a client may ask for, and whose roles have groups. */
  readonly packs: readonly string[];
  readonly name: string;
  readonly deletionProtection: boolean;
  /** Second factor, from an authenticator app. */
  readonly mfa: 'on' | 'optional' | 'off';
  /** Custom attributes of people, without `custom:`. */
  readonly attributes?: readonly string[];
  /** Refuses leaked passwords and blocks risky sign-ins: the Plus tier, which costs per person. */
  readonly threatProtection: boolean;
}

/** Before `/` in a scope of a token: `mcp/tag:read`. */
export const resourceServer = 'mcp';

const signingIn = ({ mfa, threatProtection }: UserPoolProps): Partial<CognitoUserPoolConfig> => ({
  usernameAttributes: ['email'],
  usernameConfiguration: { caseSensitive: false },
  autoVerifiedAttributes: ['email'],
  // Nobody signs up: people are invited, or come from the company's provider.
  adminCreateUserConfig: { allowAdminCreateUserOnly: true },
  accountRecoverySetting: { recoveryMechanism: [{ name: 'verified_email', priority: 1 }] },
  userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
  passwordPolicy: {
    minimumLength: 14,
    requireLowercase: true,
    requireUppercase: true,
    requireNumbers: true,
    requireSymbols: true,
    temporaryPasswordValidityDays: 3,
  },
  mfaConfiguration: { on: 'ON', optional: 'OPTIONAL', off: 'OFF' }[mfa],
  ...(mfa !== 'off' && { softwareTokenMfaConfiguration: { enabled: true } }),
  userPoolTier: threatProtection ? 'PLUS' : 'ESSENTIALS',
  ...(threatProtection && {
    userPoolAddOns: {
      advancedSecurityMode: 'ENFORCED',
      advancedSecurityAdditionalFlows: { customAuthMode: 'ENFORCED' },
    },
  }),
});

export class UserPool extends Construct {
  readonly id: string;
  readonly arn: string;
  /** Scopes a client can be allowed to ask for, as Cognito names them. */
  readonly scopes: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: UserPoolProps) {
    super(scope, id);
    const { name, packs, deletionProtection, attributes = [] } = props;
    const pool = new CognitoUserPool(this, 'pool', {
      name,
      deletionProtection: deletionProtection ? 'ACTIVE' : 'INACTIVE',
      ...signingIn(props),
      schema: attributes.map((attribute) => ({
        name: attribute,
        attributeDataType: 'String',
        mutable: true,
        // What Cognito fills in; without it every plan would differ.
        stringAttributeConstraints: { minLength: '0', maxLength: '256' },
      })),
    });
    // A move would be a new pool, without its people.
    pool.overrideLogicalId('user_pool');
    this.id = pool.id;
    this.arn = pool.arn;
    this.#addGroups(offeredRoles(packs));
    this.scopes = this.#addScopes(offeredScopes(packs));
  }

  #addGroups(names: readonly Role[]): void {
    for (const [index, name] of names.entries())
      new CognitoUserGroup(this, `group-${name.replace(':', '-')}`, {
        name,
        userPoolId: this.id,
        description: roles[name].description,
        precedence: names.length - index,
      });
  }

  #addScopes(names: readonly Scope[]): Record<string, string> {
    const server = new CognitoResourceServer(this, 'resource-server', {
      identifier: resourceServer,
      name: resourceServer,
      userPoolId: this.id,
      scope: names.map((name) => ({ scopeName: name, scopeDescription: scopes[name].description })),
    });
    // A reference, so that a client waits for the scopes it may ask for.
    return Object.fromEntries(names.map((name) => [name, `${server.identifier}/${name}`]));
  }
}
