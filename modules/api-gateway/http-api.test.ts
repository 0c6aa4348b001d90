import { callerHeaders, gatewayHeaders, routeKey } from '../../contracts/gateway.ts';
import type { RouteContract } from '../../contracts/route.ts';
import { routes } from '../../contracts/routes.ts';
import { type Block, type Synthesized, synthesized } from '../testing/synthesized.ts';
import type { Backend } from './backend.ts';
import { HttpApi, type HttpApiProps } from './http-api.ts';

const balancer: Backend = {
  kind: 'load-balancer',
  listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/alb/1/2',
  host: 'mcp.example.com',
  link: { name: 'link', subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] },
};
const service: Backend = {
  kind: 'function',
  functionName: 'service',
  alias: { name: 'live', invokeArn: 'arn:aws:apigateway:us-east-1:lambda:path/functions/service:live/invocations' },
};
const authorizer = { name: 'authorizer', alias: { name: 'live', invokeArn: 'arn:aws:apigateway:authorizer' } };
const props: HttpApiProps = {
  name: 'marketing-mcp-api',
  routes,
  backend: balancer,
  authorizer,
  timeoutMs: 29_000,
  throttle: { rate: 10_000, burst: 5000 },
  logs: { retentionDays: 90 },
};
const made = (changes: Partial<HttpApiProps>) =>
  synthesized((stack) => new HttpApi(stack, 'api', { ...props, ...changes }));
/** With the props above, which most tests look at. */
const usual = made({});

const all: readonly RouteContract[] = Object.values(routes);
const facade = Object.fromEntries(Object.entries<RouteContract>(routes).filter(([, route]) => route.facade));

const routeNamed = (api: Synthesized, key: string): Block | undefined =>
  Object.values(api.all('aws_apigatewayv2_route')).find(({ route_key }) => route_key === key);
/** The integration that a route is sent to. */
const integrationOf = (api: Synthesized, key: string): Block | undefined => {
  const [, address = ''] = /aws_apigatewayv2_integration\.(\w+)\.id/.exec(String(routeNamed(api, key)?.target)) ?? [];
  return api.all('aws_apigatewayv2_integration')[address];
};

describe('routes', () => {
  it('are the contract’s, one each', () => {
    const keys = Object.values(usual.all('aws_apigatewayv2_route')).map(({ route_key }) => route_key);
    expect(keys.toSorted()).toEqual(all.map(routeKey).toSorted());
    expect(keys).toEqual(
      expect.arrayContaining(['ANY /oauth/{proxy+}', 'GET /interaction/{uid}', 'POST /mcp/execute-tool']),
    );
  });

  it('are the facade’s where only that is asked for, which has the five of the marketing server', () => {
    const keys = Object.values(made({ routes: facade }).all('aws_apigatewayv2_route')).map(
      ({ route_key }) => route_key,
    );
    expect(keys.toSorted()).toEqual([
      'GET /mcp/audit-logs',
      'GET /mcp/health',
      'GET /mcp/tools/list',
      'POST /mcp/confirm-operation',
      'POST /mcp/execute-tool',
    ]);
  });

  it.each(all.map((route) => [routeKey(route), route] as const))(
    '%s has the authorizer if it is the facade’s and takes a token, and no other does',
    (key, { facade: isFacade, auth }) => {
      const expected = isFacade && auth === 'bearer';
      expect(routeNamed(usual, key)).toMatchObject(
        expected
          ? { authorization_type: 'CUSTOM', authorizer_id: expect.stringContaining('aws_apigatewayv2_authorizer') }
          : { authorization_type: 'NONE' },
      );
      if (!expected) expect(routeNamed(usual, key)).not.toHaveProperty('authorizer_id');
    },
  );

  it('have no authorizer where there is none', () => {
    const api = made({ authorizer: undefined });
    expect(api.all('aws_apigatewayv2_authorizer')).toEqual({});
    expect(api.all('aws_lambda_permission')).toEqual({});
    expect(Object.values(api.all('aws_apigatewayv2_integration'))).toHaveLength(1);
    expect(routeNamed(api, 'POST /mcp/execute-tool')).toMatchObject({ authorization_type: 'NONE' });
  });
});

