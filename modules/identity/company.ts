/** The company's identity provider, which signs people in at Cognito through SAML. */
import { CognitoIdentityProvider } from '@cdktf/provider-aws/lib/cognito-identity-provider/index.js';
import { Construct } from 'constructs';

export interface CompanyProps {
  readonly userPoolId: string;
  readonly metadataUrl: string;
  /** Custom attributes, which the company sends under their own names. */
  readonly attributes?: readonly string[];
}

const claim = (name: string): string => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;

export class Company extends Construct {
  /** As a client names it among its providers. */
  readonly name: string;

  constructor(scope: Construct, id: string, { userPoolId, metadataUrl, attributes = [] }: CompanyProps) {
    super(scope, id);
    const provider = new CognitoIdentityProvider(this, 'provider', {
      userPoolId,
      providerName: 'Company',
      providerType: 'SAML',
      // Without encryption and request signing the assertion is still signed, and sent over TLS.
      providerDetails: { MetadataURL: metadataUrl, IDPSignout: 'false' },
      attributeMapping: {
        email: claim('emailaddress'),
        name: claim('name'),
        ...Object.fromEntries(attributes.map((name) => [`custom:${name}`, name])),
      },
    });
    // Cognito answers with the certificate and addresses it read from the metadata.
    provider.lifecycle = { ignoreChanges: ['provider_details["ActiveEncryptionCertificate"]'] };
    this.name = provider.providerName;
  }
}
