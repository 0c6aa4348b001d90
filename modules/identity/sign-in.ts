/** Where people sign in: the page, and the public client that sends them there. */
import { CloudcontrolapiResource } from '@cdktf/provider-aws/lib/cloudcontrolapi-resource/index.js';
import { CognitoUserPoolClient } from '@cdktf/provider-aws/lib/cognito-user-pool-client/index.js';
import { CognitoUserPoolDomain } from '@cdktf/provider-aws/lib/cognito-user-pool-domain/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';

export interface SignInProps {
  readonly name: string;
  readonly userPoolId: string;
  readonly region: string;
  /** Prefix of the page's host, unique in the region. */
  readonly domainPrefix: string;
  /** Where people return to, with a code or after signing out. */
  readonly callbackUrls: readonly string[];
  readonly logoutUrls: readonly string[];
  /** Scopes besides openid, email and profile. Cognito gives them to everyone who signs in. */
  readonly scopes?: readonly string[];
  /** Custom attributes its tokens tell. */
  readonly attributes?: readonly string[];
  /** The company's provider, which then is the only way to sign in. */
  readonly company?: string | undefined;
  /** Gives the page its looks. Only an emulator does without. Default: true. */
  readonly branded?: boolean;
}

const standard = ['email', 'name'];

// Given, so that a plan need not ask AWS for it. AWS::Cognito::ManagedLoginBranding, as far as it is used here.
const brandingSchema = {
  typeName: 'AWS::Cognito::ManagedLoginBranding',
  description: 'Branding of a managed login page',
  additionalProperties: false,
  properties: {
    UserPoolId: { type: 'string' },
    ClientId: { type: 'string' },
    UseCognitoProvidedValues: { type: 'boolean' },
    ManagedLoginBrandingId: { type: 'string' },
  },
  required: ['UserPoolId'],
  primaryIdentifier: ['/properties/UserPoolId', '/properties/ManagedLoginBrandingId'],
  readOnlyProperties: ['/properties/ManagedLoginBrandingId'],
  createOnlyProperties: ['/properties/UserPoolId', '/properties/ClientId'],
};

export class SignIn extends Construct {
  readonly clientId: string;
  /** Host of the page. */
  readonly host: string;

  constructor(scope: Construct, id: string, props: SignInProps) {
    super(scope, id);
    const { userPoolId, region, domainPrefix, branded = true } = props;
    const client = this.#addClient(props);
    // Version 2, managed login: the page before it ignores prompt=login, and stepping up would not ask who is there.
    const domain = new CognitoUserPoolDomain(this, 'domain', {
      domain: domainPrefix,
      userPoolId,
      managedLoginVersion: 2,
      // A pool has one such domain.
      lifecycle: { createBeforeDestroy: false },
    });
    // Without a style the page of a client answers "Login pages unavailable"; provider 5 has no resource for it.
    if (branded)
      new CloudcontrolapiResource(this, 'branding', {
        typeName: brandingSchema.typeName,
        schema: JSON.stringify(brandingSchema),
        desiredState: Fn.jsonencode({ UserPoolId: userPoolId, ClientId: client.id, UseCognitoProvidedValues: true }),
        dependsOn: [domain],
        // Because the domain is.
        lifecycle: { createBeforeDestroy: false },
      });
    this.clientId = client.id;
    // Not `domain.domain`: what depends on the domain would make it create-first.
    this.host = `${domainPrefix}.auth.${region}.amazoncognito.com`;
  }

  #addClient(props: SignInProps): CognitoUserPoolClient {
    const { name, userPoolId, callbackUrls, logoutUrls, scopes = [], attributes = [], company } = props;
    const custom = attributes.map((attribute) => `custom:${attribute}`);
    return new CognitoUserPoolClient(this, 'client', {
      name,
      userPoolId,
      // A public client: the code is bound to its browser by PKCE.
      generateSecret: false,
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ['code'],
      allowedOauthScopes: ['openid', 'email', 'profile', ...scopes],
      callbackUrls: [...callbackUrls],
      logoutUrls: [...logoutUrls],
      supportedIdentityProviders: [company ?? 'COGNITO'],
      explicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      enableTokenRevocation: true,
      preventUserExistenceErrors: 'ENABLED',
      accessTokenValidity: 15,
      idTokenValidity: 15,
      refreshTokenValidity: 12,
      tokenValidityUnits: [{ accessToken: 'minutes', idToken: 'minutes', refreshToken: 'hours' }],
      readAttributes: [...standard, 'email_verified', ...custom],
      // What decides who a person is, they may not write; only the company's provider does, through the client.
      writeAttributes: company === undefined ? standard : [...standard, ...custom],
    });
  }
}
