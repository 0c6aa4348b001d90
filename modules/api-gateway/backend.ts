/** Where an HTTP API sends requests, and what it tells about them. */
import type { Apigatewayv2IntegrationConfig } from '@cdktf/provider-aws/lib/apigatewayv2-integration/index.js';
import { callerFacts, callerHeaders, clientAddressHeader } from '../../contracts/gateway.ts';
import type { VpcLinkProps } from './vpc-link.ts';

export interface BalancerBackend {
  readonly kind: 'load-balancer';
  /** HTTPS listener. */
  readonly listenerArn: string;
  /** Name on the listener's certificate, and the Host header the service is called with. */
  readonly host: string;
  readonly link: VpcLinkProps;
}

export interface FunctionBackend {
  readonly kind: 'function';
  readonly functionName: string;
  /** The alias that is called. */
  readonly alias: { readonly name: string; readonly invokeArn: string };
}

export type Backend = BalancerBackend | FunctionBackend;

/** What is not set here a client could send itself. */
const told = (authorized: boolean): Record<string, string> =>
  Object.fromEntries(
    callerFacts.map((fact) =>
      authorized
        ? [`overwrite:header.${callerHeaders[fact]}`, `$context.authorizer.${fact}`]
        : // The quotes are the syntax for no value.
          [`remove:header.${callerHeaders[fact]}`, "''"],
    ),
  );

type Integration = Omit<Apigatewayv2IntegrationConfig, 'apiId'>;

/** @param authorized whether the authorizer has spoken on the routes that are sent there */
export const throughLink = (
  { listenerArn, host }: BalancerBackend,
  linkId: string,
  authorized: boolean,
): Integration => ({
  integrationType: 'HTTP_PROXY',
  integrationMethod: 'ANY',
  integrationUri: listenerArn,
  connectionType: 'VPC_LINK',
  connectionId: linkId,
  payloadFormatVersion: '1.0',
  tlsConfig: { serverNameToVerify: host },
  requestParameters: {
    'overwrite:header.host': host,
    // A VPC link passes no X-Forwarded-For on.
    [`overwrite:header.${clientAddressHeader}`]: '$context.identity.sourceIp',
    ...told(authorized),
  },
});

/** The function reads what the authorizer said in the event, and drops what clients say in its name. */
export const toFunction = ({ alias }: FunctionBackend): Integration => ({
  integrationType: 'AWS_PROXY',
  integrationMethod: 'POST',
  integrationUri: alias.invokeArn,
  payloadFormatVersion: '2.0',
});
