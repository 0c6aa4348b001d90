/** How an HTTP API is served: its throttles and its log. */
import { Apigatewayv2Stage, type Apigatewayv2StageConfig } from '@cdktf/provider-aws/lib/apigatewayv2-stage/index.js';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { routeKey } from '../../contracts/gateway.ts';
import type { RouteContract } from '../../contracts/route.ts';

export interface Throttle {
  /** Requests a second, all clients together. */
  readonly rate: number;
  readonly burst: number;
}

export interface StageProps {
  readonly apiId: string;
  readonly routes: readonly RouteContract[];
  readonly throttle: Throttle;
  readonly logGroupArn: string;
  /** A stage with settings of a route that is not there yet is refused. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/**
 * One line of JSON a request. No path and no query: they can hold codes and ids, and the route says enough; no header,
 * and so no token.
 */
const line = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  routeKey: '$context.routeKey',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integrationStatus',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerLatency: '$context.authorizer.latency',
  authorizerError: '$context.authorizer.error',
  userId: '$context.authorizer.userId',
  error: '$context.error.responseType',
};

/** How many clients at the contract's rate a route takes at once. */
const clientsAtOnce = 20;

/**
 * The contract's rate is one client's. Routes for everybody are held to some clients' worth of it. With a token the
 * service itself holds each caller to a rate, and all of them together may use what the API lets through.
 */
const throttleOf = ({ rate, auth }: RouteContract, all: Throttle): Throttle =>
  auth === 'bearer'
    ? all
    : { rate: Math.min(rate * clientsAtOnce, all.rate), burst: Math.min(rate * clientsAtOnce, all.burst) };

const settingsOf = ({ routes, throttle }: StageProps): Apigatewayv2StageConfig['routeSettings'] =>
  routes.map((route) => {
    const { rate, burst } = throttleOf(route, throttle);
    return { routeKey: routeKey(route), throttlingRateLimit: rate, throttlingBurstLimit: burst };
  });

export const addStage = (scope: Construct, props: StageProps): Apigatewayv2Stage =>
  new Apigatewayv2Stage(scope, 'stage', {
    apiId: props.apiId,
    // Has no part in the path.
    name: '$default',
    autoDeploy: true,
    defaultRouteSettings: {
      throttlingRateLimit: props.throttle.rate,
      throttlingBurstLimit: props.throttle.burst,
    },
    routeSettings: settingsOf(props),
    accessLogSettings: { destinationArn: props.logGroupArn, format: JSON.stringify(line) },
    dependsOn: [...props.dependsOn],
  });