describe('the authorizer', () => {
  it('answers simply, is asked each time, and only where there is a token', () => {
    expect(usual.one('aws_apigatewayv2_authorizer')).toMatchObject({
      authorizer_type: 'REQUEST',
      authorizer_payload_format_version: '2.0',
      enable_simple_responses: true,
      identity_sources: ['$request.header.Authorization'],
      authorizer_result_ttl_in_seconds: 0,
    });
  });

  it('may be called by this API’s authorizer alone', () => {
    const permission = usual.one('aws_lambda_permission');
    expect(permission).toMatchObject({
      principal: 'apigateway.amazonaws.com',
      function_name: 'authorizer',
      qualifier: 'live',
    });
    expect(permission.source_arn).toMatch(
      /^\$\{aws_apigatewayv2_api\.http_api\.execution_arn\}\/authorizers\/\$\{aws_apigatewayv2_authorizer\./,
    );
  });
});

describe('before a load balancer', () => {
  it('goes through a link to its listener, whose certificate is checked', () => {
    const api = usual;
    expect(api.one('aws_apigatewayv2_vpc_link')).toMatchObject({
      subnet_ids: ['subnet-1', 'subnet-2'],
      security_group_ids: ['sg-1'],
    });
    for (const integration of Object.values(api.all('aws_apigatewayv2_integration')))
      expect(integration).toMatchObject({
        integration_type: 'HTTP_PROXY',
        integration_method: 'ANY',
        integration_uri: balancer.kind === 'load-balancer' && balancer.listenerArn,
        connection_type: 'VPC_LINK',
        tls_config: { server_name_to_verify: 'mcp.example.com' },
        timeout_milliseconds: 29_000,
        request_parameters: {
          'overwrite:header.host': 'mcp.example.com',
          'overwrite:header.x-countersign-client-address': '$context.identity.sourceIp',
        },
      });
  });

  it('tells the service what the authorizer said, where it spoke', () => {
    expect(integrationOf(usual, 'POST /mcp/execute-tool')?.request_parameters).toMatchObject({
      [`overwrite:header.${callerHeaders.userId}`]: '$context.authorizer.userId',
      [`overwrite:header.${callerHeaders.agency}`]: '$context.authorizer.agency',
      [`overwrite:header.${callerHeaders.role}`]: '$context.authorizer.role',
      [`overwrite:header.${callerHeaders.employeeId}`]: '$context.authorizer.employeeId',
    });
  });

  it.each(all.map(routeKey))('%s passes on no header that a client sent in the gateway’s name', (key) => {
    const parameters = integrationOf(usual, key)?.request_parameters as Record<string, string>;
    for (const header of gatewayHeaders)
      expect(parameters[`overwrite:header.${header}`] ?? parameters[`remove:header.${header}`]).toBeDefined();
    const spoke = routeNamed(usual, key)?.authorization_type === 'CUSTOM';
    expect(Object.values(parameters).some((value) => value.startsWith('$context.authorizer.'))).toBe(spoke);
  });
});

describe('before a function', () => {
  it('calls its live alias with payload 2.0, without a VPC link', () => {
    const api = made({ backend: service });
    expect(api.all('aws_apigatewayv2_vpc_link')).toEqual({});
    const integration = api.one('aws_apigatewayv2_integration');
    expect(integration).toMatchObject({
      integration_type: 'AWS_PROXY',
      integration_uri: service.kind === 'function' && service.alias.invokeArn,
      payload_format_version: '2.0',
      timeout_milliseconds: 29_000,
    });
    expect(integration).not.toHaveProperty('request_parameters');
  });

  it('may call it on its own paths, each of them and no other', () => {
    const permissions = Object.values(made({ backend: service, authorizer: undefined }).all('aws_lambda_permission'));
    const paths = permissions.map(({ source_arn }) => String(source_arn).replace(/^.*execution_arn\}\/\*\/\*/, ''));
    expect(paths.toSorted()).toEqual([...new Set(all.map((route) => routeKey(route).split(' ')[1]))].toSorted());
    for (const permission of permissions)
      expect(permission).toMatchObject({ function_name: 'service', qualifier: 'live' });
    // The policy of a function may have 20 KB.
    expect(JSON.stringify(permissions).length).toBeLessThan(20_000);
  });
});

