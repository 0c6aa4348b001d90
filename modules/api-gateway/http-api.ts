/** An HTTP API before a private load balancer or a function, its routes from the contract. */
import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api/index.js';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer/index.js';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration/index.js';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { routeKey } from '../../contracts/gateway.ts';
import type { RouteContract } from '../../contracts/route.ts';
import { LogGroup } from '../logs/log-group.ts';
import { ApiDomain } from './api-domain.ts';
import { type Backend, throughLink, toFunction } from './backend.ts';
import { type Cors, corsOf } from './cors.ts';
import { addStage, type Throttle } from './stage.ts';
import { VpcLink } from './vpc-link.ts';

export interface HttpApiProps {
  readonly name: string;
  /** By their names in the contract, which become parts of addresses. */
  readonly routes: Readonly<Record<string, RouteContract>>;
  readonly backend: Backend;
  /** The function that decides on the facade's routes with a token. Default: none. */
  readonly authorizer?:
    | { readonly name: string; readonly alias: { readonly name: string; readonly invokeArn: string } }
    | undefined;
  /** Milliseconds to wait for the backend; API Gateway ends at 30,000. */
  readonly timeoutMs: number;
  readonly throttle: Throttle;
  /** Who may call from a browser. Default: nobody. */
  readonly cors?: Cors | undefined;
  readonly logs: { readonly retentionDays: number; readonly keyArn?: string | undefined };
  /** Its host name; the one AWS gives is then switched off. */
  readonly domain?: { readonly name: string; readonly certificateArn: string } | undefined;
}

/**
 * An authorizer's 401 and 403 name no resource metadata, and an MCP client would not learn where to sign in: the
 * service itself answers for /mcp. The facade's callers know where their tokens come from.
 */
const isAuthorized = ({ facade, auth }: RouteContract): boolean => facade && auth === 'bearer';

type Integrations = Readonly<Record<'open' | 'authorized', Apigatewayv2Integration | undefined>>;

export class HttpApi extends Construct {
  readonly id: string;
  /** URL that AWS gives it, which answers only without a domain. */
  readonly endpoint: string;
  readonly stage: string;
  /** Host it answers to. */
  readonly host: string;
  /** For the alias record of its domain. */
  readonly target: ApiDomain['target'] | undefined;
  readonly logGroup: string;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const { domain } = props;
    const api = this.#api(props);
    const integrations = this.#integrations(api, props);
    const authorizerId = this.#authorizer(api, props);
    const routes = Object.entries(props.routes).map(
      ([name, route]) =>
        new Apigatewayv2Route(this, `route-${name}`, routeConfig(api.id, route, integrations, authorizerId)),
    );
    this.#permissions(api, props);
    const log = new LogGroup(this, 'log', { name: `/aws/vendedlogs/http-api/${props.name}`, ...props.logs });
    const stage = addStage(this, {
      apiId: api.id,
      routes: Object.values(props.routes),
      throttle: props.throttle,
      logGroupArn: log.arn,
      dependsOn: routes,
    });
    this.id = api.id;
    this.endpoint = api.apiEndpoint;
    this.stage = stage.name;
    this.logGroup = log.name;
    this.host = domain?.name ?? Fn.replace(api.apiEndpoint, 'https://', '');
    this.target = domain && new ApiDomain(this, 'domain', { ...domain, apiId: api.id, stage: stage.id }).target;
  }

  #api({ name, cors, domain }: HttpApiProps): Apigatewayv2Api {
    const api = new Apigatewayv2Api(this, 'api', {
      name,
      protocolType: 'HTTP',
      disableExecuteApiEndpoint: domain !== undefined,
      ...(cors !== undefined && { corsConfiguration: corsOf(cors) }),
    });
    // Its id is part of the name AWS gives it.
    api.overrideLogicalId('http_api');
    return api;
  }

  #integrations(
    { id: apiId }: Apigatewayv2Api,
    { backend, routes, authorizer, timeoutMs, name }: HttpApiProps,
  ): Integrations {
    const add = (id: string, config: ReturnType<typeof toFunction>) =>
      new Apigatewayv2Integration(this, id, { apiId, ...config, timeoutMilliseconds: timeoutMs });
    if (backend.kind === 'function') {
      const integration = add('function', toFunction(backend));
      return { open: integration, authorized: integration };
    }
    const link = new VpcLink(this, 'vpc-link', backend.link).id;
    const authorized = (route: RouteContract) => authorizer !== undefined && isAuthorized(route);
    const all = Object.values(routes);
    if (all.length === 0) throw new Error(`the API ${name} has no route`);
    return {
      open: all.every(authorized) ? undefined : add('open', throughLink(backend, link, false)),
      authorized: all.some(authorized) ? add('authorized', throughLink(backend, link, true)) : undefined,
    };
  }

  #authorizer(api: Apigatewayv2Api, { authorizer }: HttpApiProps): string | undefined {
    if (authorizer === undefined) return undefined;
    const made = new Apigatewayv2Authorizer(this, 'authorizer', {
      apiId: api.id,
      name: authorizer.name,
      authorizerType: 'REQUEST',
      authorizerUri: authorizer.alias.invokeArn,
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: true,
      // Without the header the answer is 401, and the function is not called.
      identitySources: ['$request.header.Authorization'],
      // A decision kept would outlive a revoked token, and count for routes with other scopes.
      authorizerResultTtlInSeconds: 0,
    });
    this.#permission(
      'authorizer-permission',
      authorizer.name,
      authorizer.alias.name,
      `${api.executionArn}/authorizers/${made.id}`,
    );
    return made.id;
  }

  /** One a path: another API's routes, and paths that this one does not have, cannot call the function. */
  #permissions(api: Apigatewayv2Api, { backend, routes }: HttpApiProps): void {
    if (backend.kind !== 'function') return;
    const paths = new Map(Object.entries(routes).map(([name, route]) => [routeKey(route).split(' ')[1] ?? '', name]));
    for (const [path, name] of paths)
      this.#permission(
        `permission-${name}`,
        backend.functionName,
        backend.alias.name,
        `${api.executionArn}/*/*${path}`,
      );
  }

  #permission(id: string, functionName: string, qualifier: string, sourceArn: string): void {
    new LambdaPermission(this, id, {
      action: 'lambda:InvokeFunction',
      functionName,
      qualifier,
      principal: 'apigateway.amazonaws.com',
      sourceArn,
    });
  }
}

const routeConfig = (
  apiId: string,
  route: RouteContract,
  integrations: Integrations,
  authorizerId: string | undefined,
) => {
  const authorized = authorizerId !== undefined && isAuthorized(route);
  const integration = integrations[authorized ? 'authorized' : 'open'];
  return {
    apiId,
    routeKey: routeKey(route),
    target: `integrations/${integration?.id}`,
    authorizationType: authorized ? 'CUSTOM' : 'NONE',
    ...(authorized && { authorizerId }),
  };
};
