/** The host name of an HTTP API. */
import { Apigatewayv2ApiMapping } from '@cdktf/provider-aws/lib/apigatewayv2-api-mapping/index.js';
import { Apigatewayv2DomainName } from '@cdktf/provider-aws/lib/apigatewayv2-domain-name/index.js';
import { Construct } from 'constructs';

export interface ApiDomainProps {
  readonly name: string;
  /** Validated, of the API's region. */
  readonly certificateArn: string;
  readonly apiId: string;
  readonly stage: string;
}

export class ApiDomain extends Construct {
  /** For the alias record. */
  readonly target: { readonly dnsName: string; readonly zoneId: string };

  constructor(scope: Construct, id: string, { name, certificateArn, apiId, stage }: ApiDomainProps) {
    super(scope, id);
    const domain = new Apigatewayv2DomainName(this, 'domain', {
      domainName: name,
      domainNameConfiguration: { certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
    });
    new Apigatewayv2ApiMapping(this, 'mapping', { apiId, domainName: domain.id, stage });
    const { targetDomainName, hostedZoneId } = domain.domainNameConfiguration;
    this.target = { dnsName: targetDomainName, zoneId: hostedZoneId };
  }
}