describe('the stage', () => {
  const stage = usual.one('aws_apigatewayv2_stage');
  const settingsOf = (block: Block) =>
    block.route_settings as { route_key: string; throttling_rate_limit: number; throttling_burst_limit: number }[];

  it('serves at the root, holds all clients to the setting, and waits for its routes', () => {
    expect(stage).toMatchObject({
      name: '$default',
      auto_deploy: true,
      default_route_settings: { throttling_rate_limit: 10_000, throttling_burst_limit: 5000 },
    });
    expect(stage.depends_on).toHaveLength(all.length);
  });

  it('holds routes for everybody to some clients’ worth of the contract’s rate', () => {
    const limits = new Map(settingsOf(stage).map((settings) => [settings.route_key, settings]));
    expect([...limits.keys()].toSorted()).toEqual(all.map(routeKey).toSorted());
    expect(limits.get('POST /sign-in')).toMatchObject({ throttling_rate_limit: 100, throttling_burst_limit: 100 });
    expect(limits.get('POST /mcp/execute-tool')).toMatchObject({
      throttling_rate_limit: 10_000,
      throttling_burst_limit: 5000,
    });
  });

  it('never lets a route have more than the whole', () => {
    for (const settings of settingsOf(made({ throttle: { rate: 50, burst: 20 } }).one('aws_apigatewayv2_stage'))) {
      expect(settings.throttling_rate_limit).toBeLessThanOrEqual(50);
      expect(settings.throttling_burst_limit).toBeLessThanOrEqual(20);
    }
  });

  it('logs a line of JSON a request, with neither token nor query, for as long as is set', () => {
    const api = made({ logs: { retentionDays: 90, keyArn: 'arn:aws:kms:::key/1' } });
    expect(api.one('aws_cloudwatch_log_group')).toMatchObject({
      retention_in_days: 90,
      kms_key_id: 'arn:aws:kms:::key/1',
    });
    const { format } = api.one('aws_apigatewayv2_stage').access_log_settings as { format: string };
    const line = JSON.parse(format) as Record<string, string>;
    expect(line).toMatchObject({
      routeKey: '$context.routeKey',
      status: '$context.status',
      requestId: '$context.requestId',
    });
    for (const value of Object.values(line)) expect(value).not.toMatch(/header|query|\.path$|request\.|token/i);
  });
});

describe('browsers', () => {
  it('of the named origins may call, with the headers they need and nothing kept for longer than an hour', () => {
    const cors = { origins: ['https://app.marketing.example.com'], headers: ['x-platform-api-key'] };
    expect(made({ cors }).one('aws_apigatewayv2_api').cors_configuration).toMatchObject({
      allow_origins: ['https://app.marketing.example.com'],
      allow_methods: ['GET', 'POST'],
      allow_headers: expect.arrayContaining(['authorization', 'content-type', 'x-platform-api-key']),
      max_age: 3600,
    });
  });

  it('of no origin may where none is named', () => {
    expect(usual.one('aws_apigatewayv2_api')).not.toHaveProperty('cors_configuration');
  });
});

describe('the domain', () => {
  it('is the only way in, over TLS 1.2 or newer', () => {
    const domain = {
      name: 'mcp.marketing.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1',
    };
    const api = made({ domain });
    expect(api.one('aws_apigatewayv2_api')).toMatchObject({
      disable_execute_api_endpoint: true,
      protocol_type: 'HTTP',
    });
    expect(api.one('aws_apigatewayv2_domain_name')).toMatchObject({
      domain_name: 'mcp.marketing.example.com',
      domain_name_configuration: {
        endpoint_type: 'REGIONAL',
        security_policy: 'TLS_1_2',
        certificate_arn: domain.certificateArn,
      },
    });
    expect(api.one('aws_apigatewayv2_api_mapping')).toMatchObject({
      stage: expect.stringContaining('aws_apigatewayv2_stage'),
    });
  });

  it('is AWS’s where none is named', () => {
    const api = usual;
    expect(api.one('aws_apigatewayv2_api')).toMatchObject({ disable_execute_api_endpoint: false });
    expect(api.all('aws_apigatewayv2_domain_name')).toEqual({});
  });
});

it('keeps the addresses of routes when one is added', () => {
  const before = usual.addresses;
  const added = { path: '/new', method: 'GET', auth: 'none', rate: 1, facade: false } as const;
  const after = made({ routes: { first: added, ...routes } }).addresses;
  expect(after).toEqual(expect.arrayContaining([...before]));
  expect(after).toHaveLength(before.length + 1);
});
